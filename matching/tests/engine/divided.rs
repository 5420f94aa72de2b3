//! A divided pool: merged answers of its parts, sent as messages, equal those of the whole pool.

use matching::message::{MessageError, decode, encode};
use matching::{
    Features, Match, Model, Pool, PoolStatistics, PreparedNeed, Ranking, Share, SharedPosition, Standing, TwoRankings,
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::arbitrary;
use crate::pool::{People, along, is_even, people, pool_of, some_new};

/// Serialises and deserialises a value, as if it were sent.
fn sent<T: Serialize + DeserializeOwned>(value: &T) -> T {
    decode(&encode(value).unwrap()).unwrap()
}

/// Divides the people into four pools by id.
fn divided(people: &People) -> Vec<Pool<u64>> {
    let of_part = |part: u128| people.iter().filter(move |(id, _)| **id % 4 == part);
    let rows = |part| of_part(part).map(|(id, talent)| (*id, talent.clone(), along(*id)));
    (0..4).map(|part| Pool::from_rows(rows(part))).collect()
}

/// Prepares the need with the statistics of all parts.
fn prepared(parts: &[Pool<u64>], need: &matching::Need) -> PreparedNeed {
    let mut statistics = PoolStatistics::default();
    for part in parts {
        statistics.merge(&sent(&part.statistics(need)));
    }
    sent(&statistics.prepare_need(need))
}

fn ids(matches: &[Match<u128>]) -> Vec<u128> {
    matches.iter().map(|found| found.id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_divided_pool_ranks_as_the_whole_pool(people in people(24), need in arbitrary::need(), limit in 0usize..8) {
        let (model, whole, parts) = (Model::shipped().unwrap(), pool_of(&people), divided(&people));
        let everybody = whole.rank(&model, &whole.prepare(&need), &is_even, limit, None).unwrap();
        let need = prepared(&parts, &need);
        // A page may start after any position; here, after the middle one.
        let after = everybody.matches.get(limit / 2).map(Match::position);
        let behind = everybody.matches.get(limit / 2 + 1..).unwrap_or_default();
        for (after, expected) in [(None, &everybody.matches[..]), (after, behind)] {
            let after = sent(&after);
            let limit = expected.len();
            let rank = |part: &Pool<u64>| part.rank(&model, &need, &is_even, limit, after.as_ref()).unwrap();
            let merged = Ranking::merge(parts.iter().map(|part| sent(&rank(part))), limit);
            prop_assert_eq!(merged.scored, everybody.scored);
            prop_assert_eq!(ids(&merged.matches), ids(expected));
        }
    }

    #[test]
    fn a_divided_pool_gives_newcomers_their_share(
        people in some_new(60), need in arbitrary::need(), share in 0.0..=1.0, limit in 1usize..8,
    ) {
        let (model, share) = (Model::shipped().unwrap(), Share::new(share).unwrap());
        let (whole, parts) = (pool_of(&people), divided(&people));
        let (undivided, need) = (whole.prepare(&need), prepared(&parts, &need));
        let mut after = SharedPosition::default();
        loop {
            let expected = whole.rank_with_share(&model, &undivided, &is_even, share, limit, &after).unwrap();
            let rank = |part: &Pool<u64>| part.rank_both(&model, &need, &is_even, limit, &sent(&after)).unwrap();
            let both = TwoRankings::merge(parts.iter().map(|part| sent(&rank(part))), limit);
            let got = both.with_share(share, after.shown, limit);
            prop_assert_eq!(got.scored, expected.scored);
            prop_assert_eq!(ids(&got.matches), ids(&expected.matches));
            if got.matches.is_empty() {
                break;
            }
            after = after.behind(&got.matches);
        }
    }

    #[test]
    fn places_in_the_parts_add_up(
        people in people(24), need in arbitrary::need(), talent in arbitrary::talent(), id in any::<u128>(),
    ) {
        let (model, whole, parts) = (Model::shipped().unwrap(), pool_of(&people), divided(&people));
        let need = prepared(&parts, &need);
        let pair: Features = sent(&Features::of(&need, &matching::PackedTalent::of(&talent)));
        let places =
            |pool: &Pool<u64>| -> Vec<Standing> { sent(&pool.places(&model, &need, &is_even, id, &[pair]).unwrap()) };
        let together = parts.iter().map(|part| places(part)[0]).reduce(Standing::beside);
        prop_assert_eq!(together, places(&whole).first().copied());
    }

    #[test]
    fn sent_values_arrive_bit_by_bit(people in people(12), need in arbitrary::need()) {
        let (model, pool) = (Model::shipped().unwrap(), pool_of(&people));
        let ranking = pool.rank(&model, &pool.prepare(&need), &is_even, 12, None).unwrap();
        prop_assert_eq!(&sent(&ranking), &ranking);
        let bits = |need: &PreparedNeed| format!("{need:?}");
        prop_assert_eq!(bits(&sent(&pool.prepare(&need))), bits(&pool.prepare(&need)));
    }
}

/// Decodes a message that encodes other fields than the type's own.
fn read_from<T: DeserializeOwned>(parts: &impl Serialize) -> Result<T, MessageError> {
    decode(&encode(parts).unwrap())
}

#[test]
fn invalid_messages_of_a_part_are_refused() {
    let unknown = [f32::NAN; 10];
    let found = |score: f32, row: [f32; 10]| read_from::<Match<u128>>(&(7_u128, score, row));
    assert_eq!(found(0.5, unknown).unwrap().id, 7);
    for score in [f32::NAN, f32::INFINITY] {
        assert!(found(score, unknown).is_err(), "{score}");
    }
    let mut absurd = unknown;
    absurd[3] = 6.0; // stars
    assert!(found(0.5, absurd).is_err());

    let need = |skills: [(u32, f32); 2], least_overlap: f32| {
        read_from::<PreparedNeed>(&(&skills[..], &skills[..0], 0_u32, [1.0_f32; 3], least_overlap))
    };
    assert!(need([(1, 0.5), (2, 0.5)], 0.0).is_ok());
    assert!(need([(2, 0.5), (1, 0.5)], 0.0).is_err(), "the skill hashes do not rise");
    assert!(need([(1, f32::NAN), (2, 0.5)], 0.0).is_err());
    assert!(need([(1, 0.5), (2, 0.5)], 1.5).is_err());

    assert!(read_from::<Standing>(&(1_usize, 0_usize, 0.5_f32)).is_ok());
    assert!(read_from::<Standing>(&(0_usize, 0_usize, 0.5_f32)).is_err(), "ranks start at 1");
    assert!(read_from::<SharedPosition>(&((1_usize, 2_usize), false, false)).is_err(), "more newcomers than places");
}

#[test]
fn messages_of_another_version_or_length_are_refused() {
    let bytes = encode(&7_u32).unwrap();
    assert_eq!(decode::<u32>(&bytes), Ok(7));
    assert_eq!(decode::<u32>(&[]), Err(MessageError::Version { got: None }));
    assert_eq!(decode::<u32>(&[9, 7]), Err(MessageError::Version { got: Some(9) }));
    assert_eq!(decode::<u32>(&[&bytes[..], &[0, 0]].concat()), Err(MessageError::TooLong { extra: 2 }));
    assert!(matches!(decode::<u32>(&bytes[..1]), Err(MessageError::Malformed(_))));
}
