//! The ranking is exact, independent of the pool's order, and paged without gap or repeat.

use matching::{Match, Model, Need, PackedTalent, PoolStatistics, Position, ScoreError, Talent, rank, top, top_scores};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::arbitrary;

/// Few different scores, so that many are equal.
fn scored() -> impl Strategy<Value = Vec<(u32, f32)>> {
    btree_map(any::<u32>(), (0u8..5).prop_map(|step| f32::from(step) / 4.0), 1..60)
        .prop_map(|scores| scores.into_iter().collect())
}

/// The ranking by its definition: a sort of everything.
fn sorted(scored: &[(u32, f32)]) -> Vec<Position<u32>> {
    let mut all: Vec<Position<u32>> = scored.iter().map(|&(id, score)| Position { score, id }).collect();
    all.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn top_is_a_prefix_of_the_sorted_pool(scored in scored(), limit in 0usize..70) {
        let mut expected = sorted(&scored);
        expected.truncate(limit);
        prop_assert_eq!(top(scored, limit, None).unwrap(), expected);
    }

    #[test]
    fn top_scores_ranks_as_top_does(
        levels in vec(0u16..40, 1..2_000),
        limit in 0usize..30,
        after in any::<prop::sample::Index>(),
    ) {
        let scores: Vec<f32> = levels.iter().map(|&level| f32::from(level) / 40.0).collect();
        // The order of the ids differs from that of the places.
        let id_of = |place: usize| (place as u32).wrapping_mul(0x9e37_79b1);
        let scored: Vec<(u32, f32)> = scores.iter().enumerate().map(|(place, score)| (id_of(place), *score)).collect();
        let after = after.get(&scored);
        for after in [None, Some(&Position { score: after.1, id: after.0 })] {
            let expected = top(scored.clone(), limit, after).unwrap();
            prop_assert_eq!(top_scores(&scores, id_of, limit, after).unwrap(), expected);
        }
    }

    #[test]
    fn pages_have_no_gap_and_no_repeat(scored in scored(), limit in 1usize..10) {
        let mut paged: Vec<Position<u32>> = Vec::new();
        loop {
            let page = top(scored.iter().copied(), limit, paged.last()).unwrap();
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        prop_assert_eq!(paged, sorted(&scored));
    }

    #[test]
    fn the_order_of_the_pool_does_not_matter(scored in scored(), seed in any::<u64>()) {
        let mut shuffled = scored.clone();
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        prop_assert_eq!(top(scored, 10, None).unwrap(), top(shuffled, 10, None).unwrap());
    }

    #[test]
    fn a_pool_ranks_the_same_in_any_order_and_in_pages(
        pool in vec(arbitrary::talent(), 1..12),
        need in arbitrary::need(),
        seed in any::<u64>(),
        limit in 1usize..5,
    ) {
        let model = Model::shipped().unwrap();
        let statistics = PoolStatistics::of_pool(&pool);
        let need = statistics.prepare_need(&need);
        let mut prepared: Vec<(usize, PackedTalent)> =
            pool.iter().map(PackedTalent::of).enumerate().collect();
        let whole = rank(&model, &need, prepared.iter().map(|(id, talent)| (*id, talent)), pool.len(), None).unwrap();
        prop_assert_eq!(whole.len(), pool.len());

        fastrand::Rng::with_seed(seed).shuffle(&mut prepared);
        let mut paged: Vec<Match<usize>> = Vec::new();
        loop {
            let after = paged.last().map(Match::position);
            let candidates = prepared.iter().map(|(id, talent)| (*id, talent));
            let page = rank(&model, &need, candidates, limit, after.as_ref()).unwrap();
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        prop_assert_eq!(paged, whole);
    }
}

#[test]
fn an_empty_pool_is_refused() {
    let model = Model::shipped().unwrap();
    let statistics = PoolStatistics::default();
    let need = statistics.prepare_need(&Need::default());
    let nobody: [(u32, &PackedTalent); 0] = [];
    assert!(matches!(rank(&model, &need, nobody, 10, None), Err(ScoreError::EmptyPool)));
    assert!(matches!(model.score(&[]), Err(ScoreError::EmptyPool)));
}

#[test]
fn a_freelancer_without_any_feature_has_a_score() {
    let model = Model::shipped().unwrap();
    let statistics = PoolStatistics::default();
    let unknown = PackedTalent::of(&Talent::default());
    let need = statistics.prepare_need(&Need::default());
    let matches = rank(&model, &need, [("x", &unknown)], 10, None).unwrap();
    assert!(matches[0].score > 0.0 && matches[0].score < 1.0);
}

#[test]
fn a_score_that_is_not_finite_is_refused() {
    for score in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert!(matches!(top([(1, 0.5), (2, score)], 10, None), Err(ScoreError::NotFinite { .. })));
        let mut scores = vec![0.5; 1_000];
        scores[900] = score;
        assert!(matches!(top_scores(&scores, |place| place, 10, None), Err(ScoreError::NotFinite { .. })));
    }
}
