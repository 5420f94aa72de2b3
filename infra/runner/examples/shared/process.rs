//! The resources that the functions' processes have used, as Linux reports them under `/proc`.

use std::path::Path;
use std::time::Duration;

/// One process of a function.
#[derive(Debug, Clone)]
pub(crate) struct Process {
    /// The function that it runs, e.g. `matches`.
    pub(crate) function: String,
    /// Time on a processor, summed over its threads.
    pub(crate) processor: Duration,
    /// The most memory that it has ever held.
    pub(crate) peak_bytes: u64,
}

/// The child processes that run functions. The list is empty on systems without `/proc`.
pub(crate) fn of_functions() -> Vec<Process> {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let children: Vec<String> =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok()).collect();
    let processes = children.iter().flat_map(|pids| pids.split_whitespace()).map(|pid| Path::new("/proc").join(pid));
    processes.filter_map(|process| read(&process)).collect()
}

fn read(process: &Path) -> Option<Process> {
    let command = std::fs::read_to_string(process.join("cmdline")).ok()?;
    let (_, function) = command.strip_suffix('\0')?.split_once("\0function\0")?;
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
    Some(Process {
        function: function.to_owned(),
        processor: Duration::from_nanos(nanoseconds),
        peak_bytes: peak_kib * 1_024,
    })
}
