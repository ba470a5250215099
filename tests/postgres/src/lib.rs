//! A PostgreSQL server for tests: a cluster in a temporary folder, which ends with the process that has started it, also when
//! that is killed. The binaries are those of the system, `/usr/lib/postgresql/*/bin` or on the path.
//!
//! Without PostgreSQL a test says that it is skipped, and passes. Where `EVENT_POSTGRES=required`, as in `.ci/run`, it fails.

use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The password of the user `postgres`.
const PASSWORD: &str = "a-secret-of-tests";

/// A running server. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    bin: PathBuf,
    /// Ends with its input: that is how the server ends with this process.
    watch: Child,
}

/// The server of this process, or `None` where there is no PostgreSQL: then the test is skipped.
///
/// # Panics
///
/// When PostgreSQL is required and missing, or does not start.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(Server::start).as_ref()
}

impl Server {
    /// Starts a server of its own.
    ///
    /// # Panics
    ///
    /// When PostgreSQL is required and missing, or does not start.
    pub fn start() -> Option<Self> {
        let Some(bin) = binaries() else {
            assert!(
                std::env::var("EVENT_POSTGRES").as_deref() != Ok("required"),
                "PostgreSQL is missing: apt-get install postgresql"
            );
            println!("skipped: PostgreSQL is not installed");
            return None;
        };
        // It refuses to run as root.
        let user = (id("-u", None) == Some(0)).then(|| {
            let of = |flag| id(flag, Some("postgres")).expect("the package of PostgreSQL has made its user");
            (of("-u"), of("-g"))
        });
        let folder = tempfile::Builder::new().prefix("pg").tempdir().expect("a temporary folder").keep();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).expect("its permissions");
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).expect("its owner");
        }
        let password = folder.join("password");
        std::fs::File::create(&password)
            .and_then(|mut file| writeln!(file, "{PASSWORD}"))
            .expect("the file of the password");
        let mut initdb = command(&bin.join("initdb"), user);
        initdb.args([
            "--username=postgres",
            "--auth=scram-sha-256",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
        ]);
        initdb.arg("--pwfile").arg(&password).arg("-D").arg(folder.join("data"));
        let made = initdb.output().expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let watch = watch(&bin, &folder, user);
        let server = Self { folder, bin, watch };
        server.wait();
        Some(server)
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=postgres&password={PASSWORD}", self.folder.display())
    }

    /// Creates a database for one test, and returns its URL.
    ///
    /// # Panics
    ///
    /// When it cannot.
    pub fn database(&self, name: &str) -> String {
        self.psql("postgres", &format!("create database {name}"));
        self.url(name)
    }

    /// Runs SQL, and returns what `psql` prints.
    ///
    /// # Panics
    ///
    /// When it fails.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-v", "ON_ERROR_STOP=1", "-qtAX", "-c", sql]).arg(self.url(database));
        let ran = psql.output().expect("psql runs");
        assert!(ran.status.success(), "{sql}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).trim().to_owned()
    }

    fn wait(&self) {
        let begun = Instant::now();
        let is_ready = || {
            let mut ready = Command::new(self.bin.join("psql"));
            ready.args(["-qtAX", "-c", "select 1"]).arg(self.url("postgres")).stderr(Stdio::null());
            ready.output().is_ok_and(|output| output.status.success())
        };
        while !is_ready() {
            let log = || std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_mins(2), "PostgreSQL does not start: {}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of its input ends the server.
        drop(self.watch.stdin.take());
        let _ = self.watch.wait();
    }
}

/// Runs the server until the input ends, and removes its folder then.
fn watch(bin: &Path, folder: &Path, user: Option<(u32, u32)>) -> Child {
    let script = r#"
        "$1" -D "$2/data" -c listen_addresses= -c unix_socket_directories="$2" -c fsync=off -c max_connections=60 -c deadlock_timeout=100ms \
            </dev/null >"$2/log" 2>&1 &
        server=$!
        cat >/dev/null
        kill -QUIT $server
        wait $server
        rm -rf "$2"
    "#;
    let mut watch = command(Path::new("/bin/sh"), user);
    watch.args(["-c", script, "sh"]).arg(bin.join("postgres")).arg(folder);
    watch.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // A signal for the tests is not for it.
    watch.process_group(0).spawn().expect("a shell runs")
}

fn command(program: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/");
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

/// The folder of the newest version, or of the path.
fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| Some((version.file_name().to_str()?.parse().ok()?, version.path().join("bin"))))
        .collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file());
    versions.into_iter().map(|(_, bin)| bin).rfind(|bin| bin.join("initdb").is_file()).or(on_path)
}

fn id(flag: &str, user: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(flag).args(user).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
