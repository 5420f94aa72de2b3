//! Measures the cost of turning stored rows into features: packed bytes compared with items parsed by `serde_dynamo`.

use std::collections::BTreeMap;
use std::time::Duration;

use matching::{Features, PackedTalent, PreparedNeed, Talent};
use serde::{Deserialize, Serialize};
use serde_dynamo::{Item, from_item, to_item};

use crate::market::freelancer;
use crate::stopwatch::cpu_time;

/// A freelancer as a DynamoDB item with named attributes. It holds the same facts as the packed bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    skills: Vec<String>,
    skill_jobs: BTreeMap<String, u32>,
    rating: Option<f64>,
    rated_jobs: u32,
    proposals: u32,
    completed_jobs: u32,
    response_minutes: Option<f64>,
    last_active_at: Option<i64>,
    activity: Option<(f32, f32, f32, i64)>,
    terms: Vec<(u32, f32)>,
}

/// The same freelancers in both forms.
pub(crate) struct Rows {
    items: Vec<Item>,
    bytes: Vec<Vec<u8>>,
}

impl Rows {
    pub(crate) fn new(count: u64) -> Self {
        let talents: Vec<Talent> = (0..count).map(|number| freelancer(number).1).collect();
        let record = |talent: &Talent| Record {
            skills: talent.skills.clone(),
            skill_jobs: talent.skill_jobs.clone(),
            rating: talent.rating,
            rated_jobs: talent.rated_jobs,
            proposals: talent.proposals,
            completed_jobs: talent.completed_jobs,
            response_minutes: talent.response_minutes,
            last_active_at: talent.last_active_at,
            activity: talent
                .activity
                .map(|activity| (activity.week, activity.month, activity.half_year, activity.as_of)),
            // As many words as the packed bytes hold.
            terms: talent.terms.strongest(matching::PACKED_TERMS).terms().to_vec(),
        };
        let bytes = |talent: &Talent| {
            let mut bytes = Vec::new();
            PackedTalent::of(talent).encode(&mut bytes);
            bytes
        };
        Self {
            items: talents.iter().map(|talent| to_item(record(talent)).expect("a plain record")).collect(),
            bytes: talents.iter().map(bytes).collect(),
        }
    }

    /// Decodes the packed bytes and computes the features.
    pub(crate) fn features_of_bytes(&self, need: &PreparedNeed) -> Vec<Features> {
        let packed = self.bytes.iter().map(|bytes| PackedTalent::decode(bytes).expect("encoded bytes"));
        packed.map(|talent| Features::of(need, &talent)).collect()
    }

    /// Parses the items into records; features would cost extra. Parsing consumes an item, as with a store's answer,
    /// so the items are copied first. Returns the CPU time of the copies.
    pub(crate) fn parse_items(&self) -> Duration {
        let start = cpu_time();
        let copies = self.items.clone();
        let copying = cpu_time() - start;
        let records = copies.into_iter().map(|item| from_item::<_, Record>(item).expect("a written item"));
        std::hint::black_box(records.map(|record| record.terms.len()).sum::<usize>());
        copying
    }
}
