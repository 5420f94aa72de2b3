//! Why a project does not list a freelancer.

use domain::eligibility::Ineligible;

/// Why a project does not list a freelancer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Obstacle {
    /// The market does not pair the two.
    Terms(Ineligible),
    /// The freelancer has too few of the wanted skills.
    TooFewSkills,
}

impl Obstacle {
    /// The code in answers.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Terms(Ineligible::ProjectClosed) => "project_closed",
            Self::Terms(Ineligible::OwnProject) => "own_project",
            Self::Terms(Ineligible::Unavailable) => "unavailable",
            Self::Terms(Ineligible::NoSharedLanguage) => "no_shared_language",
            Self::Terms(Ineligible::OtherCurrency) => "other_currency",
            Self::Terms(Ineligible::AboveBudget) => "above_budget",
            Self::TooFewSkills => "too_few_skills",
        }
    }
}
