//! The time. Handlers read it once, at their start; all other code takes it as an argument.
//!
//! No function reads another clock: `functions/clippy.toml` refuses it. Durations and signatures are the exception.
//! `CLOCK_OFFSET_FILE` may name a file that shifts the time of a whole deployment, e.g. in a rehearsal.

use std::fs::File;
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

use crate::config;

/// The present time in whole milliseconds, as ids hold it.
///
/// With an offset file, this reads the file once (one `pread`). Without one it costs nothing more.
pub fn now() -> Timestamp {
    static OFFSET: OnceLock<Option<OffsetFile>> = OnceLock::new();
    let file = OFFSET.get_or_init(|| config::clock_offset_file().and_then(|path| OffsetFile::open(&path).ok()));
    let now = machine();
    let now = file.as_ref().and_then(|file| now.checked_add(file.offset()).ok()).unwrap_or(now);
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn machine() -> Timestamp {
    Timestamp::now()
}

/// A file that holds how many seconds this deployment is ahead of the machine's clock.
///
/// The number stands in it twice, with its sign, separated by a space and ended by a line feed. Two different numbers
/// show that the file is being written; the number read before then holds for one reading more.
#[derive(Debug)]
pub(crate) struct OffsetFile {
    file: File,
    last_s: AtomicI64,
}

impl OffsetFile {
    /// Opens the file.
    ///
    /// # Errors
    /// The file can't be read, or holds no offset.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let opened = Self { file: File::open(path)?, last_s: AtomicI64::new(0) };
        let offset_s = opened.read().ok_or_else(|| Error::new(ErrorKind::InvalidData, "no offset"))?;
        opened.last_s.store(offset_s, Ordering::Relaxed);
        Ok(opened)
    }

    fn offset(&self) -> SignedDuration {
        if let Some(offset_s) = self.read() {
            self.last_s.store(offset_s, Ordering::Relaxed);
        }
        SignedDuration::from_secs(self.last_s.load(Ordering::Relaxed))
    }

    fn read(&self) -> Option<i64> {
        // Two numbers of 20 characters.
        let mut buffer = [0; 64];
        let length = self.file.read_at(&mut buffer, 0).ok()?;
        let text = std::str::from_utf8(buffer.get(..length)?).ok()?;
        let (first, second) = text.strip_suffix('\n')?.split_once(' ')?;
        (first == second).then(|| first.parse().ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_read_anew_and_a_half_written_one_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("offset");
        assert!(OffsetFile::open(&path).is_err(), "a missing file");
        std::fs::write(&path, "soon\n").unwrap();
        assert!(OffsetFile::open(&path).is_err(), "no number");

        std::fs::write(&path, "+0000000000001209600 +0000000000001209600\n").unwrap();
        let file = OffsetFile::open(&path).unwrap();
        assert_eq!(file.offset(), SignedDuration::from_hours(14 * 24));
        for torn in ["+0000000000001209700 +0000000000001209600\n", "+0000000000001209700 +00000"] {
            std::fs::write(&path, torn).unwrap();
            assert_eq!(file.offset(), SignedDuration::from_hours(14 * 24), "{torn}");
        }
        std::fs::write(&path, "-0000000000000000002 -0000000000000000002\n").unwrap();
        assert_eq!(file.offset(), SignedDuration::from_secs(-2));
    }

    #[test]
    fn without_a_file_the_time_is_the_machines() {
        let (before, now, after) = (machine(), now(), machine());
        assert!(before.as_millisecond() <= now.as_millisecond() && now <= after);
    }
}
