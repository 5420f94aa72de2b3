//! The rules of a profile in words.

use serde::Serialize;

use super::FaultProfile;

/// One rule of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FaultRule {
    /// The kind of fault, as strikes name it.
    pub fault: &'static str,
    /// The setting in the profile's file, e.g. `store.throttled`.
    pub setting: &'static str,
    /// The effect.
    pub what: &'static str,
    /// How often.
    pub how_often: String,
    /// Where it may strike.
    pub place: &'static str,
}

const EVERY_CALL: &str = "every call of a function to DynamoDB";
const EVERY_WRITE: &str = "every write of a function to DynamoDB";
const EVERY_BATCH_CALL: &str = "BatchGetItem and BatchWriteItem of a function";
const EVERY_BATCH: &str = "every batch of a table's stream";
const EVERY_LONG_BATCH: &str = "every batch of two or more records";

impl FaultProfile {
    /// The rules that inject something, in the order of the profile's file.
    pub fn rules(&self) -> Vec<FaultRule> {
        let Self { store, streams, functions, clock } = self;
        let share = |share: f64, noun: &str| (share > 0.0).then(|| format!("{} of {noun}", percent(share)));
        let always = |is_on: bool| is_on.then(|| "always".to_owned());
        let (lag, more) = (streams.longest_lag_ms, streams.deliveries.saturating_sub(1));
        let delayed = format!("calls, up to {} ms each", store.longest_delay_ms);
        let mut rules = Vec::new();
        let mut add = |fault, setting, how_often: Option<String>, place, what| {
            rules.extend(how_often.map(|how_often| FaultRule { fault, setting, what, how_often, place }));
        };

        let often = share(store.throttled, "calls");
        add("throttled", "store.throttled", often, EVERY_CALL, "The call is throttled and has no effect.");
        let often = share(store.unprocessed, "calls");
        let what = "A part of the items is left unprocessed.";
        add("left unprocessed", "store.unprocessed", often, EVERY_BATCH_CALL, what);
        let often = share(store.cancelled, "writes");
        let what = "The write is refused because of a conflict or of throttling.";
        add("cancelled", "store.cancelled", often, EVERY_WRITE, what);
        let often = share(store.lost_replies, "writes");
        let what = "The write takes effect, and its reply is lost.";
        add("reply lost", "store.lost_replies", often, EVERY_WRITE, what);
        let (often, place) = (always(store.forget_tokens), "every TransactWriteItems that has a token");
        add("token forgotten", "store.forget_tokens", often, place, "The token of the transaction is forgotten.");
        let often = share(store.delayed, &delayed);
        add("delayed", "store.delayed", often, EVERY_CALL, "The call waits before it runs.");

        let often = (lag > 0).then(|| format!("always, up to {lag} ms"));
        add("stream lagged", "streams.longest_lag_ms", often, "every table's stream", "Records are held back.");
        let often = (more > 0).then(|| format!("{more} more each time"));
        let what = "A batch that is done is delivered again.";
        add("batch delivered again", "streams.deliveries", often, EVERY_BATCH, what);
        let often = always(streams.shuffled && !streams.shuffled_within_keys);
        let what = "Records change places. Those of one key keep their order.";
        add("batch shuffled", "streams.shuffled", often, EVERY_LONG_BATCH, what);
        let often = always(streams.shuffled_within_keys);
        let what = "Records change places, even those of one key.";
        add("batch shuffled", "streams.shuffled_within_keys", often, EVERY_LONG_BATCH, what);
        let often = share(streams.failing, "deliveries");
        let what = "A part of a batch counts as failed, though the function took it.";
        add("batch failed in part", "streams.failing", often, EVERY_BATCH, what);

        let often = share(functions.killed, "calls");
        let what = "The calling process is killed: in turns before and after the effect.";
        add("killed", "functions.killed", often, EVERY_CALL, what);
        let often = functions.killed_at_write.map(|write| format!("once, at write {write}"));
        add("killed", "functions.killed_at_write", often, EVERY_WRITE, "The calling process is killed.");

        let often = (!clock.offsets_s.is_empty()).then(|| format!("every {} ms", clock.every_ms));
        add("clock set", "clock.offsets_s", often, "every reader of the time", "The clock jumps ahead or back.");
        rules
    }
}

/// A share in percent, with as many digits as it has: 5 %, 0.5 %.
fn percent(share: f64) -> String {
    format!("{} %", (share * 100_000.0).round() / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_says_its_rules_in_words() {
        let text = "[store]\ndelayed = 0.1\nlongest_delay_ms = 20\n\
                    [streams]\ndeliveries = 2\n[functions]\nkilled = 0.005\n";
        let rules = FaultProfile::parse(text).unwrap().rules();
        let said: Vec<_> = rules.iter().map(|rule| (rule.setting, rule.how_often.as_str())).collect();
        assert_eq!(
            said,
            [
                ("store.delayed", "10 % of calls, up to 20 ms each"),
                ("streams.deliveries", "1 more each time"),
                ("functions.killed", "0.5 % of calls"),
            ]
        );
        assert_eq!(FaultProfile::default().rules(), []);
    }
}
