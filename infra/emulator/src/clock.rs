//! The clock of a run: the machine's clock plus an offset, which a test can raise to let weeks pass at once.
//!
//! The clock gives the time that an application can see: the events of the HTTP API and of schedules, the records of
//! streams, the dates of letters, and the deletion of expired items. The functions add the same offset to their own
//! clock; they read it from a file. Signatures, deadlines and durations follow the machine's clock.
//!
//! The offset is a whole number of seconds. With a data directory it is kept there, because a run on the same data
//! must never begin before the time of an earlier one.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::{Context, bail};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::lambda::invocation::random_words;
use crate::private_files;
use crate::streams::journal::Journal;

/// The variable that names the file with the offset. The functions of the template read it.
pub(crate) const OFFSET_VARIABLE: &str = "CLOCK_OFFSET_FILE";

/// How far the clock can be ahead of the machine's: about a hundred years.
const LARGEST_OFFSET_S: i64 = 36_525 * 24 * 3_600;

/// The clock. It has an offset only if it was started at another time, now or in an earlier run on the same data.
#[derive(Debug)]
pub struct Clock {
    /// Whether the run was started with a time of its own.
    may_advance: bool,
    offset_s: watch::Sender<i64>,
    file: Option<OffsetFile>,
    /// Gives the records of streams their time.
    journal: OnceLock<Arc<Journal>>,
    /// How far a fault has set the clock ahead of the right time, in seconds. Held while the clock moves.
    fault_s: Mutex<i64>,
}

/// Why the clock was not advanced.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The run follows the machine's clock.
    #[error("the clock can't be advanced. Start with --clock, e.g. `pairwork up --clock 2026-12-01T09:00Z`")]
    Fixed,
    /// The time is not in the future.
    #[error("the clock only goes forward, and it is {0} already")]
    Backwards(Timestamp),
    /// The time is too far away.
    #[error("the clock can be at most 36525 days ahead of the machine's")]
    TooFar,
    /// The offset could not be kept.
    #[error(transparent)]
    NotKept(anyhow::Error),
}

impl Clock {
    /// The machine's clock, or one that starts at `start`. `data` is the data directory, and `holds_data` says
    /// whether an earlier run left data in it. That run's time is kept if `start` lies before it. `jumps` says whether
    /// faults will have the clock jump.
    ///
    /// # Errors
    /// When the offset can't be read or written, or `start` lies before the time of data that have no clock of their
    /// own.
    pub(crate) fn start(
        data: Option<&Path>,
        holds_data: bool,
        start: Option<Timestamp>,
        jumps: bool,
    ) -> anyhow::Result<Arc<Self>> {
        let kept = match data {
            Some(folder) => OffsetFile::find(folder)?,
            None => None,
        };
        let kept_s = kept.as_ref().map(|(_, offset_s)| *offset_s);
        let machine = Timestamp::now();
        let wanted_s = start.map(|start| seconds_between(machine, start));
        if wanted_s.is_some_and(|wanted| wanted > LARGEST_OFFSET_S) {
            bail!("{}", ClockError::TooFar);
        }
        let offset_s = match (wanted_s, kept_s) {
            (Some(wanted), Some(kept)) if wanted < kept => {
                tracing::warn!("the data's clock is ahead of --clock, and goes on from its own time");
                kept
            }
            (Some(wanted), None) if holds_data && wanted < 0 => {
                bail!("the data may be as new as {machine}, so --clock must not be earlier")
            }
            (Some(wanted), _) => wanted,
            (None, kept) => kept.unwrap_or(0),
        };
        let file = match (kept, data) {
            (Some((file, _)), _) => Some(file),
            (None, _) if start.is_none() && !jumps => None,
            (None, Some(folder)) => Some(OffsetFile::create(folder.join(OffsetFile::NAME), false)?),
            (None, None) => {
                let [a, b, c, d] = random_words();
                let name = format!("clock-offset-{a:08x}{b:08x}{c:08x}{d:08x}");
                Some(OffsetFile::create(std::env::temp_dir().join(name), true)?)
            }
        };
        if let Some(file) = &file {
            file.write(offset_s)?;
        }
        Ok(Arc::new(Self {
            may_advance: start.is_some(),
            offset_s: watch::Sender::new(offset_s),
            file,
            journal: OnceLock::new(),
            fault_s: Mutex::default(),
        }))
    }

