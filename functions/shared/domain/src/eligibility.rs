//! Eligibility: the rules that decide whether a freelancer and a project can be paired. The net ranks the pairs that
//! pass.

use crate::values::{AccountId, Budget, Language, Money};

/// The terms of a project that eligibility compares.
#[derive(Clone, Copy, Debug)]
pub struct ProjectTerms<'a> {
    /// The client; `None` for a record that another system sent.
    pub owner: Option<AccountId>,
    /// Whether the project looks for a freelancer.
    pub is_open: bool,
    /// Languages of the work; none means any.
    pub languages: &'a [Language],
    /// The client's budget; `None` means that the client is open to offers.
    pub budget: Option<Budget>,
}

/// The terms of a freelancer that eligibility compares.
#[derive(Clone, Copy, Debug)]
pub struct FreelancerTerms<'a> {
    /// The account; `None` for a record that another system sent.
    pub id: Option<AccountId>,
    /// Languages to work in.
    pub languages: &'a [Language],
    /// The price of one hour; `None` means that the freelancer is open to offers.
    pub hourly_rate: Option<Money>,
    /// Free hours each week; 0 means busy.
    pub weekly_hours: Option<i64>,
}

/// Why a project and a freelancer cannot be paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ineligible {
    /// The project is closed or has expired.
    ProjectClosed,
    /// The freelancer is the client.
    OwnProject,
    /// The freelancer is busy.
    Unavailable,
    /// The freelancer speaks no language of the project.
    NoSharedLanguage,
    /// The rate is in another currency than the budget.
    OtherCurrency,
    /// The rate is above the budget.
    AboveBudget,
}

/// Checks one pair.
///
/// # Errors
/// The first rule that the pair breaks.
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

/// Whether a language of `a` is a language of `b`. Scripts and regions make no difference: `en-GB` and `en-US` share
/// one.
pub fn share_language(a: &[Language], b: &[Language]) -> bool {
    a.iter().any(|a| b.iter().any(|b| a.primary() == b.primary()))
}

/// Checks that an hour costs no more than the upper end of the budget, whether the budget is for an hour or for the
/// whole. Amounts of different currencies are never compared.
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
    const FREELANCER: FreelancerTerms<'static> =
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
            let with = |amount| FreelancerTerms { hourly_rate: Some(money(amount, "KRW")), ..FREELANCER };
            let project = ProjectTerms { budget, ..OPEN };
            prop_assert_eq!(check(project, with(rate)).is_ok(), rate <= max);
            if check(project, with(rate)).is_ok() {
                prop_assert!(check(project, with(rate.min(less))).is_ok());
            }
        }

        #[test]
        fn a_client_is_not_paired_with_their_own_project(a: u128, b: u128) {
            let (a, b) = (AccountId::new(Ulid(a)), AccountId::new(Ulid(b)));
            let between = |owner, id| {
                check(ProjectTerms { owner: Some(owner), ..OPEN }, FreelancerTerms { id: Some(id), ..FREELANCER })
            };
            prop_assert_eq!(between(a, b), between(b, a));
            prop_assert_eq!(between(a, a), Err(Ineligible::OwnProject));
        }
    }

    #[test]
    fn a_pair_without_terms_is_eligible() {
        assert_eq!(check(OPEN, FREELANCER), Ok(()));
    }

    #[test]
    fn each_rule_makes_a_pair_ineligible() {
        let closed = ProjectTerms { is_open: false, ..OPEN };
        assert_eq!(check(closed, FREELANCER), Err(Ineligible::ProjectClosed));
        let busy = FreelancerTerms { weekly_hours: Some(0), ..FREELANCER };
        assert_eq!(check(OPEN, busy), Err(Ineligible::Unavailable));

        let (korean, english) = (languages(&["ko", "ja"]), languages(&["en-GB"]));
        let project = ProjectTerms { languages: &korean, ..OPEN };
        assert_eq!(check(project, FREELANCER), Err(Ineligible::NoSharedLanguage));
        let speaker = FreelancerTerms { languages: &english, ..FREELANCER };
        assert_eq!(check(project, speaker), Err(Ineligible::NoSharedLanguage));
        let both = languages(&["en", "ko-KR"]);
        assert_eq!(check(project, FreelancerTerms { languages: &both, ..FREELANCER }), Ok(()));

        for kind in [BudgetKind::Hourly, BudgetKind::Fixed] {
            let project = ProjectTerms { budget: Budget::new(kind, Some(5), 10, "KRW".parse().unwrap()), ..OPEN };
            let asking = |rate| check(project, FreelancerTerms { hourly_rate: rate, ..FREELANCER });
            assert_eq!(asking(Some(money(11, "KRW"))), Err(Ineligible::AboveBudget));
            assert_eq!(asking(Some(money(1, "USD"))), Err(Ineligible::OtherCurrency));
            assert_eq!(asking(Some(money(10, "KRW"))), Ok(()));
            assert_eq!(asking(None), Ok(()));
        }
    }
}
