//! The output of a function's process: passed on to our standard error, and kept line by line in traces.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Child;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::traces::{Caller, TEXT_LIMIT_BYTES};

/// How long the last lines of a process that has ended may take. A process that it left behind may hold the pipe open.
const PATIENCE: Duration = Duration::from_millis(200);

/// Reads what a process prints until it ends.
#[derive(Debug)]
pub(crate) struct Printed(Vec<JoinHandle<()>>);

impl Printed {
    /// Reads both outputs of a process that has just been started.
    pub(crate) fn of(child: &mut Child, caller: &Arc<Caller>) -> Self {
        let output = child.stdout.take().map(|output| tokio::spawn(pass_on(output, Arc::clone(caller))));
        let errors = child.stderr.take().map(|errors| tokio::spawn(pass_on(errors, Arc::clone(caller))));
        Self(output.into_iter().chain(errors).collect())
    }

    /// Waits until the last line has been passed on.
    pub(crate) async fn ended(self) {
        for reader in self.0 {
            // Late lines are passed on all the same.
            let _ = timeout(PATIENCE, reader).await;
        }
    }
}

async fn pass_on(mut from: impl AsyncRead + Unpin, caller: Arc<Caller>) {
    let mut errors = tokio::io::stderr();
    let mut chunk = vec![0; 8 * 1024];
    let mut line = Vec::new();
    while let Ok(length @ 1..) = from.read(&mut chunk).await {
        let printed = &chunk[..length];
        // The reader of our standard error may have gone.
        let _ = errors.write_all(printed).await;
        let _ = errors.flush().await;
        for part in printed.split_inclusive(|byte| *byte == b'\n') {
            let room = TEXT_LIMIT_BYTES.saturating_sub(line.len());
            line.extend_from_slice(&part[..part.len().min(room)]);
            if part.ends_with(b"\n") {
                add(&caller, &line);
                line.clear();
            }
        }
    }
    add(&caller, &line);
}

fn add(caller: &Caller, line: &[u8]) {
    let line = String::from_utf8_lossy(line);
    let line = line.trim_end();
    if !line.is_empty() {
        caller.add_line(line);
    }
}
