//! The terms of a freelancer that eligibility compares. They take a few bytes in a row and sixteen bytes in memory.
//!
//! A [`Filter`] decides as [`domain::eligibility::check`] does, for one project and any number of freelancers. It needs
//! only a few comparisons of integers.

use std::collections::HashMap;

use domain::eligibility::{FreelancerTerms, ProjectTerms};
use domain::values::{AccountId, Currency, Language, Money};

/// A freelancer's terms. They are valid only with the [`LanguageMasks`] that packed them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PackedTerms {
    /// A language mask: one bit per language. The highest bit says that [`LanguageMasks`] has more languages of this
    /// freelancer.
    languages: u64,
    /// [`Price`].
    price: u64,
}

/// The bit that marks a freelancer with languages that have no bit.
const MORE_LANGUAGES: u64 = 1 << 63;
/// The number of languages that have a bit.
const BITS: u32 = 63;

/// A price packed into 64 bits. The amount is in the low 40 bits (2⁴⁰ is above the largest amount), the currency in the
/// next 16. The highest bit means that the freelancer takes no work now. Currency 0 means open to offers.
struct Price;

impl Price {
    const BUSY: u64 = 1 << 63;
    const CURRENCY_SHIFT: u32 = 40;
    /// The lowest price that has a currency.
    const LOWEST: u64 = 1 << Self::CURRENCY_SHIFT;

    fn pack(rate: Option<Money>, busy: bool) -> u64 {
        let rate = rate.map_or(0, |rate| Self::of(rate.currency(), rate.amount().unsigned_abs()));
        if busy { rate | Self::BUSY } else { rate }
    }

    fn of(currency: Currency, amount: u64) -> u64 {
        u64::from(number(currency)) << Self::CURRENCY_SHIFT | amount
    }
}

/// A currency's three letters as a number above 0.
fn number(currency: Currency) -> u16 {
    currency.code().bytes().fold(0, |number, letter| number * 26 + u16::from(letter - b'A')) + 1
}

/// Bytes that do not hold terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed terms of eligibility")]
pub struct MalformedTerms;

const HAS_RATE: u8 = 1;
const TAKES_NO_WORK: u8 = 2;

/// Appends a freelancer's terms to a row: flags (1 byte); the rate, if there is one, as its amount (8 bytes,
/// big-endian) and its currency (3 letters); the number of languages (1 byte), each as its length (1 byte) and its
/// text.
pub fn encode(terms: FreelancerTerms<'_>, bytes: &mut Vec<u8>) {
    let busy = terms.weekly_hours == Some(0);
    let flags = if busy { TAKES_NO_WORK } else { 0 } | if terms.hourly_rate.is_some() { HAS_RATE } else { 0 };
    bytes.push(flags);
    if let Some(rate) = terms.hourly_rate {
        bytes.extend(rate.amount().to_be_bytes());
        bytes.extend(rate.currency().code().bytes());
    }
    // At most ten languages, of at most 64 characters each.
    bytes.push(u8::try_from(terms.languages.len()).unwrap_or(u8::MAX));
    for language in terms.languages.iter().take(usize::from(u8::MAX)) {
        let primary = language.primary();
        let text = &primary.as_bytes()[..primary.len().min(usize::from(u8::MAX))];
        bytes.push(text.len() as u8);
        bytes.extend(text);
    }
}

/// The languages of a pool: the bit of each, and the freelancers who speak languages without a bit.
#[derive(Debug, Default)]
pub struct LanguageMasks {
    numbers: HashMap<Box<str>, u32>,
    /// The languages without a bit, by freelancer.
    others: HashMap<AccountId, Box<[u32]>>,
}