    /// The machine's clock.
    #[cfg(test)]
    pub(crate) fn of_machine() -> Arc<Self> {
        Self::start(None, false, None, false).unwrap_or_else(|_| unreachable!("no file is opened"))
    }

    /// The present time of the run.
    pub fn now(&self) -> Timestamp {
        let machine = Timestamp::now();
        machine.checked_add(SignedDuration::from_secs(self.offset_s())).unwrap_or(machine)
    }

    /// How many seconds the run is ahead of the machine; negative if it is behind.
    pub fn offset_s(&self) -> i64 {
        *self.offset_s.borrow()
    }

    /// Whether the clock can be advanced.
    pub fn may_advance(&self) -> bool {
        self.may_advance
    }

    /// Whether the time may differ from the machine's, now or later.
    pub(crate) fn has_offset(&self) -> bool {
        self.file.is_some()
    }

    /// The file that holds the offset; `None` for the machine's clock.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_ref().map(|file| file.path.as_path())
    }

    /// Has new records of streams carry the time of this clock.
    ///
    /// # Errors
    /// The database's.
    pub(crate) fn attach(&self, journal: &Arc<Journal>) -> anyhow::Result<()> {
        journal.set_clock(self.has_offset().then(|| self.offset_s()))?;
        // A clock has one database.
        let _ = self.journal.set(Arc::clone(journal));
        Ok(())
    }

    /// Advances the clock to a later time. Returns the time that it shows then.
    ///
    /// # Errors
    /// When the run was started without a clock, the time is past or too far away, or the offset can't be kept.
    pub fn advance_to(&self, time: Timestamp) -> Result<Timestamp, ClockError> {
        if !self.may_advance {
            return Err(ClockError::Fixed);
        }
        let _moving = self.fault_s.lock().unwrap_or_else(PoisonError::into_inner);
        if time <= self.now() {
            return Err(ClockError::Backwards(self.now()));
        }
        let offset_s = seconds_between(Timestamp::now(), time);
        if offset_s > LARGEST_OFFSET_S {
            return Err(ClockError::TooFar);
        }
        self.set_offset(offset_s).map_err(ClockError::NotKept)?;
        Ok(self.now())
    }

    /// Sets the clock ahead of the right time by so many seconds, or behind it, as a fault.
    ///
    /// # Errors
    /// When the offset can't be kept.
    pub(crate) fn jump_to(&self, fault_s: i64) -> anyhow::Result<()> {
        let mut present_s = self.fault_s.lock().unwrap_or_else(PoisonError::into_inner);
        if *present_s != fault_s {
            self.set_offset(self.offset_s() - *present_s + fault_s)?;
            *present_s = fault_s;
        }
        Ok(())
    }

    /// Waits until the clock has moved. The caller keeps the receiver, so that it misses no move.
    pub(crate) fn moves(&self) -> watch::Receiver<i64> {
        self.offset_s.subscribe()
    }

    /// The functions learn of it first, so that no record has a later time than their clock shows. The emulator learns
    /// of it last: what it deletes because of the new time has the new time.
    fn set_offset(&self, offset_s: i64) -> anyhow::Result<()> {
        if let Some(file) = &self.file {
            file.write(offset_s)?;
        }
        if let Some(journal) = self.journal.get() {
            journal.set_clock(Some(offset_s))?;
        }
        self.offset_s.send_replace(offset_s);
        Ok(())
    }
}

/// Whole seconds, rounded up, so that the later time is reached.
fn seconds_between(earlier: Timestamp, later: Timestamp) -> i64 {
    let between = later.duration_since(earlier);
    between.as_secs() + i64::from(between.subsec_nanos() > 0)
}

/// The file with the offset.
///
/// It holds the number twice, as `+0000000000001209600 +0000000000001209600` and a line feed. A reader that finds two
/// different numbers has met a write, and reads again.
#[derive(Debug)]
struct OffsetFile {
    path: PathBuf,
    file: File,
    /// Whether it is deleted when the run ends.
    is_temporary: bool,
}

impl OffsetFile {
    /// Its name in a data directory.
    const NAME: &str = "clock-offset";

    fn create(path: PathBuf, is_temporary: bool) -> anyhow::Result<Self> {
        let opened = private_files::open(&path, OpenOptions::new().read(true).write(true).create(true));
        let file = opened.with_context(|| format!("opening {}", path.display()))?;
        Ok(Self { path, file, is_temporary })
    }

