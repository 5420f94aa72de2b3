//! Encodes a [`PackedNeed`] as bytes, the form in which a store keeps a project for matching.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | the layout's version, [`LAYOUT`] |
//! | 2, and 4 each | skills: how many; hash, hashes rising |
//! | 2, and 8 each | words: how many; hash (4), weight (4, an f32 from 0 to 1), hashes rising |
//!
//! Numbers are little-endian. A decoded need equals the encoded one to the last bit. So a project in a pool and the
//! same project's record give the same scores.

use std::sync::Arc;

use crate::codec::{CodecError, Reader};
use crate::need::{NEED_TERMS, PackedNeed};

/// The layout that this build writes and reads.
const LAYOUT: u8 = 1;
/// The most skills of an encoded need; no project has more.
const MAX_SKILLS: usize = 1_024;
/// The weights of a need have length one, except for rounding.
const MAX_WEIGHT: f32 = 1.001;

impl PackedNeed {
    /// Appends this need's bytes. It keeps the first 1,024 skills.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        bytes.push(LAYOUT);
        let skills = &self.skill_hashes()[..self.skill_hashes().len().min(MAX_SKILLS)];
        bytes.extend((skills.len() as u16).to_le_bytes());
        bytes.extend(skills.iter().flat_map(|hash| hash.to_le_bytes()));
        bytes.extend((self.terms.len() as u16).to_le_bytes());
        for (hash, weight) in self.terms.iter() {
            bytes.extend(hash.to_le_bytes());
            bytes.extend(weight.to_le_bytes());
        }
    }

    /// Decodes a need, which must fill the bytes.
    ///
    /// # Errors
    /// A [`CodecError`] for any bytes that [`encode`](Self::encode) would not write.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut reader = Reader(bytes);
        let [layout] = reader.array()?;
        if layout != LAYOUT {
            return Err(CodecError::UnknownLayout { got: layout });
        }
        let skills = reader.chunks::<4>(MAX_SKILLS, "skills")?;
        let skills: Box<[u32]> = skills.iter().map(|hash| u32::from_le_bytes(*hash)).collect();
        let terms = reader.chunks::<8>(NEED_TERMS, "words")?;
        let terms: Vec<(u32, f32)> = terms
            .iter()
            .map(|&[a, b, c, d, weight @ ..]| (u32::from_le_bytes([a, b, c, d]), f32::from_le_bytes(weight)))
            .collect();
        if !skills.is_sorted_by(|one, next| one < next) {
            return Err(CodecError::Impossible { what: "skills" });
        }
        let rise = terms.is_sorted_by(|(one, _), (next, _)| one < next);
        if !rise || terms.iter().any(|(_, weight)| !(0.0..=MAX_WEIGHT).contains(weight)) {
            return Err(CodecError::Impossible { what: "words" });
        }
        reader.end()?;
        Ok(Self { skills, terms: Arc::new(terms.into_iter().collect()) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::TermVector;

    fn need(skills: &[String], text: &str) -> PackedNeed {
        PackedNeed::of(skills.iter().map(String::as_str), &TermVector::of_text(text))
    }

    proptest! {
        #[test]
        fn a_need_reads_back_to_the_last_bit(
            skills in prop::collection::vec("[a-z가-힣]{1,8}", 0..12),
            text in "[a-z가-힣 ]{0,300}",
        ) {
            let need = need(&skills, &text);
            let mut bytes = Vec::new();
            need.encode(&mut bytes);
            let read = PackedNeed::decode(&bytes).unwrap();
            prop_assert_eq!(read.skill_hashes(), need.skill_hashes());
            prop_assert_eq!(&read.terms, &need.terms);
            prop_assert_eq!(read.fingerprint(), need.fingerprint());
        }

        #[test]
        fn any_bytes_are_a_need_or_refused(
            changed in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = Vec::new();
            need(&["rust".into(), "aws".into()], "a payment back end in rust").encode(&mut bytes);
            for (place, byte) in changed {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            bytes.truncate(cut.index(bytes.len() + 1));
            if let Ok(read) = PackedNeed::decode(&bytes) {
                let mut again = Vec::new();
                read.encode(&mut again);
                prop_assert_eq!(again, bytes);
            }
        }
    }

    #[test]
    fn the_longest_need_fits() {
        let words: Vec<String> = (0..5_000).map(|number| format!("word{number}")).collect();
        let mut bytes = Vec::new();
        need(&[], &words.join(" ")).encode(&mut bytes);
        assert_eq!(bytes.len(), 1 + 2 + 2 + 8 * NEED_TERMS);
        assert_eq!(PackedNeed::decode(&bytes).unwrap().terms.len(), NEED_TERMS);
    }
}
