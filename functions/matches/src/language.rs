//! Reads the reader's preferred language from the `Accept-Language` header.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use utoipa::IntoParams;

/// The most languages of the header that are read. Browsers send a tenth of that.
const MOST_RANGES: usize = 32;

/// A language that matches are explained in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Korean,
}

/// The language that `Accept-Language` prefers, as an extractor.
#[derive(Debug, Clone, Copy, IntoParams)]
#[into_params(parameter_in = Header, names("Accept-Language"))]
pub(crate) struct AcceptLanguage(
    /// The language of the sentences: English unless Korean is preferred.
    #[param(value_type = String, required = false, example = "ko-KR,ko;q=0.9,en;q=0.8")]
    pub(crate) Language,
);

impl<S: Sync> FromRequestParts<S> for AcceptLanguage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(Language::of(&parts.headers)))
    }
}

impl Language {
    /// The language that `Accept-Language` prefers (RFC 9110, section 12.5.4). A header that names neither language, or
    /// that can't be read, means English: a wrong language is no reason to refuse an answer.
    fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
        let mut named: Vec<(Self, f32)> = Vec::new();
        let mut any_other = 0.0;
        for range in values.flat_map(|value| value.split(',')).take(MOST_RANGES).filter_map(read_range) {
            match range {
                (Some(language), quality) => named.push((language, quality)),
                (None, quality) => any_other = quality,
            }
        }
        // `*` stands for the languages that no other range names.
        for language in [Self::English, Self::Korean] {
            if named.iter().all(|(other, _)| *other != language) {
                named.push((language, any_other));
            }
        }
        let mut best = (Self::English, 0.0);
        for (language, quality) in named {
            // Among equal weights the first language wins, which is what most clients mean.
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

/// `ko-KR;q=0.9` is Korean at 0.9, and `*;q=0.5` any other language at 0.5. `None` for other languages and other text.
fn read_range(range: &str) -> Option<(Option<Language>, f32)> {
    let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
    let language = match tag.trim() {
        "*" => None,
        tag => match tag.parse::<domain::values::Language>().ok()?.primary().as_str() {
            "en" => Some(Language::English),
            "ko" => Some(Language::Korean),
            _ => return None,
        },
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
    fn the_preferred_language_is_chosen() {
        assert_eq!(of("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7"), Language::Korean);
        assert_eq!(of("en, ko"), Language::English);
        assert_eq!(of("ko, en"), Language::Korean);
        assert_eq!(of("ko;q=0.3, en;q=0.8"), Language::English);
        assert_eq!(of("fr, KO;q=0.1"), Language::Korean);
        assert_eq!(of("ko, *"), Language::Korean);
        assert_eq!(of("ko;q=0.1,*;q=0.9"), Language::English);
        assert_eq!(of("en;q=0.1, *;q=0.9"), Language::Korean);
        assert_eq!(of("kor, eng;q=0.5"), Language::Korean);
    }

    #[test]
    fn a_star_stands_for_every_language_that_is_not_named() {
        assert_eq!(of("ko;q=0.1,*;q=0.9"), Language::English);
        assert_eq!(of("*;q=0.9,en;q=0.1"), Language::Korean);
        assert_eq!(of("ko,*;q=0.5"), Language::Korean);
        assert_eq!(of("ko;q=0, *"), Language::English);
        assert_eq!(of("*"), Language::English);
    }

    #[test]
    fn a_header_without_either_language_means_english() {
        assert_eq!(Language::of(&HeaderMap::new()), Language::English);
        for nothing in ["", "*", "fr-FR, de;q=0.5", "ko;q=0", "ko;q=2", "ko;q=x", ";;;,,,", "한국어"] {
            assert_eq!(of(nothing), Language::English, "{nothing}");
        }
    }
}