    /// The file of a data directory and the offset in it, if an earlier run had a clock.
    fn find(folder: &Path) -> anyhow::Result<Option<(Self, i64)>> {
        let path = folder.join(Self::NAME);
        if !path.try_exists().with_context(|| format!("looking for {}", path.display()))? {
            return Ok(None);
        }
        let found = Self::create(path, false)?;
        let text = std::fs::read_to_string(&found.path);
        let text = text.with_context(|| format!("reading {}", found.path.display()))?;
        let offset_s = offset_in(&text).with_context(|| format!("{} holds no offset", found.path.display()))?;
        Ok(Some((found, offset_s)))
    }

    fn write(&self, offset_s: i64) -> anyhow::Result<()> {
        let line = format!("{offset_s:+020} {offset_s:+020}\n");
        let written = self.file.write_all_at(line.as_bytes(), 0).and_then(|()| self.file.sync_data());
        written.with_context(|| format!("writing {}", self.path.display()))
    }
}

impl Drop for OffsetFile {
    fn drop(&mut self) {
        if self.is_temporary {
            // It is a few bytes in the folder for temporary files.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn offset_in(text: &str) -> Option<i64> {
    let (first, second) = text.trim_end().split_once(' ')?;
    (first == second).then(|| first.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Whether a clock shows a time, within the seconds that a test takes.
    fn shows(clock: &Clock, time: Timestamp) -> bool {
        (0..60).contains(&clock.now().duration_since(time).as_secs())
    }

    #[test]
    fn a_clock_starts_at_its_time_and_goes_forward_only() {
        let start = at("2026-12-01T09:00:00Z");
        let clock = Clock::start(None, false, Some(start), false).unwrap();
        assert!(shows(&clock, start));
        let later = at("2026-12-15T09:00:00Z");
        clock.advance_to(later).unwrap();
        assert!(shows(&clock, later));
        assert!(matches!(clock.advance_to(start), Err(ClockError::Backwards(_))));
        assert!(matches!(clock.advance_to(at("2300-01-01T00:00:00Z")), Err(ClockError::TooFar)));
        assert!(shows(&clock, later));
    }

    #[test]
    fn the_machines_clock_is_not_advanced_and_has_no_file() {
        let clock = Clock::of_machine();
        assert!(shows(&clock, Timestamp::now() - SignedDuration::from_secs(1)));
        assert!(matches!(clock.advance_to(at("2200-01-01T00:00:00Z")), Err(ClockError::Fixed)));
        assert_eq!(clock.file(), None);
    }

    #[test]
    fn the_file_holds_the_offset_and_goes_with_the_run() {
        let clock = Clock::start(None, false, Some(Timestamp::now()), false).unwrap();
        let path = clock.file().unwrap().to_owned();
        let offset = || offset_in(&std::fs::read_to_string(&path).unwrap()).unwrap();
        clock.advance_to(clock.now() + SignedDuration::from_hours(24)).unwrap();
        assert!((86_400..86_410).contains(&offset()));
        assert_eq!(offset(), clock.offset_s());
        drop(clock);
        assert!(!path.exists());
    }

    #[test]
    fn a_later_run_on_the_same_data_never_goes_back_in_time() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (start, later) = (at("2100-12-01T09:00:00Z"), at("2101-01-01T00:00:00Z"));
        let clock = Clock::start(Some(folder.path()), false, Some(start), false).unwrap();
        clock.advance_to(later).unwrap();
        drop(clock);
        let file = folder.path().join("clock-offset");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

        let clock = Clock::start(Some(folder.path()), true, Some(start), false).unwrap();
        assert!(shows(&clock, later), "a time before the data's is not taken");
        drop(clock);
        let clock = Clock::start(Some(folder.path()), true, None, false).unwrap();
        assert!(shows(&clock, later));
        assert!(matches!(clock.advance_to(at("2102-01-01T00:00:00Z")), Err(ClockError::Fixed)));
        drop(clock);

        std::fs::write(&file, "+0000000000000000001 +0000000000000000002\n").unwrap();
        assert!(Clock::start(Some(folder.path()), true, None, false).is_err(), "half a write is no offset");
    }

    #[test]
    fn data_without_a_clock_do_not_go_back_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let problem = Clock::start(Some(folder.path()), true, Some(at("2020-01-01T00:00:00Z")), false).unwrap_err();
        assert!(problem.to_string().ends_with("so --clock must not be earlier"), "{problem}");
        assert!(!folder.path().join("clock-offset").exists());
        Clock::start(Some(folder.path()), false, Some(at("2020-01-01T00:00:00Z")), false).unwrap();
    }
}
