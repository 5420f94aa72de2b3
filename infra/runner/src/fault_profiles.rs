//! The profiles of faults that ship with the program; `infra/faults` holds them.

use std::path::Path;

use anyhow::{Context, bail};
use emulator::{FaultPlan, FaultProfile};

use crate::text_file;

/// The names of the profiles, and their files.
pub const FAULT_PROFILES: [(&str, &str); 7] = [
    ("throttling", include_str!("../../faults/throttling.toml")),
    ("lost-replies", include_str!("../../faults/lost-replies.toml")),
    ("lagging-streams", include_str!("../../faults/lagging-streams.toml")),
    ("duplicates", include_str!("../../faults/duplicates.toml")),
    ("crashes", include_str!("../../faults/crashes.toml")),
    ("clock-jumps", include_str!("../../faults/clock-jumps.toml")),
    ("everything", include_str!("../../faults/everything.toml")),
];

/// The plan of a profile, which is named or a TOML file.
///
/// # Errors
/// When there is no such profile and no such file, or the file is no profile; the message lists the names.
pub fn fault_plan(name: &str, seed: u64) -> anyhow::Result<FaultPlan> {
    let shipped = FAULT_PROFILES.into_iter().find(|(known, _)| *known == name);
    let text = match shipped {
        Some((_, text)) => text.to_owned(),
        None if Path::new(name).is_file() => text_file::read(Path::new(name))?,
        None => {
            let names: Vec<&str> = FAULT_PROFILES.iter().map(|(name, _)| *name).collect();
            bail!("there is no profile of faults {name}. There are {}, or name a TOML file", names.join(", "));
        }
    };
    let profile = FaultProfile::parse(&text).with_context(|| name.to_owned())?;
    Ok(FaultPlan { name: name.to_owned(), profile, seed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_profile_injects_something() {
        for (name, _) in FAULT_PROFILES {
            assert_ne!(fault_plan(name, 1).unwrap().profile, FaultProfile::default(), "{name}");
        }
    }

    #[test]
    fn an_unknown_profile_lists_the_known_ones() {
        let problem = fault_plan("chaos", 1).unwrap_err().to_string();
        assert_eq!(
            problem,
            "there is no profile of faults chaos. There are throttling, lost-replies, lagging-streams, duplicates, \
             crashes, clock-jumps, everything, or name a TOML file"
        );
    }

    #[test]
    fn a_file_is_a_profile_too() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[streams]\nlongest_lag_ms = 5\n").unwrap();
        let plan = fault_plan(file.path().to_str().unwrap(), 3).unwrap();
        assert_eq!((plan.profile.streams.longest_lag_ms, plan.seed), (5, 3));
        std::fs::write(file.path(), "[streams]\nlag = 5\n").unwrap();
        assert!(fault_plan(file.path().to_str().unwrap(), 3).is_err());
    }
}
