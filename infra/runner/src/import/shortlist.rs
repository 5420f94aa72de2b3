//! The shortlist that an import shows: one of its projects with its best matches, and the commands for more.

use anyhow::Context;

use crate::LocalMarket;
use crate::filling::api::Api;
use crate::filling::commands::Commands;
use crate::filling::shortlist::Shortlist;

/// Matches shown of one project.
const SHOWN: usize = 10;
/// Projects tried until one has a match.
const TRIED: usize = 10;

/// A project, and the account that may ask for its matches.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) project_id: String,
    pub(super) email: String,
}

/// The shortlist of the first candidate that has a match; of the first one, if none has. `None` without a candidate.
///
/// # Errors
/// When the market does not answer, or answers something unforeseen.
pub(super) async fn shortlist(
    market: &LocalMarket,
    candidates: &[Candidate],
    password: &str,
) -> anyhow::Result<Option<String>> {
    let api = Api::new(&market.base_url)?;
    market.caught_up().await?;
    let mut first = None;
    for Candidate { project_id, email } in candidates.iter().take(TRIED) {
        let session = api.sign_in(email, password).await?;
        let session = session.with_context(|| format!("{email} can't sign in"))?;
        let project = api.project(project_id).await?;
        let matches = api.matches(&session, &project.id, SHOWN).await?;
        let commands = Commands { base_url: api.base_url(), email, password, project_id: &project.id };
        let shown = format!("{}\n\n{commands}", Shortlist { project: &project, matches: &matches });
        if !matches.items.is_empty() {
            return Ok(Some(shown));
        }
        first.get_or_insert(shown);
    }
    Ok(first)
}