impl LanguageMasks {
    /// Reads the terms at the start of `bytes`, and returns the rest of the bytes.
    ///
    /// # Errors
    /// Bytes that [`encode`] did not write.
    pub fn read<'b>(&mut self, id: AccountId, bytes: &'b [u8]) -> Result<(PackedTerms, &'b [u8]), MalformedTerms> {
        self.split(id, bytes).ok_or(MalformedTerms)
    }

    fn split<'b>(&mut self, id: AccountId, bytes: &'b [u8]) -> Option<(PackedTerms, &'b [u8])> {
        let (&flags, mut bytes) = bytes.split_first()?;
        let mut rate = None;
        if flags & HAS_RATE != 0 {
            let (amount, rest) = bytes.split_first_chunk::<8>()?;
            let (code, rest) = rest.split_first_chunk::<3>()?;
            rate = Some(Money::new(i64::from_be_bytes(*amount), std::str::from_utf8(code).ok()?.parse().ok()?)?);
            bytes = rest;
        }
        let (&count, mut bytes) = bytes.split_first()?;
        let (mut languages, mut others) = (0, Vec::new());
        for _ in 0..count {
            let (&length, rest) = bytes.split_first()?;
            let (text, rest) = rest.split_at_checked(usize::from(length))?;
            // Rows of earlier versions may hold codes that are not canonical.
            match self.number(&Language::stored(std::str::from_utf8(text).ok()?).primary()) {
                number @ 0..BITS => languages |= 1 << number,
                number => others.push(number),
            }
            bytes = rest;
        }
        if others.is_empty() {
            self.others.remove(&id);
        } else {
            languages |= MORE_LANGUAGES;
            self.others.insert(id, others.into_boxed_slice());
        }
        Some((PackedTerms { languages, price: Price::pack(rate, flags & TAKES_NO_WORK != 0) }, bytes))
    }

    /// The number of a language. Languages are numbered in the order in which they are first read.
    fn number(&mut self, language: &str) -> u32 {
        if let Some(number) = self.numbers.get(language) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(language.into(), number);
        number
    }

    /// Drops a freelancer.
    pub fn remove(&mut self, id: AccountId) {
        self.others.remove(&id);
    }

    /// The filter of a project.
    pub fn filter(&self, project: ProjectTerms<'_>) -> Filter<'_> {
        let known = project.languages.iter().map(Language::primary).filter_map(|it| self.numbers.get(it.as_str()));
        let (mut mask, mut others) = (0, Vec::new());
        for &number in known {
            if number < BITS { mask |= 1 << number } else { others.push(number) }
        }
        Filter {
            masks: self,
            open: project.is_open,
            owner: project.owner,
            any_language: project.languages.is_empty(),
            mask,
            others,
            affordable: project
                .budget
                .map_or((0, u64::MAX), |budget| (Price::of(budget.currency(), 0), budget.max().unsigned_abs())),
        }
    }
}

/// Decides which freelancers can be paired with one project.
#[derive(Debug)]
pub struct Filter<'t> {
    masks: &'t LanguageMasks,
    open: bool,
    owner: Option<AccountId>,
    any_language: bool,
    /// The mask of the wanted languages that have a bit. `others` lists the rest.
    mask: u64,
    others: Vec<u32>,
    /// The lowest price in the budget's currency, and the span from it to the highest affordable price.
    affordable: (u64, u64),
}

