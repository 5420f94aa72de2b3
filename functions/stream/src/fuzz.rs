//! Fuzz target: events of the table's stream. A record that cannot be read fails alone.

use fuzzing::Target;
use jiff::Timestamp;

use crate::{
    change::{Effect, Rows},
    event::Event,
};
use store::freelancers::Talents;

#[test]
fn fuzz_stream_event() {
    let seeds = [
        include_str!("../../../events/stream/freelancer-introduced.json"),
        include_str!("../../../events/stream/project-posted-and-closed.json"),
    ];
    Target { bytes_per_byte: 1_024, ..Target::new("stream_event") }.run(seeds, |bytes| {
        let Ok(Event::Changes(changes)) = serde_json::from_slice::<Event>(bytes) else { return false };
        let (mut rows, mut talents) = (Rows::default(), Talents::default());
        changes.records.into_iter().all(|record| {
            let effect = Effect::of(record.dynamodb, Timestamp::UNIX_EPOCH);
            effect.is_ok_and(|effect| rows.add(effect, &mut talents, jiff::Timestamp::UNIX_EPOCH).is_ok())
        })
    });
}
