//! Bounded pages of long lists.

use std::str::FromStr;

/// The most items of one page: 1 to [`Limit::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u8);

/// The text is not a whole number from 1 to [`Limit::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("limit must be a whole number from 1 to {}", Limit::MAX)]
pub struct InvalidLimit;

impl Limit {
    /// The most items of one page.
    pub const MAX: u8 = 100;
    /// The largest page.
    pub const LARGEST: Self = Self(Self::MAX);

    /// The limit of `number` items; `None` for 0 and for more than [`Limit::MAX`].
    pub const fn new(number: u8) -> Option<Self> {
        match number {
            1..=Self::MAX => Some(Self(number)),
            _ => None,
        }
    }

    /// The number.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

/// Parses a plain whole number: only digits, from 1 to [`Limit::MAX`].
impl FromStr for Limit {
    type Err = InvalidLimit;

    fn from_str(text: &str) -> Result<Self, InvalidLimit> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_plain).and_then(Self::new).ok_or(InvalidLimit)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_limit_is_a_plain_number_in_range(number in 0..300_u32) {
            let parsed = number.to_string().parse::<Limit>();
            prop_assert_eq!(parsed.is_ok(), (1..=100).contains(&number));
            if let Ok(limit) = parsed {
                prop_assert_eq!(limit.get(), number as usize);
            }
        }
    }

    #[test]
    fn other_text_is_no_limit() {
        for text in ["", "+5", "-1", "5.0", "five", "٥", " 5", "1e1", "99999999999999999999"] {
            assert_eq!(text.parse::<Limit>(), Err(InvalidLimit), "{text}");
        }
    }
}
