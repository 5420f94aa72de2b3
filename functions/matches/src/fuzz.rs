//! Fuzz targets: cursors of rankings, and messages between shards.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use fuzzing::Target;
use http_api::pagination::ListId;
use jiff::Timestamp;
use matching::{Need, PoolStatistics, Position, SharedPosition, Shown};

use crate::cursor::{Basis, End};
use crate::pools::from_text;

#[test]
fn fuzz_ranking_cursor() {
    let list = ListId::new("ranking", &[]);
    let need = PoolStatistics::default().prepare_need(&Need { skills: vec!["Rust".into()], ..Need::default() });
    let other = Position { score: 0.5, id: 7_u128 };
    let place = SharedPosition { shown: Shown { places: 2, members: 1 }, newcomer: Some(other), other: Some(other) };
    let basis = Basis::of_first_page(Timestamp::UNIX_EPOCH);
    let seeds = [
        list.cursor(&End { place, basis: basis.clone() }),
        list.cursor(&End { place, basis: Basis { view: Some(need.view()), asked: Some(7), ..basis } }),
    ];
    let seeds = seeds.map(|cursor| BASE64_URL_SAFE_NO_PAD.decode(cursor.unwrap()).unwrap());
    Target::new("ranking_cursor").run(seeds, |bytes| {
        let Ok(end) = list.position::<End<SharedPosition>>(&BASE64_URL_SAFE_NO_PAD.encode(bytes)) else { return false };
        let scores = [end.place.newcomer, end.place.other].map(|place| place.is_none_or(|it| it.score.is_finite()));
        assert_eq!(scores, [true, true]);
        true
    });
}

#[test]
fn fuzz_shard_message() {
    let message = matching::message::encode(&PoolStatistics::default()).unwrap();
    // The decoder makes room for each list before it reads it, up to a megabyte.
    Target { base_bytes: 16 << 20, ..Target::new("shard_message") }
        .run([message], |bytes| from_text::<PoolStatistics>(&BASE64_STANDARD.encode(bytes)).is_ok());
}
