//! The best of scored candidates, page by page.

use matching::{Features, Model, Position, ScoreError, top};
use ulid::Ulid;

use crate::cursor::{Basis, PageRequest};

/// One candidate of a ranking.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    /// Decides between equal scores.
    pub(crate) id: Ulid,
    /// Tells whether it has been rewritten.
    pub(crate) asked: u32,
    /// What the net sees.
    pub(crate) features: Features,
}

/// One page of a ranking.
#[derive(Debug)]
pub(crate) struct Ranked {
    /// How many were scored.
    pub(crate) pool_size: usize,
    /// The best of them behind the cursor, best first, with their scores.
    pub(crate) items: Vec<(Candidate, f32)>,
    /// Asks for the next page.
    pub(crate) next_cursor: Option<String>,
}

/// Scores every candidate and returns the page. It begins behind what the cursor names, by the score that has now, unless it was
/// rewritten: with the market all scores move a little, and whatever comes behind moves along.
///
/// # Errors
/// None for features that were computed by `matching`.
pub(crate) fn rank(
    model: &Model,
    candidates: &[Candidate],
    page: &PageRequest,
    basis: Basis,
) -> Result<Ranked, ScoreError> {
    let pool_size = candidates.len();
    if pool_size == 0 {
        return Ok(Ranked { pool_size, items: Vec::new(), next_cursor: None });
    }
    let rows: Vec<Features> = candidates.iter().map(|candidate| candidate.features).collect();
    let scores = model.score(&rows)?;
    let after = page.after.map(|after| {
        let is_last = |candidate: &Candidate| candidate.id.0 == after.id && Some(candidate.asked) == basis.asked;
        let now = candidates.iter().zip(&scores).find(|(candidate, _)| is_last(candidate));
        Position { score: now.map_or(after.score, |(_, score)| *score), id: (Ulid(after.id), usize::MAX) }
    });
    // The place in `candidates` travels behind the id and decides nothing: ids differ.
    let scored = candidates.iter().enumerate().map(|(place, candidate)| (candidate.id, place)).zip(scores);
    // One more than asked for tells whether there is a next page.
    let mut best = top(scored, page.limit + 1, after.as_ref())?;
    let more = best.len() > page.limit;
    best.truncate(page.limit);
    let next_cursor = best.last().filter(|_| more).map(|Position { score, id: (id, place) }| {
        let basis = Basis { asked: Some(candidates[*place].asked), ..basis };
        page.cursor(Position { score: *score, id: id.0 }, basis)
    });
    let items = best.into_iter().map(|Position { score, id: (_, place) }| (candidates[place], score)).collect();
    Ok(Ranked { pool_size, items, next_cursor })
}

#[cfg(test)]
mod tests {
    use axum::{extract::FromRequestParts, http::Request};
    use http_api::QueryParameters;
    use jiff::Timestamp;

    use super::*;

    async fn page(model: &Model, query: &str) -> PageRequest {
        let (mut parts, ()) = Request::builder().uri(format!("/?{query}")).body(()).unwrap().into_parts();
        let parameters = QueryParameters::from_request_parts(&mut parts, &()).await.unwrap();
        PageRequest::read(&parameters, "test", "subject", model, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[tokio::test(flavor = "current_thread")]
    async fn pages_hold_everybody_once_in_falling_order() {
        let model = Model::shipped().unwrap();
        let candidates: Vec<Candidate> = (0..50_u32)
            .map(|n| {
                // Five levels of skill overlap: many equal scores.
                let mut values = [None; matching::FEATURE_COUNT];
                values[0] = Some((n % 5) as f32 / 5.0);
                let features = Features::new(values).unwrap();
                Candidate { id: Ulid(u128::from(n * 7919 % 50)), asked: n, features }
            })
            .collect();
        let mut seen = Vec::new();
        let mut query = "limit=7".to_owned();
        loop {
            let page = page(&model, &query).await;
            let ranked = rank(&model, &candidates, &page, page.basis.clone()).unwrap();
            assert_eq!(ranked.pool_size, 50);
            seen.extend(ranked.items.iter().map(|(candidate, score)| (*score, candidate.id)));
            match ranked.next_cursor {
                Some(cursor) => query = format!("limit=7&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 50);
        assert!(seen.is_sorted_by(|a, b| a.0 > b.0 || (a.0 == b.0 && a.1 < b.1)), "{seen:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn nobody_is_an_empty_page() {
        let model = Model::shipped().unwrap();
        let page = page(&model, "").await;
        let ranked = rank(&model, &[], &page, page.basis.clone()).unwrap();
        assert_eq!((ranked.pool_size, ranked.items.len(), ranked.next_cursor), (0, 0, None));
    }
}
