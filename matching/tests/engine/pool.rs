//! The pool gives the results of its definition, however it was filled or divided.

use std::collections::BTreeMap;

use matching::{
    CodecError, Eligible, Everybody, Feature, Features, Match, Model, Need, Pace, PackedNeed, PackedTalent, Pool,
    PoolStatistics, Position, Ranking, Share, SharedPosition, Shown, Talent, TermVector, rank, with_share,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::arbitrary;

pub(crate) type People = BTreeMap<u128, PackedTalent>;

pub(crate) fn people(most: usize) -> impl Strategy<Value = People> {
    btree_map(any::<u128>(), arbitrary::talent().prop_map(|talent| PackedTalent::of(&talent)), 0..most)
}

/// Like [`people`], with about half of them newcomers.
pub(crate) fn some_new(most: usize) -> impl Strategy<Value = People> {
    let newcomer = |talent: Talent| Talent { proposals: 0, completed_jobs: 0, ..talent };
    let talent =
        (arbitrary::talent(), any::<bool>()).prop_map(move |(talent, new)| if new { newcomer(talent) } else { talent });
    btree_map(any::<u128>(), talent.prop_map(|talent| PackedTalent::of(&talent)), 0..most)
}

/// An example of a caller's filter, by id and by row metadata.
pub(crate) fn is_even(id: u128, along: &u64) -> bool {
    id.is_multiple_of(2) && along.is_multiple_of(2)
}

/// Everybody is eligible except one id.
struct AllBut(Option<u128>);

impl Eligible<u64> for AllBut {
    fn takes(&self, _: u128, _: &u64) -> bool {
        true
    }

    fn but(&self) -> Option<u128> {
        self.0
    }
}

pub(crate) fn along(id: u128) -> u64 {
    (id >> 64) as u64
}

/// The ranking by its definition: features pair by pair, then a sort of everybody.
fn by_definition(model: &Model, people: &People, need: &Need) -> Vec<Match<u128>> {
    let mut statistics = PoolStatistics::default();
    people.values().for_each(|talent| statistics.count(talent));
    let need = statistics.prepare_need(need);
    let eligible = people.iter().filter(|(id, _)| is_even(**id, &along(**id))).map(|(id, talent)| (*id, talent));
    rank(model, &need, eligible, people.len(), None).unwrap_or_default()
}

pub(crate) fn pool_of(people: &People) -> Pool<u64> {
    Pool::from_rows(people.iter().map(|(id, talent)| (*id, talent.clone(), along(*id))))
}

fn ranking(model: &Model, pool: &Pool<u64>, need: &Need, limit: usize) -> Ranking {
    pool.rank(model, &pool.prepare(need), &is_even, limit, None).unwrap()
}

/// Many synthetic people with few words and skills, enough to fill segments. [`is_even`] accepts about a quarter of
/// them: half of the ids are even, and half of the row metadata.
pub(crate) fn crowd(count: u32, seed: u64) -> People {
    let mut random = fastrand::Rng::with_seed(seed);
    let words: Vec<String> = (0..200).map(|word| format!("word{word}")).collect();
    let mut below = move |end: usize| (random.f64() * end as f64) as usize;
    (0..count)
        .map(|_| {
            let text: Vec<&str> = (0..5).map(|_| words[below(14) * below(14)].as_str()).collect();
            let talent = Talent {
                skills: vec![words[below(30)].clone(), words[below(60)].clone()],
                terms: TermVector::of_text(&text.join(" ")),
                proposals: below(5) as u32,
                completed_jobs: below(3) as u32,
                ..Talent::default()
            };
            let id = (below(1 << 30) as u128) << 64 | (below(1 << 30) as u128) << 20 | below(2) as u128;
            (id, PackedTalent::of(&talent))
        })
        .collect()
}

fn crowds_need() -> Need {
    Need {
        skills: vec!["word3".into(), "word7".into()],
        terms: TermVector::of_text("word1 word4 word36 word25 word0"),
        ranked_at: 1_700_000_000,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_pool_ranks_by_its_definition(people in people(20), need in arbitrary::need()) {
        let model = Model::shipped().unwrap();
        let expected = by_definition(&model, &people, &need);
        for got in [pool_of(&people), upserted(&people, &people.keys().copied().collect::<Vec<_>>())] {
            let got = ranking(&model, &got, &need, people.len());
            prop_assert_eq!(got.scored, expected.len());
            prop_assert_eq!(&got.matches, &expected);
        }
    }

    #[test]
    fn many_needs_are_counted_at_once(
        people in people(24),
        needs in vec(arbitrary::need(), 0..5),
        sealed in 0..24_usize,
    ) {
        let ids: Vec<u128> = people.keys().copied().collect();
        // Some people are in a segment, the others in the open part.
        let (first, rest) = ids.split_at(sealed.min(ids.len()));
        let mut pool = Pool::from_rows(first.iter().map(|id| (*id, people[id].clone(), along(*id))));
        for id in rest {
            pool.upsert(*id, people[id].clone(), along(*id));
        }
        let mut expected = PoolStatistics::default();
        people.values().for_each(|talent| expected.count(talent));
        let counted = pool.count_skills(needs.iter().flat_map(Need::skill_hashes));
        let bits = |statistics: &PoolStatistics, need: &Need| {
            // The pace is a sum, and its last bit depends on the order of addition.
            format!("{:?}", statistics.clone().with_pace(Pace::default()).prepare_need(need))
        };
        for need in &needs {
            prop_assert_eq!(bits(&counted, need), bits(&expected, need));
        }
    }

    #[test]
    fn a_packed_need_prepares_to_the_same_need(people in people(12), need in arbitrary::need()) {
        let statistics = pool_of(&people).statistics(&need);
        let packed = PackedNeed::of(need.skills.iter().map(String::as_str), &need.terms);
        prop_assert_eq!(packed.skill_hashes(), need.skill_hashes());
        let now = format!("{:?}", statistics.prepare_packed(&packed, need.ranked_at));
        prop_assert_eq!(now, format!("{:?}", statistics.prepare_need(&need)));
        let later = need.ranked_at.saturating_add(3_600);
        let moved = Need { ranked_at: later, ..need };
        let later = format!("{:?}", statistics.prepare_packed(&packed, later));
        prop_assert_eq!(later, format!("{:?}", statistics.prepare_need(&moved)));
    }

    #[test]
    fn an_excluded_id_is_neither_ranked_nor_counted(
        people in people(24),
        need in arbitrary::need(),
        out in any::<prop::sample::Index>(),
    ) {
        let Some(&out) = people.keys().nth(out.index(people.len().max(1))) else { return Ok(()) };
        let model = Model::shipped().unwrap();
        for pool in [pool_of(&people), upserted(&people, &people.keys().copied().collect::<Vec<_>>())] {
            let need = pool.prepare(&need);
            let ids = |eligible: &AllBut| -> Vec<u128> {
                let ranking = pool.rank(&model, &need, eligible, people.len(), None).unwrap();
                assert_eq!(ranking.scored, ranking.matches.len());
                ranking.matches.iter().map(|found| found.id).collect()
            };
            let everybody = ids(&AllBut(None));
            prop_assert_eq!(everybody.len(), people.len());
            let expected: Vec<u128> = everybody.into_iter().filter(|&id| id != out).collect();
            prop_assert_eq!(&ids(&AllBut(Some(out))), &expected);
            for (id, talent) in people.iter().filter(|(id, _)| **id != out) {
                let pair = Features::of(&need, talent);
                let place = pool.places(&model, &need, &AllBut(Some(out)), *id, &[pair]).unwrap()[0];
                prop_assert_eq!(place.rank, 1 + expected.iter().position(|other| other == id).unwrap());
                prop_assert_eq!(place.others, expected.len() - 1);
            }
        }
    }

    #[test]
    fn exactly_the_people_with_too_few_skills_are_excluded(
        people in people(24),
        need in arbitrary::need(),
        least in prop_oneof![Just(0.0f32), Just(1.0), Just(1e-30), 0.0f32..1.0],
    ) {
        let model = Model::shipped().unwrap();
        for pool in [pool_of(&people), upserted(&people, &people.keys().copied().collect::<Vec<_>>())] {
            let need = pool.prepare(&need);
            let everybody = pool.rank(&model, &need, &is_even, people.len(), None).unwrap().matches;
            let enough = |found: &&Match<u128>| {
                let has_any = |overlap: f32| least == 0.0 || overlap > 0.0;
                found.features.get(Feature::SkillOverlap).is_none_or(|it| it >= least - 2e-5 && has_any(it))
            };
            let expected: Vec<Match<u128>> = everybody.iter().filter(enough).cloned().collect();
            let need = need.with_least_overlap(least);
            let got = pool.rank(&model, &need, &is_even, people.len(), None).unwrap();
            prop_assert_eq!(got.scored, got.matches.len());
            prop_assert_eq!(got.matches, expected);
        }
    }

    #[test]
    fn pages_have_no_gap_and_no_repeat(people in people(24), need in arbitrary::need(), limit in 1usize..6) {
        let model = Model::shipped().unwrap();
        let pool = pool_of(&people);
        let need = pool.prepare(&need);
        let whole = pool.rank(&model, &need, &is_even, people.len(), None).unwrap().matches;
        let mut paged: Vec<Match<u128>> = Vec::new();
        loop {
            let after: Option<Position<u128>> = paged.last().map(Match::position);
            let page = pool.rank(&model, &need, &is_even, limit, after.as_ref()).unwrap().matches;
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        prop_assert_eq!(paged, whole);
    }

    #[test]
    fn newcomers_have_their_share_on_pages_without_gap_or_repeat(
        people in some_new(80),
        need in arbitrary::need(),
        share in 0.0..=1.0,
        limit in 1usize..12,
    ) {
        let (model, share) = (Model::shipped().unwrap(), Share::new(share).unwrap());
        let pool = pool_of(&people);
        let (by_score, need) = (by_definition(&model, &people, &need), pool.prepare(&need));
        let (newcomers, others): (Vec<_>, Vec<_>) =
            by_score.iter().enumerate().partition(|(_, found)| found.features.is_of_newcomer());
        let members = newcomers.len();
        let by_place = |a: &(usize, _), b: &(usize, _)| a.0.cmp(&b.0);
        let expected: Vec<&Match<u128>> =
            with_share(share, newcomers, others, Shown::default(), by_score.len(), by_place).map(|it| it.1).collect();

        let (mut paged, mut after) = (Vec::new(), SharedPosition::default());
        loop {
            let page = pool.rank_with_share(&model, &need, &is_even, share, limit, &after).unwrap();
            prop_assert_eq!(page.scored, expected.len());
            if page.matches.is_empty() {
                break;
            }
            after = after.behind(&page.matches);
            paged.extend(page.matches);
        }
        prop_assert_eq!(paged.iter().collect::<Vec<_>>(), expected);
        for places in 1..=paged.len() {
            let shown = paged[..places].iter().filter(|found| found.features.is_of_newcomer()).count();
            prop_assert!(shown >= share.of(places).min(members));
        }
    }

    #[test]
    fn a_talent_survives_its_bytes(talent in arbitrary::talent()) {
        let packed = PackedTalent::of(&talent);
        let mut bytes = Vec::new();
        packed.encode(&mut bytes);
        prop_assert_eq!(PackedTalent::decode(&bytes), Ok(packed));
        for length in 0..bytes.len() {
            prop_assert!(PackedTalent::decode(&bytes[..length]).is_err());
        }
        bytes.push(0);
        prop_assert_eq!(PackedTalent::decode(&bytes), Err(CodecError::TooLong { extra: 1 }));
    }

    #[test]
    fn damaged_bytes_are_refused_or_encode_to_themselves(
        talent in arbitrary::talent(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = Vec::new();
        PackedTalent::of(&talent).encode(&mut bytes);
        for (place, value) in damage {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Ok(read) = PackedTalent::decode(&bytes) {
            let mut again = Vec::new();
            read.encode(&mut again);
            prop_assert_eq!(again, bytes);
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(read) = PackedTalent::decode(&bytes) {
            let mut again = Vec::new();
            read.encode(&mut again);
            prop_assert_eq!(again, bytes);
        }
    }
}

/// Fills a pool one by one in some order. Each person is upserted twice, first with another talent, and others are
/// added and removed.
fn upserted(people: &People, order: &[u128]) -> Pool<u64> {
    let mut pool = Pool::default();
    let mut leaving = Vec::new();
    for (place, id) in order.iter().enumerate() {
        let other = &people[&order[(place * 7 + 3) % order.len()]];
        assert_eq!(pool.upsert(*id, other.clone(), 0), None);
        if place % 3 == 0 && !people.contains_key(&!id) {
            pool.upsert(!id, other.clone(), 0);
            leaving.push(!id);
        }
    }
    for id in order.iter().rev() {
        assert_eq!(pool.upsert(*id, people[id].clone(), along(*id)), Some(0));
    }
    for id in leaving {
        assert_eq!(pool.remove(id), Some(0));
        assert_eq!(pool.remove(id), None);
    }
    assert_eq!(pool.len(), people.len());
    pool
}

#[test]
fn the_ranking_does_not_depend_on_how_the_pool_was_filled() {
    let (model, people, need) = (Model::shipped().unwrap(), crowd(9_000, 1), crowds_need());
    let expected = by_definition(&model, &people, &need);
    assert_most_are_refused(&expected, &people);
    let at_once = pool_of(&people);
    let mut order: Vec<u128> = people.keys().copied().collect();
    fastrand::Rng::with_seed(2).shuffle(&mut order);
    let one_by_one = upserted(&people, &order);
    for pool in [&at_once, &one_by_one] {
        let got = ranking(&model, pool, &need, people.len());
        assert_eq!(got.scored, expected.len());
        assert!(got.matches == expected);
        for id in &order[..100] {
            assert_eq!(pool.get(*id), Some(along(*id)));
            assert_eq!(pool.get(id ^ 1), None);
        }
    }
}

#[test]
fn more_than_a_segment_ranks_by_the_definition() {
    let (model, people, need) = (Model::shipped().unwrap(), crowd(140_000, 3), crowds_need());
    let mut pool = pool_of(&people);
    assert_first_500(&model, &pool, &people, &need);
    assert!(pool.bytes() < 110 * people.len(), "{} bytes each", pool.bytes() / people.len());

    // Everybody changes, and some twice. Dead rows must never take much memory.
    let (fresh, mut most) = (pool.bytes(), 0);
    let mut order: Vec<u128> = people.keys().copied().collect();
    fastrand::Rng::with_seed(4).shuffle(&mut order);
    for (number, id) in order.iter().chain(&order[..20_000]).enumerate() {
        pool.upsert(*id, people[id].clone(), along(*id));
        if number % 1_000 == 0 {
            most = most.max(pool.bytes());
        }
    }
    // Beside the dead rows, about two thousand rows are in the open part, which is not packed.
    assert!(most < fresh * 109 / 100 + 2_048 * 1_000, "{most} bytes, {fresh} before");
    assert_first_500(&model, &pool, &people, &need);

    // Seven of eight people leave. Their segments are merged, and the ranking of the others stays the same.
    let (left, stayed): (People, People) = people.into_iter().partition(|(id, _)| (id >> 20) % 8 != 0);
    for id in left.keys() {
        assert!(pool.remove(*id).is_some());
    }
    assert_eq!(pool.len(), stayed.len());
    assert_first_500(&model, &pool, &stayed, &need);
}

/// Checks that the pool counts the eligible people and starts its ranking as the definition does.
fn assert_first_500(model: &Model, pool: &Pool<u64>, people: &People, need: &Need) {
    let (got, expected) = (ranking(model, pool, need, 500), by_definition(model, people, need));
    assert_most_are_refused(&expected, people);
    assert_eq!(got.scored, expected.len());
    assert_eq!(got.matches[..], expected[..500]);
}

/// Checks that most people are excluded. Otherwise the tests would not show that the filter works.
fn assert_most_are_refused(eligible: &[Match<u128>], people: &People) {
    let share = eligible.len() as f64 / people.len() as f64;
    assert!((0.2..0.3).contains(&share), "{share} of the crowd are eligible");
}

#[test]
fn places_equal_the_ranks_of_the_ranking() {
    let (model, people, need) = (Model::shipped().unwrap(), crowd(3_000, 4), crowds_need());
    let pool = pool_of(&people);
    let everybody = assert_places(&model, &pool, &people, &need, &Everybody);
    let even = assert_places(&model, &pool, &people, &need, &is_even);
    assert_eq!((everybody, even), (people.len(), by_definition(&model, &people, &need).len()));
}

/// Compares the places of some people with the ranking of the eligible, and returns the number of eligible people.
fn assert_places(
    model: &Model,
    pool: &Pool<u64>,
    people: &People,
    need: &Need,
    eligible: &impl Eligible<u64>,
) -> usize {
    let prepared = pool.prepare(need);
    let all = pool.rank(model, &prepared, eligible, people.len(), None).unwrap().matches;
    for rank in [1, 2, 57, 600, all.len()] {
        let Match { id, score, .. } = all[rank - 1];
        let pair = Features::of(&prepared, &people[&id]);
        let places = pool.places(model, &prepared, eligible, id, &[pair, pair]).unwrap();
        assert_eq!(places.len(), 2);
        for place in places {
            assert_eq!((place.rank, place.score), (rank, score));
        }
    }
    all.len()
}

#[test]
fn an_empty_pool_ranks_nobody() {
    let pool = Pool::<()>::default();
    let ranking = pool.rank(&Model::shipped().unwrap(), &pool.prepare(&crowds_need()), &Everybody, 10, None).unwrap();
    assert_eq!(ranking, Ranking { scored: 0, matches: Vec::new() });
    assert!(pool.is_empty());
}
