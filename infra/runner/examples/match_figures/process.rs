//! What child processes have used, as Linux tells it under `/proc`; nothing elsewhere.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a process has used so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used {
    /// Time on a processor, of all its threads.
    pub(crate) processor: Duration,
    /// The most memory that it held.
    pub(crate) peak_bytes: u64,
}

/// The child processes that run a function.
pub(crate) fn of_function(name: &str) -> Vec<Used> {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let children: Vec<String> =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok()).collect();
    let processes = children.iter().flat_map(|pids| pids.split_whitespace()).map(|pid| Path::new("/proc").join(pid));
    let runs_it = |process: &PathBuf| {
        let command = std::fs::read_to_string(process.join("cmdline")).unwrap_or_default();
        command.ends_with(&format!("function\0{name}\0"))
    };
    processes.filter(runs_it).filter_map(|process| used(&process)).collect()
}

fn used(process: &Path) -> Option<Used> {
    let status = std::fs::read_to_string(process.join("status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let peak_kib: u64 = peak.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    let tasks = std::fs::read_dir(process.join("task")).ok()?;
    let nanoseconds = tasks
        .filter_map(|task| {
            let schedule = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
            schedule.split_whitespace().next()?.parse::<u64>().ok()
        })
        .sum();
    Some(Used { processor: Duration::from_nanos(nanoseconds), peak_bytes: peak_kib * 1_024 })
}
