//! Who can be paired at all. These are filters, yes or no; the net ranks whoever passes.

use crate::values::{AccountId, Budget, Language, Money};

/// What eligibility reads of a project.
#[derive(Clone, Copy, Debug)]
pub struct ProjectTerms<'a> {
    /// The client; `None` for a record from elsewhere.
    pub owner: Option<AccountId>,
    /// Whether the project still looks for somebody.
    pub is_open: bool,
    /// Languages of the work; none means any.
    pub languages: &'a [Language],
    /// What the client will pay; `None` means open to offers.
    pub budget: Option<Budget>,
}

/// What eligibility reads of a freelancer.
#[derive(Clone, Copy, Debug)]
pub struct FreelancerTerms<'a> {
    /// The account; `None` for a record from elsewhere.
    pub id: Option<AccountId>,
    /// Languages to work in.
    pub languages: &'a [Language],
    /// The price of one hour; `None` means open to offers.
    pub hourly_rate: Option<Money>,
    /// Hours free each week; 0 says "not now".
    pub weekly_hours: Option<i64>,
}

/// Why two cannot be paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ineligible {
    /// The project looks for nobody any more.
    ProjectClosed,
    /// The freelancer is the client.
    OwnProject,
    /// The freelancer takes no work now.
    Unavailable,
    /// They share no language that the project asks for.
    NoSharedLanguage,
    /// The rate is in another currency than the budget.
    OtherCurrency,
    /// The rate is above the budget.
    AboveBudget,
}

/// Checks one pair.
///
/// # Errors
/// The first rule that keeps the two apart.
pub fn check(project: ProjectTerms<'_>, freelancer: FreelancerTerms<'_>) -> Result<(), Ineligible> {
    if !project.is_open {
        return Err(Ineligible::ProjectClosed);
    }
    if project.owner.is_some() && project.owner == freelancer.id {
        return Err(Ineligible::OwnProject);
    }
    if freelancer.weekly_hours == Some(0) {
        return Err(Ineligible::Unavailable);
    }
    if !project.languages.is_empty() && !share_language(project.languages, freelancer.languages) {
        return Err(Ineligible::NoSharedLanguage);
    }
    match (project.budget, freelancer.hourly_rate) {
        (Some(budget), Some(rate)) => check_price(budget, rate),
        _ => Ok(()),
    }
}

/// Whether some language of `a` is one of `b`, scripts and regions aside: `en-GB` speaks with `en-US`.
pub fn share_language(a: &[Language], b: &[Language]) -> bool {
    a.iter().any(|a| b.iter().any(|b| a.primary() == b.primary()))
}

/// An hour must not cost more than the budget's upper end: the price of an hour, or of the whole. Amounts of different
/// currencies are never compared.
fn check_price(budget: Budget, rate: Money) -> Result<(), Ineligible> {
    if budget.currency() != rate.currency() {
        return Err(Ineligible::OtherCurrency);
    }
    if rate.amount() > budget.max() {
        return Err(Ineligible::AboveBudget);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;
    use crate::values::BudgetKind;

    fn languages(tags: &[&str]) -> Vec<Language> {
        tags.iter().map(|tag| tag.parse().unwrap()).collect()
    }

    fn money(amount: i64, currency: &str) -> Money {
        Money::new(amount, currency.parse().unwrap()).unwrap()
    }

    const OPEN: ProjectTerms<'static> = ProjectTerms { owner: None, is_open: true, languages: &[], budget: None };
    const ANYBODY: FreelancerTerms<'static> =
        FreelancerTerms { id: None, languages: &[], hourly_rate: None, weekly_hours: None };

    proptest! {
        #[test]
        fn sharing_a_language_is_mutual(
            a in prop::collection::vec("(ko|en|de|zh)(-[A-Z]{2})?", 0..4),
            b in prop::collection::vec("(KO|en|fr|zh)(-[A-Z]{2})?", 0..4),
        ) {
            let read = |tags: Vec<String>| tags.iter().map(|tag| tag.parse().unwrap()).collect::<Vec<Language>>();
            let (a, b) = (read(a), read(b));
            prop_assert_eq!(share_language(&a, &b), share_language(&b, &a));
            prop_assert_eq!(share_language(&a, &a), !a.is_empty());
        }

        #[test]
        fn a_lower_rate_never_loses_eligibility(max in 0..1_000_i64, rate in 0..1_000_i64, less in 0..1_000_i64) {
            let budget = Budget::new(BudgetKind::Hourly, None, max, "KRW".parse().unwrap());
            let with = |amount| FreelancerTerms { hourly_rate: Some(money(amount, "KRW")), ..ANYBODY };
            let project = ProjectTerms { budget, ..OPEN };
            prop_assert_eq!(check(project, with(rate)).is_ok(), rate <= max);
            if check(project, with(rate)).is_ok() {
                prop_assert!(check(project, with(rate.min(less))).is_ok());
            }
        }

        #[test]
        fn nobody_is_paired_with_their_own_project(a: u128, b: u128) {
            let (a, b) = (AccountId::new(Ulid(a)), AccountId::new(Ulid(b)));
            let between = |owner, id| {
                check(ProjectTerms { owner: Some(owner), ..OPEN }, FreelancerTerms { id: Some(id), ..ANYBODY })
            };
            prop_assert_eq!(between(a, b), between(b, a));
            prop_assert_eq!(between(a, a), Err(Ineligible::OwnProject));
        }
    }

    #[test]
    fn nothing_known_keeps_nobody_apart() {
        assert_eq!(check(OPEN, ANYBODY), Ok(()));
    }

    #[test]
    fn each_rule_keeps_two_apart() {
        let closed = ProjectTerms { is_open: false, ..OPEN };
        assert_eq!(check(closed, ANYBODY), Err(Ineligible::ProjectClosed));
        let busy = FreelancerTerms { weekly_hours: Some(0), ..ANYBODY };
        assert_eq!(check(OPEN, busy), Err(Ineligible::Unavailable));

        let (korean, english) = (languages(&["ko", "ja"]), languages(&["en-GB"]));
        let project = ProjectTerms { languages: &korean, ..OPEN };
        assert_eq!(check(project, ANYBODY), Err(Ineligible::NoSharedLanguage));
        let speaker = FreelancerTerms { languages: &english, ..ANYBODY };
        assert_eq!(check(project, speaker), Err(Ineligible::NoSharedLanguage));
        let both = languages(&["en", "ko-KR"]);
        assert_eq!(check(project, FreelancerTerms { languages: &both, ..ANYBODY }), Ok(()));

        for kind in [BudgetKind::Hourly, BudgetKind::Fixed] {
            let project = ProjectTerms { budget: Budget::new(kind, Some(5), 10, "KRW".parse().unwrap()), ..OPEN };
            let asking = |rate| check(project, FreelancerTerms { hourly_rate: rate, ..ANYBODY });
            assert_eq!(asking(Some(money(11, "KRW"))), Err(Ineligible::AboveBudget));
            assert_eq!(asking(Some(money(1, "USD"))), Err(Ineligible::OtherCurrency));
            assert_eq!(asking(Some(money(10, "KRW"))), Ok(()));
            assert_eq!(asking(None), Ok(()));
        }
    }
}
