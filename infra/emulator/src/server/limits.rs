//! The limits of the HTTP servers: how long a client may take, and how many clients there may be.

use std::time::Duration;

/// The time limits and bounds of an HTTP server.
#[derive(Debug, Clone, Copy)]
pub struct HttpLimits {
    /// From the first byte of a request (or from the start of the connection) to the end of its head.
    pub head: Duration,
    /// From the end of a head to the end of the request's body.
    pub body: Duration,
    /// Between two requests on one connection.
    pub idle: Duration,
    /// How long a client may take no byte of an answer.
    pub stall: Duration,
    /// Connections at a time. When there are more, the one that has been idle for longest is closed.
    pub connections: usize,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            idle: Duration::from_secs(60),
            stall: Duration::from_secs(30),
            connections: connections(open_files()),
        }
    }
}

impl HttpLimits {
    /// The limits of the ports that only the emulator's own processes use. Their clients keep connections for as long
    /// as they run.
    pub(crate) fn internal() -> Self {
        Self { idle: Duration::from_secs(24 * 60 * 60), connections: 1_024, ..Self::default() }
    }
}

/// The most connections that leave half of the files that may be open to the database and the functions.
fn connections(open_files: Option<usize>) -> usize {
    open_files.map_or(MOST_CONNECTIONS, |files| (files / 2).clamp(16, MOST_CONNECTIONS))
}

const MOST_CONNECTIONS: usize = 4_096;

/// How many files this process may have open, where the system says it (Linux).
fn open_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    files.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::connections;

    #[test]
    fn connections_leave_files_to_the_rest() {
        assert_eq!(connections(Some(1_024)), 512);
        assert_eq!(connections(Some(1_000_000)), 4_096);
        assert_eq!(connections(Some(8)), 16);
        assert_eq!(connections(None), 4_096, "unlimited, or not Linux");
    }
}
