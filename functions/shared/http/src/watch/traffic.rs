//! Features of each caller's traffic within a minute, for a detector that reads the log.
//!
//! People and programs differ in how many requests they send, how many are refused, how many routes they use, and how
//! even the gaps between requests are. A process counts its own requests alone, and logs a minute when the next one
//! begins. So the last minute of a process is not logged.

use std::collections::{BTreeSet, HashMap};

use axum::http::StatusCode;
use jiff::Timestamp;

use crate::limits::AddressPrefix;

/// The most callers that are told apart within a minute. All others are counted together.
const MOST_CALLERS: usize = 1_000;

/// The traffic of the minute that runs.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    /// Minutes since 1970.
    minute: i64,
    callers: HashMap<Option<AddressPrefix>, Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    requests: u32,
    refused: u32,
    routes: BTreeSet<(String, String)>,
    last: Option<Timestamp>,
    gaps: Gaps,
}

/// Mean and deviation of gaps, by Welford's method: <https://doi.org/10.1080/00401706.1962.10490022>.
#[derive(Debug, Default)]
struct Gaps {
    count: f64,
    mean_ms: f64,
    squares: f64,
}

impl Gaps {
    fn add(&mut self, gap_ms: f64) {
        self.count += 1.0;
        let difference = gap_ms - self.mean_ms;
        self.mean_ms += difference / self.count;
        self.squares += difference * (gap_ms - self.mean_ms);
    }

    fn deviation_ms(&self) -> f64 {
        if self.count > 0.0 { (self.squares / self.count).sqrt() } else { 0.0 }
    }
}

/// The features of one caller in one minute.
#[derive(Debug, PartialEq)]
pub(super) struct Ended {
    /// The caller; `None` for all callers that are not told apart.
    pub(super) caller: Option<AddressPrefix>,
    /// When the minute began.
    pub(super) minute: Timestamp,
    pub(super) requests: u32,
    /// The share of answers with a 4xx status.
    pub(super) refused_share: f64,
    /// How many different routes were asked.
    pub(super) routes: usize,
    /// The mean gap between two requests, in milliseconds; 0 for one request.
    pub(super) gap_mean_ms: f64,
    /// The standard deviation of the gaps, in milliseconds.
    pub(super) gap_deviation_ms: f64,
}

impl Traffic {
    /// Counts an answer. If it is the first one of a minute, returns the features of the minute before.
    pub(super) fn count(
        &mut self,
        caller: AddressPrefix,
        (method, route): (&str, &str),
        status: StatusCode,
        now: Timestamp,
    ) -> Vec<Ended> {
        let minute = now.as_second().div_euclid(60);
        let ended = if minute == self.minute { Vec::new() } else { self.end() };
        self.minute = minute;
        let is_told_apart = self.callers.len() < MOST_CALLERS || self.callers.contains_key(&Some(caller));
        let counts = self.callers.entry(is_told_apart.then_some(caller)).or_default();
        counts.requests = counts.requests.saturating_add(1);
        counts.refused = counts.refused.saturating_add(u32::from(status.is_client_error()));
        counts.routes.insert((method.to_owned(), route.to_owned()));
        if let Some(last) = counts.last.replace(now) {
            counts.gaps.add(now.duration_since(last).as_secs_f64() * 1_000.0);
        }
        ended
    }

    fn end(&mut self) -> Vec<Ended> {
        let minute = Timestamp::from_second(self.minute * 60).unwrap_or(Timestamp::UNIX_EPOCH);
        let ended = self.callers.drain().map(|(caller, counts)| Ended {
            caller,
            minute,
            requests: counts.requests,
            refused_share: f64::from(counts.refused) / f64::from(counts.requests),
            routes: counts.routes.len(),
            gap_mean_ms: counts.gaps.mean_ms,
            gap_deviation_ms: counts.gaps.deviation_ms(),
        });
        ended.collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    const START: &str = "2026-12-01T00:00:00Z";

    fn after(milliseconds: i64) -> Timestamp {
        START.parse::<Timestamp>().unwrap() + SignedDuration::from_millis(milliseconds)
    }

    #[test]
    fn a_minute_is_reported_when_the_next_one_begins() {
        let mut traffic = Traffic::default();
        let caller = AddressPrefix::read("203.0.113.9");
        let requests = [(0, "/a", 200), (1_000, "/b", 404), (2_000, "/a", 429), (5_000, "/a", 500)];
        for (milliseconds, route, status) in requests {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(traffic.count(caller, ("GET", route), status, after(milliseconds)), []);
        }
        let [ended] = &traffic.count(caller, ("GET", "/a"), StatusCode::OK, after(60_000))[..] else { panic!() };
        assert_eq!((ended.caller, ended.minute, ended.requests, ended.routes), (Some(caller), after(0), 4, 2));
        assert!((ended.refused_share - 0.5).abs() < 1e-9);
        // Gaps of 1, 1 and 3 seconds.
        assert!((ended.gap_mean_ms - 5_000.0 / 3.0).abs() < 1e-6, "{ended:?}");
        assert!((ended.gap_deviation_ms - 942.809).abs() < 0.001, "{ended:?}");
    }

    #[test]
    fn callers_beyond_a_thousand_are_counted_together() {
        let mut traffic = Traffic::default();
        for number in 0..3_000_u32 {
            let caller = AddressPrefix::of(std::net::Ipv4Addr::from_bits(number).into());
            traffic.count(caller, ("GET", "/"), StatusCode::OK, after(0));
        }
        let ended = traffic.count(AddressPrefix::UNKNOWN, ("GET", "/"), StatusCode::OK, after(60_000));
        assert_eq!(ended.len(), MOST_CALLERS + 1);
        let others = ended.iter().find(|ended| ended.caller.is_none()).unwrap();
        assert_eq!(others.requests, 2_000);
    }
}