impl Filter<'_> {
    /// The project's owner, who cannot be paired with the project whatever their terms.
    pub fn owner(&self) -> Option<AccountId> {
        self.owner
    }

    /// Whether the freelancer `id` with these terms can be paired with the project, unless they are the
    /// [owner](Self::owner). It has no branches, because a processor would mispredict one in three of them.
    #[inline]
    pub fn accepts(&self, id: AccountId, terms: PackedTerms) -> bool {
        if !self.open {
            return false;
        }
        let PackedTerms { languages, price } = terms;
        let (lowest, span) = self.affordable;
        // A price without a currency is below the lowest price of any currency. A price that is too low wraps around.
        let affords = (price < Price::LOWEST) | (price.wrapping_sub(lowest) <= span);
        let mut speaks = self.any_language | (languages & self.mask != 0);
        if !self.others.is_empty() {
            speaks |= self.shares_other(id, terms);
        }
        (price & Price::BUSY == 0) & affords & speaks
    }

    fn shares_other(&self, id: AccountId, terms: PackedTerms) -> bool {
        if terms.languages & MORE_LANGUAGES == 0 {
            return false;
        }
        self.masks.others.get(&id).is_some_and(|spoken| spoken.iter().any(|number| self.others.contains(number)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;
    use domain::eligibility::check;
    use domain::values::{Budget, BudgetKind};

    /// Enough languages that some have no bit, in several spellings.
    fn languages() -> impl Strategy<Value = Vec<Language>> {
        let tag = "(a|b|B)[a-z](-GB)?|c[a-z]|x-(one|two)|zh-Hant-TW".prop_map(|tag: String| tag.parse().ok());
        prop::collection::vec(tag, 0..6).prop_map(|tags| tags.into_iter().flatten().collect())
    }

    fn currency() -> impl Strategy<Value = Currency> {
        prop::sample::select(vec!["KRW", "USD", "AED", "ZWG"]).prop_map(|code| code.parse().unwrap())
    }

    type Person = (Vec<Language>, Option<Money>, Option<i64>);

    fn person() -> impl Strategy<Value = Person> {
        let rate = (0..=domain::values::MAX_AMOUNT, 0..20_i64, any::<bool>(), currency())
            .prop_map(|(large, small, is_small, currency)| Money::new(if is_small { small } else { large }, currency));
        (languages(), prop::option::of(rate).prop_map(Option::flatten), prop::option::of(0..3_i64))
    }

    proptest! {
        #[test]
        fn a_filter_decides_as_the_rules_do(
            people in prop::collection::vec(person(), 1..120),
            wanted in languages(),
            budget in prop::option::of((0..20_i64, currency())),
            owner in prop::option::of(0..120_u128),
            open: bool,
        ) {
            let project = ProjectTerms {
                owner: owner.map(|id| AccountId::new(Ulid(id))),
                is_open: open,
                languages: &wanted,
                budget: budget.and_then(|(max, currency)| Budget::new(BudgetKind::Hourly, None, max, currency)),
            };
            let mut masks = LanguageMasks::default();
            let mut packed = Vec::new();
            for (number, (languages, hourly_rate, weekly_hours)) in people.iter().enumerate() {
                let id = AccountId::new(Ulid(number as u128));
                let (hourly_rate, weekly_hours) = (*hourly_rate, *weekly_hours);
                let terms = FreelancerTerms { id: Some(id), languages, hourly_rate, weekly_hours };
                let mut bytes = Vec::new();
                encode(terms, &mut bytes);
                bytes.extend(b"rest");
                let (read, rest) = masks.read(id, &bytes).unwrap();
                prop_assert_eq!(rest, b"rest");
                packed.push((id, terms, read));
            }
            let filter = masks.filter(project);
            for (id, terms, packed) in packed {
                let accepts = filter.accepts(id, packed) && filter.owner() != Some(id);
                prop_assert_eq!(accepts, check(project, terms).is_ok(), "{:?}", terms);
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let mut masks = LanguageMasks::default();
            if let Ok((_, rest)) = masks.read(AccountId::new(Ulid(1)), &bytes) {
                prop_assert!(bytes.ends_with(rest));
            }
        }
    }

    #[test]
    fn every_currency_has_a_number_of_its_own() {
        let mut numbers: Vec<u16> = Currency::all().map(number).collect();
        numbers.sort_unstable();
        assert!(numbers[0] > 0);
        assert!(numbers.is_sorted_by(|one, other| one < other));
    }

    #[test]
    fn a_removed_freelancer_speaks_no_language_without_a_bit() {
        let mut masks = LanguageMasks::default();
        (0..100).for_each(|number| _ = masks.number(&format!("x-{number}")));
        let id = AccountId::new(Ulid(1));
        let rare: Vec<Language> = vec!["x-99".parse().unwrap()];
        let mut bytes = Vec::new();
        encode(FreelancerTerms { id: None, languages: &rare, hourly_rate: None, weekly_hours: None }, &mut bytes);
        let (terms, _) = masks.read(id, &bytes).unwrap();
        let project = ProjectTerms { owner: None, is_open: true, languages: &rare, budget: None };
        assert!(masks.filter(project).accepts(id, terms));
        masks.remove(id);
        assert!(!masks.filter(project).accepts(id, terms));
    }
}
