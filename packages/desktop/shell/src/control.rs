//! The child process that serves the page. It ends when its standard input does, so that it never outlives this one.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;

use crate::message::{self, Message};
use crate::mode::Mode;
use crate::{tray, window};

/// Lines of the child's errors that the page about its end shows.
const KEPT_LINES: usize = 200;
/// Between closing the child's input and ending it by force.
const STOP_TIME: Duration = Duration::from_secs(3);

#[derive(Default)]
pub struct Control {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    child: Option<Child>,
    input: Option<ChildStdin>,
    errors: VecDeque<String>,
    stopping: bool,
    address: Option<String>,
}

impl Control {
    /// Address of the page without its token; none before control is ready.
    pub fn address(&self) -> Option<String> {
        self.lock().address.clone()
    }

    /// The last lines that the child wrote to its errors.
    pub fn errors(&self) -> Vec<String> {
        self.lock().errors.iter().cloned().collect()
    }

    /// Lets the child end by itself, and ends it when it does not.
    pub fn stop(&self) {
        let child = {
            let mut inner = self.lock();
            inner.stopping = true;
            inner.input = None;
            inner.child.take()
        };
        let Some(mut child) = child else { return };
        let deadline = Instant::now() + STOP_TIME;
        while Instant::now() < deadline {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(30));
        }
        let _ = child.kill();
        let _ = child.wait();
    }

    fn note(&self, line: String) {
        let mut inner = self.lock();
        if inner.errors.len() == KEPT_LINES {
            inner.errors.pop_front();
        }
        inner.errors.push_back(line);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Starts control and follows what it says, each stream on a thread of its own.
pub fn start(app: AppHandle) {
    let (node, program) = programs(&app);
    let control = app.state::<Control>();
    let arguments = app.state::<Mode>().arguments(std::env::args_os());
    control.note(format!("$ {} {} {}", node.display(), program.display(), arguments.join(OsStr::new(" ")).display()));
    let spawned = Command::new(&node)
        .arg(&program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => {
            control.note(format!("{}: {error}", node.display()));
            window::show_failure(&app);
            return;
        }
    };
    let output = child.stdout.take();
    let errors = child.stderr.take();
    {
        let mut inner = control.lock();
        inner.input = child.stdin.take();
        inner.child = Some(child);
    }
    if let Some(errors) = errors {
        let app = app.clone();
        thread::spawn(move || each_line(errors, |line| app.state::<Control>().note(line)));
    }
    if let Some(output) = output {
        thread::spawn(move || {
            each_line(output, |line| take(&app, &line));
            ended(&app);
        });
    }
}

fn take(app: &AppHandle, line: &str) {
    match message::parse(line) {
        Some(Message::Ready { url }) => {
            app.state::<Control>().lock().address = url.split('#').next().map(str::to_owned);
            window::open(app, &url);
        }
        Some(Message::Tray { tone, lines }) => tray::update(app, tone, lines),
        Some(Message::Notify { title, body }) => {
            let _ = app.notification().builder().title(title).body(body).show();
        }
        None => app.state::<Control>().note(line.to_owned()),
    }
}

/// The end of its output is the end of the child: unless it was meant, people are told.
fn ended(app: &AppHandle) {
    let control = app.state::<Control>();
    let (child, stopping) = {
        let mut inner = control.lock();
        inner.address = None;
        (inner.child.take(), inner.stopping)
    };
    if stopping {
        return;
    }
    if let Some(status) = child.and_then(|mut child| child.wait().ok()) {
        control.note(format!("The program ended: {status}"));
    }
    window::show_failure(app);
}

/// Node and control: those of the package, or of a checkout that names its own.
fn programs(app: &AppHandle) -> (PathBuf, PathBuf) {
    let resource = |name: &str| app.path().resource_dir().unwrap_or_default().join("app").join(name);
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
    let node = named("REDCONTROL_NODE").unwrap_or_else(|| resource(if cfg!(windows) { "node.exe" } else { "node" }));
    let program = named("REDCONTROL_PROGRAM").unwrap_or_else(|| resource(app.state::<Mode>().program()));
    (node, program)
}

fn each_line(stream: impl Read, mut take: impl FnMut(String)) {
    let mut reader = BufReader::new(stream);
    let mut bytes = Vec::new();
    while matches!(reader.read_until(b'\n', &mut bytes), Ok(count) if count > 0) {
        take(String::from_utf8_lossy(&bytes).trim_end().to_owned());
        bytes.clear();
    }
}
