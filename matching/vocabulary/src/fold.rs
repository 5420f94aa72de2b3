//! The one folding of text: two spellings of a word are equal if their folded forms are.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

/// Case folding, normalisation and removal run until nothing changes: one can uncover work for another. Unicode's own
/// derivation settles in three rounds; the bound is for safety.
const MOST_ROUNDS: usize = 8;

/// The form in which texts are compared, stored as keys and looked up: Unicode's NFKC_Casefold, without white space at
/// either end.
///
/// Case, width, ligatures and invisible characters (zero-width spaces, soft hyphens, Hangul fillers) make no
/// difference. Folding a folded text changes nothing. The source is the Unicode Standard, section 3.13, definition R5.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.trim().to_ascii_lowercase();
    }
    let mut folded = Cow::Borrowed(text);
    for _ in 0..MOST_ROUNDS {
        let next = once(&folded);
        if next == folded {
            break;
        }
        folded = Cow::Owned(next);
    }
    folded.trim().to_owned()
}

fn once(text: &str) -> String {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let visible: String = text.chars().filter(|&character| !ignorable.contains(character)).collect();
    let folded = CaseMapper::new().fold_string(&visible);
    ComposingNormalizerBorrowed::new_nfkc().normalize(&folded).into_owned()
}
