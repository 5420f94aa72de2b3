//! The best of scored candidates, page by page.

use http_api::ApiError;
use matching::{Features, Model, Position, top};
use ulid::Ulid;

use crate::{cursor::Basis, page::PageRequest};

/// A project to be ranked for a freelancer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    /// The id, which orders equal scores.
    pub(crate) id: Ulid,
    /// The fingerprint of the project's need. It changes when the project is rewritten.
    pub(crate) asked: u32,
    /// The input of the net.
    pub(crate) features: Features,
}

/// One page of a ranking.
#[derive(Debug)]
pub(crate) struct Ranked {
    /// The number of scored candidates.
    pub(crate) pool_size: usize,
    /// The page, best first, with scores.
    pub(crate) items: Vec<(Candidate, f32)>,
    /// The cursor of the next page.
    pub(crate) next_cursor: Option<String>,
}

/// Scores every candidate and returns the page. The page begins after the candidate that the cursor names, at the
/// candidate's present score, because all scores move slightly and together with the market. If the candidate was
/// rewritten or is gone, the page begins after the score in the cursor.
///
/// # Errors
/// 500 for features that `matching` did not compute.
pub(crate) fn rank(
    model: &Model,
    candidates: &[Candidate],
    page: &PageRequest,
    basis: Basis,
) -> Result<Ranked, ApiError> {
    let pool_size = candidates.len();
    if pool_size == 0 {
        return Ok(Ranked { pool_size, items: Vec::new(), next_cursor: None });
    }
    let rows: Vec<Features> = candidates.iter().map(|candidate| candidate.features).collect();
    let scores = model.score(&rows).map_err(ApiError::internal)?;
    let after = page.after.map(|after| {
        let is_last = |candidate: &Candidate| candidate.id.0 == after.id && Some(candidate.asked) == basis.asked;
        let now = candidates.iter().zip(&scores).find(|(candidate, _)| is_last(candidate));
        Position { score: now.map_or(after.score, |(_, score)| *score), id: (Ulid(after.id), usize::MAX) }
    });
    // The index into `candidates` is stored beside the id. It never decides a comparison, because ids differ.
    let scored = candidates.iter().enumerate().map(|(place, candidate)| (candidate.id, place)).zip(scores);
    // One match more than the limit tells whether there is a next page.
    let mut best = top(scored, page.limit + 1, after.as_ref()).map_err(ApiError::internal)?;
    let more = best.len() > page.limit;
    best.truncate(page.limit);
    let next_cursor = best.last().filter(|_| more).map(|Position { score, id: (id, place) }| {
        let basis = Basis { asked: Some(candidates[*place].asked), ..basis };
        page.cursor(Position { score: *score, id: id.0 }, basis)
    });
    let next_cursor = next_cursor.transpose()?;
    let items = best.into_iter().map(|Position { score, id: (_, place) }| (candidates[place], score)).collect();
    Ok(Ranked { pool_size, items, next_cursor })
}

#[cfg(test)]
mod tests {
    use http_api::Query;
    use jiff::Timestamp;

    use super::*;

    fn page(model: &Model, query: &str) -> PageRequest {
        let Query((overlap, paging)) = Query::parse(query).unwrap();
        PageRequest::new(("test", "subject", model), &overlap, &paging, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn pages_hold_everybody_once_in_falling_order() {
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
            let page = page(&model, &query);
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

    #[test]
    fn no_candidates_are_an_empty_page() {
        let model = Model::shipped().unwrap();
        let page = page(&model, "");
        let ranked = rank(&model, &[], &page, page.basis.clone()).unwrap();
        assert_eq!((ranked.pool_size, ranked.items.len(), ranked.next_cursor), (0, 0, None));
    }
}
