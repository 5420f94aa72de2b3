//! The connections of a server, bounded in number.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::stream::Activity;

/// The open connections.
#[derive(Debug)]
pub(crate) struct Connections {
    most: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    connections: BTreeMap<u64, (Arc<Activity>, Arc<Notify>)>,
}

/// A connection that was admitted. Dropping it gives its place back.
#[derive(Debug)]
pub(crate) struct Admitted {
    connections: Arc<Connections>,
    number: u64,
    pub(crate) activity: Arc<Activity>,
    close: Arc<Notify>,
}

impl Connections {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, open: Mutex::default() })
    }

    /// Admits one more. If there are too many, the one that has been idle for longest is closed for it. If none is
    /// idle, the new one is refused: `None`.
    pub(crate) fn admit(self: &Arc<Self>) -> Option<Admitted> {
        let mut open = self.open();
        if open.connections.len() >= self.most {
            let idle = open
                .connections
                .iter()
                .filter_map(|(number, (activity, _))| activity.idle_since().map(|since| (since, *number)));
            let (_, oldest) = idle.min()?;
            let (_, close) = open.connections.remove(&oldest)?;
            close.notify_one();
        }
        let number = open.next;
        open.next += 1;
        let (activity, close) = (Activity::new(), Arc::new(Notify::new()));
        open.connections.insert(number, (Arc::clone(&activity), Arc::clone(&close)));
        drop(open);
        Some(Admitted { connections: Arc::clone(self), number, activity, close })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Admitted {
    /// Waits until the connection shall give its place to another.
    pub(crate) async fn closed(&self) {
        self.close.notified().await;
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.connections.open().connections.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Connections;

    #[tokio::test]
    async fn the_connection_that_is_idle_for_longest_makes_room() {
        let connections = Connections::new(2);
        let first = connections.admit().unwrap();
        std::thread::sleep(Duration::from_millis(2));
        let second = connections.admit().unwrap();
        // The first has answered a request since, so the second is the one that has done nothing for longest.
        first.activity.begin();
        std::thread::sleep(Duration::from_millis(2));
        first.activity.end();
        let third = connections.admit().unwrap();
        tokio::time::timeout(Duration::from_secs(1), second.closed()).await.unwrap();
        first.activity.begin();
        third.activity.begin();
        assert!(connections.admit().is_none(), "both are at work");
        drop(third);
        connections.admit().unwrap();
    }
}
