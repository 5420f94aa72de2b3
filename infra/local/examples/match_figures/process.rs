//! What a child process has used, as Linux tells it under `/proc`; nothing elsewhere.

use std::path::Path;
use std::time::Duration;

/// What a process has used so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used {
    /// Time on a processor, of all its threads.
    pub(crate) processor: Duration,
    /// The most memory that it held.
    pub(crate) peak_bytes: u64,
}

/// The child process of the most memory.
pub(crate) fn largest_child() -> Option<Used> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    let children: Vec<String> =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok()).collect();
    let processes = children.iter().flat_map(|pids| pids.split_whitespace());
    processes.filter_map(|pid| used(&Path::new("/proc").join(pid))).max_by_key(|used| used.peak_bytes)
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
