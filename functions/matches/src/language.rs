//! The language that a reader asks for.

use axum::http::{HeaderMap, header};
use utoipa::IntoParams;

/// The most of an `Accept-Language` header that is read: what browsers send is a tenth of it.
const MOST_RANGES: usize = 32;

/// A language that matches are explained in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Korean,
}

/// The header that asks for a language.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct LanguageParameter {
    /// The language of the sentences: English unless Korean is preferred.
    #[param(rename = "Accept-Language", example = "ko-KR,ko;q=0.9,en;q=0.8")]
    #[expect(dead_code, reason = "documents the header")]
    accept_language: Option<String>,
}

impl Language {
    /// The one that `Accept-Language` prefers (RFC 9110, section 12.5.4); English where it names neither, or is no such
    /// header: a wrong language is no reason to refuse an answer.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
        let ranges = values.flat_map(|value| value.split(',')).take(MOST_RANGES);
        let mut best = (Self::English, 0.0);
        for (language, quality) in ranges.filter_map(read_range) {
            // Of equals the first, as most clients mean it.
            if quality > best.1 {
                best = (language, quality);
            }
        }
        best.0
    }

    /// Its BCP 47 tag, for `Content-Language`.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
        }
    }
}

/// `ko-KR;q=0.9` → Korean, 0.9. `None` for a language we do not speak. `*` asks for none in particular.
fn read_range(range: &str) -> Option<(Language, f32)> {
    let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
    let language = match tag.trim().split('-').next()?.to_ascii_lowercase().as_str() {
        "en" => Language::English,
        "ko" => Language::Korean,
        _ => return None,
    };
    let quality = match parameters.trim().strip_prefix("q=") {
        Some(quality) => quality.parse().ok().filter(|quality| (0.0..=1.0).contains(quality))?,
        None => 1.0,
    };
    Some((language, quality))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(header: &str) -> Language {
        let value = HeaderValue::from_bytes(header.as_bytes()).unwrap();
        Language::of(&HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value)]))
    }

    #[test]
    fn the_preferred_one_is_chosen() {
        assert_eq!(of("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7"), Language::Korean);
        assert_eq!(of("en, ko"), Language::English);
        assert_eq!(of("ko;q=0.3, en;q=0.8"), Language::English);
        assert_eq!(of("fr, KO;q=0.1"), Language::Korean);
    }

    #[test]
    fn what_says_nothing_is_english() {
        assert_eq!(Language::of(&HeaderMap::new()), Language::English);
        for nothing in ["", "*", "fr-FR, de;q=0.5", "ko;q=0", "ko;q=2", "ko;q=x", ";;;,,,", "한국어"] {
            assert_eq!(of(nothing), Language::English, "{nothing}");
        }
    }
}
