//! A freelancer's work history as it is stored: one binary attribute.
//!
//! ```text
//! packed = format (1 byte: 1), history (postcard of `domain::freelancer::WorkHistory`)
//! ```
//!
//! Nested lists and maps would take four times as many bytes, and most of a read's time would be spent on parsing them.

use domain::freelancer::WorkHistory;
use serde::{Deserialize, Serialize};

use crate::{StoreError, bytes::Bytes};

/// The version of the format.
const FORMAT: u8 = 1;

/// A work history in its stored form.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PackedHistory {
    packed: Bytes,
}

#[derive(Debug, thiserror::Error)]
#[error("a work history of an unknown format")]
struct UnknownFormat;

impl PackedHistory {
    /// # Errors
    /// [`StoreError::Broken`]. No valid history causes it.
    pub(crate) fn pack(history: &WorkHistory) -> Result<Self, StoreError> {
        let packed = postcard::to_extend(history, vec![FORMAT]).map_err(StoreError::broken)?;
        Ok(Self { packed: Bytes(packed) })
    }

    /// # Errors
    /// [`StoreError::Broken`] for bytes that [`pack`](Self::pack) did not write.
    pub(crate) fn unpack(&self) -> Result<WorkHistory, StoreError> {
        match self.packed.0.split_first() {
            Some((&FORMAT, packed)) => postcard::from_bytes(packed).map_err(StoreError::broken),
            _ => Err(StoreError::broken(UnknownFormat)),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{freelancer::Activity, values::Skill};
    use jiff::Timestamp;

    use super::*;

    fn history() -> WorkHistory {
        let skills = ["Rust", "결제 시스템"].map(|skill| skill.parse::<Skill>().unwrap().key());
        let as_of: Timestamp = "2026-11-20T08:30:00.123456789Z".parse().unwrap();
        WorkHistory {
            skill_jobs: skills.into_iter().zip([7, u32::MAX]).collect(),
            activity: Some(Activity { week: 0.1, month: 1e-7, half_year: 12.5, as_of }),
            work_terms: (0..256).map(|number| (u32::MAX - number, 0.1 * number as f32)).collect(),
        }
    }

    #[test]
    fn a_history_reads_back_and_is_small() {
        for history in [WorkHistory::default(), history()] {
            let packed = PackedHistory::pack(&history).unwrap();
            assert!(packed.packed.0.len() < 2_500, "{} bytes", packed.packed.0.len());
            assert_eq!(packed.unpack().unwrap(), history);
        }
    }

    #[test]
    fn other_bytes_are_refused() {
        let whole = PackedHistory::pack(&history()).unwrap().packed.0;
        let cut = [0, 1, 2, whole.len() / 2, whole.len() - 1].map(|length| whole[..length].to_vec());
        for packed in cut.into_iter().chain([vec![2, 0, 0, 0]]) {
            assert!(PackedHistory { packed: Bytes(packed) }.unpack().is_err());
        }
    }
}
