//! Bounded load over loopback, and what it costs the process that answers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};

/// The signing key of the server that wants signatures.
pub const KEY: &str = "0123456789abcdef";

/// How many connections there are at once.
const CONNECTIONS: usize = 8;

/// The processor time that the kernel counts in one tick.
const TICK: Duration = Duration::from_millis(10);

/// A call, as a server makes it.
const BODY: &str = r#"{"ctx":{"attempt":0,"disable_immediate_execution":false,"env":"","fn_id":"a3593cd7-50b4-5934-a9d1-87cc360b934b","generation_id":1,"job_id":"3awjtaky6orxe","max_attempts":5,"qi_id":"M2F3anRha3k2b3J4ZTo6ZGVmYXVsdA==","request_id":"01M83ASJ16YNDJV51HVK17YGV9","run_id":"01M83ASHYM8NX7BCXV0CWZJMW3","stack":{"current":0,"stack":[]},"step_id":"step","use_api":false},"defers":{},"event":{"data":{"n":21},"id":"01M83ASHVZN47S35WRFHQB6X5R","name":"job/started","ts":1795408316287,"user":{}},"events":[{"data":{"n":21},"id":"01M83ASHVZN47S35WRFHQB6X5R","name":"job/started","ts":1795408316287,"user":{}}],"steps":{},"use_api":false,"version":-1}"#;

/// What was measured.
pub struct Measured {
    pub calls_per_second: f64,
    /// For one call.
    pub cpu: Duration,
}

/// Calls so often, over several connections.
pub fn load(port: u16, calls: usize, signed: bool, process: u32) -> Measured {
    let (cpu, began) = (cpu_of(process), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(move || call(port, calls / CONNECTIONS, signed));
        }
    });
    let elapsed = began.elapsed();
    let cpu = cpu_of(process).saturating_sub(cpu);
    let count = u32::try_from(calls).expect("a small number");
    Measured { calls_per_second: f64::from(count) / elapsed.as_secs_f64(), cpu: cpu / count }
}

/// One connection.
fn call(port: u16, calls: usize, signed: bool) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    let request = request(port, signed);
    let mut answers = BufReader::new(stream.try_clone().expect("a socket"));
    for _ in 0..calls {
        stream.write_all(request.as_bytes()).expect("the server reads");
        read(&mut answers);
    }
}

fn request(port: u16, signed: bool) -> String {
    let signature = if signed { format!("x-inngest-signature: {}\r\n", signature()) } else { String::new() };
    format!(
        "POST /api/inngest?fnId=bench-job-started-runner&stepId=step HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\
         content-type: application/json\r\n{signature}content-length: {}\r\n\r\n{BODY}",
        BODY.len()
    )
}

fn signature() -> String {
    let t = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(KEY.as_bytes()).expect("any key");
    mac.update(BODY.as_bytes());
    mac.update(t.to_string().as_bytes());
    let code = mac.finalize().into_bytes();
    code.iter().fold(format!("t={t}&s="), |text, byte| format!("{text}{byte:02x}"))
}

/// Reads an answer, which is the result of a step.
fn read(answers: &mut impl BufRead) {
    let (mut line, mut status, mut length, mut chunked) = (String::new(), String::new(), 0, false);
    loop {
        line.clear();
        answers.read_line(&mut line).expect("an answer");
        if status.is_empty() {
            status.clone_from(&line);
        }
        let header = line.trim().to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        chunked |= header == "transfer-encoding: chunked";
        if header.is_empty() {
            break;
        }
    }
    let body = if chunked { read_chunks(answers) } else { read_exactly(answers, length) };
    let body = String::from_utf8_lossy(&body);
    assert!(status.contains("206") && body.contains("StepRun") && body.contains("42"), "{status}{body}");
}

fn read_exactly(answers: &mut impl Read, length: usize) -> Vec<u8> {
    let mut body = vec![0; length];
    answers.read_exact(&mut body).expect("a body");
    body
}

fn read_chunks(answers: &mut impl BufRead) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        answers.read_line(&mut line).expect("a chunk");
        let length = usize::from_str_radix(line.trim(), 16).expect("its length");
        let chunk = read_exactly(answers, length + 2);
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&chunk[..length]);
    }
}

/// The processor time of a process so far.
fn cpu_of(process: u32) -> Duration {
    let stat =
        std::fs::read_to_string(format!("/proc/{process}/stat")).expect("Linux, and the process lives");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |field: usize| fields[field].parse::<u32>().expect("ticks");
    TICK * (ticks(11) + ticks(12))
}
