//! Words that mean the same: one folding of text, one key per skill, and the market's synonyms.
//!
//! - [`fold`] makes texts comparable whatever their case, width or invisible characters.
//! - [`spelling`] does the same for skills, however their words are joined.
//! - [`skill_key`] also knows the synonyms of skills: `JS` and `자바스크립트` are `javascript`.
//! - [`fnv1a_32`] and [`fnv1a_64`] are the hashes of stored keys.
//! - [`GROUPS`] are the synonyms, as `skills.toml` beside this crate's manifest lists them. The build script compiles
//!   the file into a table, so nothing is parsed at run time.
//!
//! A market extends its vocabulary by editing `skills.toml`. The build fails if a name stands in two groups, and says
//! where. This crate does no I/O.

mod fold;
mod hash;
mod spelling;

pub use fold::fold;
pub use hash::{fnv1a_32, fnv1a_64};

include!(concat!(env!("OUT_DIR"), "/skills.rs"));

/// Names of one skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// The field that `skills.toml` lists the skill under.
    pub field: &'static str,
    /// The name that the group's key is made from.
    pub name: &'static str,
    /// Other names of exactly the same skill, in English or Korean.
    pub synonyms: &'static [&'static str],
}

/// The [folded](fold) name of a skill, however its words are joined. It does not know synonyms.
pub fn spelling(skill: &str) -> String {
    spelling::spelling(skill)
}

/// The key by which a skill is compared, counted and looked up: equal for two names of one skill.
///
/// The key is the [folded](fold) name with one space between its words. A synonym has the key of its group's first
/// name. The key of a key is itself. The key is empty only if the folded text is.
///
/// ```
/// use vocabulary::skill_key;
///
/// assert_eq!(skill_key("Web  Design"), skill_key("web-design"));
/// assert_eq!(skill_key("자바스크립트"), "javascript");
/// assert_ne!(skill_key("C++"), skill_key("C#"));
/// ```
pub fn skill_key(skill: &str) -> String {
    let spelling = spelling::spelling(skill);
    match KEYS.binary_search_by_key(&spelling.as_str(), |&(synonym, _)| synonym) {
        Ok(place) => KEYS[place].1.to_owned(),
        Err(_) => spelling,
    }
}

/// A number that changes with the synonyms. If stored data was made with another number, its lists and rows must be
/// made again.
pub fn fingerprint() -> u32 {
    let lines: String = KEYS.iter().map(|(synonym, key)| format!("{synonym}\t{key}\n")).collect();
    fnv1a_32(lines.as_bytes())
}
