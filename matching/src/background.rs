//! The rarity of words in general, measured on the texts that the net was trained on.
//!
//! Two texts that share a rare word are more alike than two that share a frequent word. Rarity is measured once, in
//! training, and ships with the weights. It does not depend on a pool, so a talent is weighed once, when it is packed.
//! A new freelancer changes no other row, and the parts of a divided pool need no exchange. A similarity in service
//! means the same as in training.
//!
//! A word that is missing from the table counts as the rarest. In a language that was not trained on, all words are
//! missing and equally rare, so its texts are compared by a plain cosine of word frequencies. That ranks, but cannot
//! tell small talk from words that matter. A market in Korean should train on its own texts, which creates its own
//! table.

use std::borrow::Cow;

use vocabulary::fnv1a_32;

use crate::error::ModelError;

/// The first bytes of a rarity file: its kind and the version of its layout.
const MAGIC: [u8; 8] = *b"rarity 1";
const HASH_BYTES: usize = 4;
/// The rarity of a word that occurs in no training text.
const RAREST: u8 = u8::MAX;

/// Word rarities, as fractions of the greatest rarity.
///
/// | bytes | what |
/// |---|---|
/// | 8 | `rarity 1` |
/// | 4 each | words by their [hash](crate::term_hash), little-endian, rising |
/// | 1 each | their rarities in the same order, from 1 to 255; 255 is that of a word never seen |
#[derive(Clone, PartialEq, Eq)]
pub struct Background {
    /// The bytes of the file.
    bytes: Cow<'static, [u8]>,
    fingerprint: u32,
}

const SHIPPED_BYTES: &[u8] = include_bytes!("../model/rarity.bin");
const _: () = assert!(is_table(SHIPPED_BYTES), "matching/model/rarity.bin is no table of rarities");
static SHIPPED: Background = Background { bytes: Cow::Borrowed(SHIPPED_BYTES), fingerprint: fnv1a_32(SHIPPED_BYTES) };

impl Background {
    /// The rarities that belong to the shipped weights. They are compiled in, so no file is read.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads the table that belongs to weights other than the shipped ones.
    ///
    /// # Errors
    /// [`ModelError::Rarities`] for bytes that are not such a file.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, ModelError> {
        if !is_table(&bytes) {
            return Err(ModelError::Rarities);
        }
        Ok(Self { fingerprint: fnv1a_32(&bytes), bytes: Cow::Owned(bytes) })
    }

    /// The bytes of the file.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Identifies this table. A weights file names the table that it was trained with.
    pub fn fingerprint(&self) -> u32 {
        self.fingerprint
    }

    /// The number of words in the table.
    pub fn words(&self) -> usize {
        let (hashes, _) = table(&self.bytes);
        hashes.len()
    }

    /// The rarity of a word, relative to the rarest: above 0, at most 1.
    pub fn rarity(&self, hash: u32) -> f32 {
        let (hashes, rarities) = table(&self.bytes);
        let found = hashes.binary_search_by_key(&hash, |&bytes| u32::from_le_bytes(bytes));
        f32::from(found.map_or(RAREST, |word| rarities[word])) / f32::from(RAREST)
    }

    /// Creates the table of words that occur in `containing` of `documents` texts each. Each hash occurs once.
    ///
    /// Rarity is the smoothed inverse document frequency, ln((documents + 1) / (containing + 1)) + 1. It is 1 for a
    /// word in every text and greatest for a word in no text.
    pub fn of_frequencies(documents: u32, containing: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let rarity = |containing: u32| ((f64::from(documents) + 1.0) / (f64::from(containing) + 1.0)).ln() + 1.0;
        let rarest = rarity(0);
        let mut words: Vec<(u32, u8)> = containing
            .into_iter()
            .map(|(hash, containing)| (hash, (rarity(containing) / rarest * f64::from(RAREST)).round().max(1.0) as u8))
            .collect();
        words.sort_unstable();
        let hashes = words.iter().flat_map(|(hash, _)| hash.to_le_bytes());
        let bytes: Vec<u8> = MAGIC.into_iter().chain(hashes).chain(words.iter().map(|&(_, rarity)| rarity)).collect();
        Self { fingerprint: fnv1a_32(&bytes), bytes: Cow::Owned(bytes) }
    }
}

/// The two columns of a file: hashes and rarities.
const fn table(bytes: &[u8]) -> (&[[u8; HASH_BYTES]], &[u8]) {
    let (_, table) = bytes.split_at(MAGIC.len());
    let (hashes, rarities) = table.split_at(table.len() / (HASH_BYTES + 1) * HASH_BYTES);
    (hashes.as_chunks().0, rarities)
}

/// Whether [`Background::of_frequencies`] could have written these bytes. The shipped table is checked when this crate
/// is compiled.
const fn is_table(bytes: &[u8]) -> bool {
    let Some(magic) = bytes.first_chunk() else { return false };
    let (hashes, rarities) = table(bytes);
    if u64::from_le_bytes(*magic) != u64::from_le_bytes(MAGIC) || hashes.len() != rarities.len() {
        return false;
    }
    let mut word = 0;
    while word < hashes.len() {
        let rises = word == 0 || u32::from_le_bytes(hashes[word - 1]) < u32::from_le_bytes(hashes[word]);
        if !rises || rarities[word] == 0 {
            return false;
        }
        word += 1;
    }
    true
}

impl std::fmt::Debug for Background {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Background({} words, {:08x})", self.words(), self.fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::term_hash;

    #[test]
    fn rarity_falls_with_every_text_that_contains_a_word() {
        let background = Background::of_frequencies(99, [(7, 99), (3, 9), (5, 1)]);
        let rarity = |hash| (background.rarity(hash) * 255.0).round();
        // ln(100 / 1) + 1 = 5.605 is the greatest rarity; ln 10 + 1 = 3.303, ln 50 + 1 = 4.912, ln 1 + 1 = 1.
        assert_eq!([7, 3, 5, 4].map(rarity), [45.0, 150.0, 223.0, 255.0]);
    }

    #[test]
    fn invalid_tables_are_detected() {
        let background = Background::of_frequencies(99, [(7, 99), (3, 9)]);
        let bytes = background.as_bytes();
        assert!(is_table(bytes) && is_table(&MAGIC));
        for length in [0, MAGIC.len() - 1, MAGIC.len() + 1, bytes.len() - 1] {
            assert!(!is_table(&bytes[..length]), "{length} bytes");
        }
        let is_table_with = |place: usize, value: u8| {
            let mut bytes = bytes.to_vec();
            bytes[place] = value;
            is_table(&bytes)
        };
        assert!(!is_table_with(0, b'R'), "another kind of file");
        assert!(!is_table_with(MAGIC.len(), 7), "hashes that do not ascend");
        assert!(!is_table_with(bytes.len() - 1, 0), "a word worth nothing");
    }

    #[test]
    fn the_shipped_table_knows_small_talk_from_words_that_matter() {
        let rarity = |word| Background::shipped().rarity(term_hash(word));
        assert!(rarity("like") < rarity("brewery") && rarity("brewery") < rarity("unheard-of"));
        // The training texts hold no Korean, so its words are equally rare.
        assert_eq!([rarity("배포"), rarity("합니"), rarity("니다")], [1.0; 3]);
    }
}
