//! The latest traces, and whoever waits for the next.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::caller::Callers;
use super::links::Links;
use super::recording::Recording;
use super::store_call::Schemas;
use super::trace::{Origin, Trace};
use crate::clock::Clock;
use crate::template::Template;

/// The most traces that are kept.
const MOST_TRACES: usize = 500;
/// The most bytes that ended traces take together.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The latest traces.
#[derive(Debug)]
pub(crate) struct Traces {
    ring: Mutex<Ring>,
    next_id: AtomicU64,
    /// Counts starts and ends.
    version: watch::Sender<u64>,
    closed: watch::Sender<bool>,
    /// The processes whose calls are recorded.
    pub(crate) callers: Arc<Callers>,
    /// The writers of a stream's records.
    pub(crate) links: Links,
    /// The keys of the tables.
    pub(crate) schemas: Schemas,
}

#[derive(Debug, Default)]
struct Ring {
    /// In the order of ids, each with its size; 0 while it runs.
    recordings: VecDeque<(Arc<Recording>, usize)>,
    bytes: usize,
}

impl Traces {
    /// No traces yet.
    pub(crate) fn new(template: &Template, clock: Arc<Clock>) -> Arc<Self> {
        Arc::new(Self {
            ring: Mutex::default(),
            next_id: AtomicU64::new(1),
            version: watch::Sender::new(0),
            closed: watch::Sender::new(false),
            callers: Arc::default(),
            links: Links::new(clock),
            schemas: Schemas::of(template),
        })
    }

    /// Begins a trace.
    pub(crate) fn begin(self: &Arc<Self>, origin: Origin) -> Arc<Recording> {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let recording = Arc::new(Recording::new(id, origin, Arc::downgrade(self)));
        let mut ring = self.ring();
        // Two that begin at once may come here in the other order.
        let place = ring.recordings.partition_point(|(other, _)| other.id < id);
        ring.recordings.insert(place, (Arc::clone(&recording), 0));
        ring.shrink();
        drop(ring);
        self.touch(&recording);
        recording
    }

    /// The trace with this id, if it is still kept.
    pub(crate) fn find(&self, id: u64) -> Option<Arc<Recording>> {
        let ring = self.ring();
        let place = ring.recordings.binary_search_by_key(&id, |(recording, _)| recording.id).ok()?;
        ring.recordings.get(place).map(|(recording, _)| Arc::clone(recording))
    }

    /// The traces that changed since a version, oldest first, and the version now.
    pub(crate) fn since(&self, version: u64) -> (Vec<Trace>, u64) {
        let now = *self.version.borrow();
        let recordings: Vec<_> = {
            let ring = self.ring();
            let changed = ring.recordings.iter().filter(|(recording, _)| recording.changed_at() > version);
            changed.map(|(recording, _)| Arc::clone(recording)).collect()
        };
        (recordings.iter().map(|recording| recording.snapshot()).collect(), now)
    }

    /// Waits until something is newer than a version, or all stops.
    pub(crate) async fn newer_than(&self, version: u64) {
        let (mut versions, mut closed) = (self.version.subscribe(), self.closed.subscribe());
        tokio::select! {
            _ = versions.wait_for(|now| *now > version) => {}
            _ = closed.wait_for(|closed| *closed) => {}
        }
    }

    /// Sends away whoever waits.
    pub(crate) fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Notes the size of a trace that has ended.
    pub(super) fn ended(&self, recording: &Recording, size_bytes: usize) {
        let mut ring = self.ring();
        let place = ring.recordings.binary_search_by_key(&recording.id, |(other, _)| other.id);
        if let Some((_, size)) = place.ok().and_then(|place| ring.recordings.get_mut(place)) {
            let before = std::mem::replace(size, size_bytes);
            ring.bytes = ring.bytes + size_bytes - before;
        }
        ring.shrink();
        drop(ring);
        self.touch(recording);
    }

    /// Tells whoever waits that a trace has changed.
    pub(super) fn touch(&self, recording: &Recording) {
        self.version.send_modify(|version| {
            *version += 1;
            recording.changed.store(*version, Ordering::Relaxed);
        });
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    fn shrink(&mut self) {
        while self.recordings.len() > MOST_TRACES || self.bytes > MOST_BYTES {
            let Some((_, size)) = self.recordings.pop_front() else { return };
            self.bytes -= size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traces::trace::{HttpRequest, Text};

    fn traces() -> Arc<Traces> {
        Traces::new(&Template::parse(include_str!("../../fixtures/things.yaml")).unwrap(), Clock::of_machine())
    }

    fn event() -> Origin {
        Origin::Event { function: "Things".to_owned() }
    }

    #[test]
    fn the_ring_is_bounded_by_count() {
        let traces = traces();
        for _ in 0..MOST_TRACES + 3 {
            traces.begin(event()).end("done");
        }
        let (kept, _) = traces.since(0);
        assert_eq!(kept.len(), MOST_TRACES);
        assert_eq!(kept[0].id, 4);
        assert!(traces.find(3).is_none());
        assert_eq!(traces.find(4).unwrap().id, 4);
    }

    #[test]
    fn the_ring_is_bounded_by_bytes() {
        let traces = traces();
        let large = || {
            let body = Text { text: Some("x".repeat(MOST_BYTES / 4)), size_bytes: 0, redacted: false };
            Origin::Request(Box::new(HttpRequest {
                method: "POST".to_owned(),
                target: "/".to_owned(),
                headers: Vec::new(),
                body,
                route: None,
                context: None,
                response: None,
            }))
        };
        for _ in 0..8 {
            traces.begin(large()).end("done");
        }
        assert_eq!(traces.since(0).0.iter().map(|trace| trace.id).collect::<Vec<_>>(), [6, 7, 8]);
    }

    #[tokio::test]
    async fn who_waits_hears_of_starts_and_ends_and_of_the_stop() {
        let traces = traces();
        let first = traces.begin(event());
        let (seen, version) = traces.since(0);
        assert_eq!(seen.len(), 1);
        assert!(traces.since(version).0.is_empty());
        first.end("done");
        traces.newer_than(version).await;
        assert_eq!(traces.since(version).0[0].outcome.as_deref(), Some("done"));
        traces.close();
        traces.newer_than(u64::MAX).await;
    }
}
