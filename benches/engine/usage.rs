//! What a process has used: CPU time, bytes written, memory.

use std::fs::read_to_string;
use std::time::{Duration, Instant};

/// CPU time of all threads of this process.
pub fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// A number of a file in `/proc/self`, by its name; 0 where there is none.
fn number(file: &str, name: &str) -> f64 {
    let text = read_to_string(format!("/proc/self/{file}")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// KiB that were sent to the disk.
pub fn written_kib() -> f64 {
    number("io", "write_bytes") / 1024.0
}

/// Memory, in MiB: now, and at most so far.
pub fn memory_mib() -> (f64, f64) {
    (number("status", "VmRSS") / 1024.0, number("status", "VmHWM") / 1024.0)
}

/// What is used from here on.
pub struct Meter {
    begun: Instant,
    cpu: Duration,
    written_kib: f64,
}

impl Meter {
    pub fn start() -> Self {
        Self { begun: Instant::now(), cpu: cpu(), written_kib: written_kib() }
    }

    /// What was used since, for each of so many: per second, microseconds of CPU, KiB written.
    pub fn per(&self, count: f64) -> [(&'static str, f64); 3] {
        [
            ("per_second", count / self.begun.elapsed().as_secs_f64()),
            ("cpu_us", cpu().saturating_sub(self.cpu).as_secs_f64() * 1e6 / count),
            ("kib", (written_kib() - self.written_kib) / count),
        ]
    }
}

/// The value below which this share of the values lies.
pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index, not negative"
    )]
    let index = (values.len() as f64 * share) as usize;
    values.get(index.min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

/// Microseconds since then.
pub fn micros(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e6
}
