//! The freelancers of the demo market, as bodies of requests.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::content::{Content, DemoLanguage, Trade};
use super::dice::Dice;
use super::price;

const SEED: u64 = 0x7061_6972_776f_726b;

/// The time zones of English-speaking freelancers, each with a second language.
const PLACES: [(&str, &str); 11] = [
    ("America/New_York", "es"),
    ("Europe/London", "fr"),
    ("Europe/Berlin", "de"),
    ("Asia/Seoul", "ko"),
    ("Asia/Singapore", "zh-Hans"),
    ("America/Sao_Paulo", "pt-BR"),
    ("Europe/Madrid", "es"),
    ("Asia/Tokyo", "ja"),
    ("Asia/Kolkata", "hi"),
    ("Africa/Lagos", "yo"),
    ("Australia/Sydney", "vi"),
];

/// One freelancer.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// The index in the demo market, from 0.
    pub(crate) index: usize,
    pub(crate) email: String,
    pub(crate) display_name: String,
    pub(crate) language: DemoLanguage,
    /// Index of the trade in [`Content::trades`].
    pub(crate) trade: usize,
    pub(crate) skills: Vec<String>,
    /// Years in the trade. Freelancers with 0 or 1 are newcomers.
    pub(crate) years: i64,
    /// The body of `PUT /freelancers/me`.
    pub(crate) profile: Value,
}

/// The first `count` freelancers.
pub(crate) fn people(content: &Content, count: usize) -> Vec<Person> {
    let mut colleagues = BTreeMap::<(usize, DemoLanguage), usize>::new();
    let person = |index| {
        let mut dice = Dice::new(SEED, index);
        let language = if dice.chance(55) { DemoLanguage::Korean } else { DemoLanguage::English };
        let trade = index % content.trades.len();
        let earlier = colleagues.entry((trade, language)).or_default();
        let person = person(content, &mut dice, index, language, *earlier);
        *earlier += 1;
        person
    };
    (0..count).map(person).collect()
}

/// One freelancer. `earlier` is the number of colleagues of the same trade and language who have their headlines
/// already.
fn person(content: &Content, dice: &mut Dice, index: usize, language: DemoLanguage, earlier: usize) -> Person {
    let trade_index = index % content.trades.len();
    let trade = &content.trades[trade_index];
    let skill_count = dice.between(4, 7) as usize;
    let skills = dice.pick_some(&trade.skills(language), skill_count);
    let years = if dice.chance(22) { dice.between(0, 1) } else { dice.between(2, 18) };
    let (timezone, languages, currency) = home(dice, language);
    let rate = hourly_rate(dice, trade, years);
    let profile = json!({
        "headline": headline(trade, language, earlier, &skills),
        "bio": bio(content, dice, trade, language, years),
        "category": trade.category,
        "skills": skills,
        "languages": languages,
        "timezone": timezone,
        "hourly_rate": dice.chance(94).then(|| price::of_usd(rate, currency)),
        "weekly_hours": dice.pick(&[8, 10, 15, 20, 20, 25, 30, 35, 40, 40]),
        "years_experience": years,
    });
    Person {
        index,
        email: format!("talent-{:03}@pairwork.example", index + 1),
        display_name: content.phrases.name(language, index),
        language,
        trade: trade_index,
        skills,
        years,
        profile,
    }
}

/// Time zone, languages and currency.
fn home(dice: &mut Dice, language: DemoLanguage) -> (&'static str, Vec<&'static str>, &'static str) {
    match language {
        DemoLanguage::Korean => {
            let languages = if dice.chance(45) { vec!["ko", "en"] } else { vec!["ko"] };
            let timezone = if dice.chance(93) { "Asia/Seoul" } else { "America/Los_Angeles" };
            (timezone, languages, "KRW")
        }
        DemoLanguage::English => {
            let &(timezone, second) = dice.pick(&PLACES);
            let languages = if dice.chance(65) { vec!["en", second] } else { vec!["en"] };
            let currency = match timezone {
                "Asia/Seoul" => "KRW",
                "Europe/Berlin" | "Europe/Madrid" => "EUR",
                _ => "USD",
            };
            (timezone, languages, currency)
        }
    }
}

/// US dollars. More years in the trade bring more, with exceptions.
fn hourly_rate(dice: &mut Dice, trade: &Trade, years: i64) -> i64 {
    let (low, high) = trade.usd;
    let seniority = (years as f64 / 18.0) * 0.7 + dice.share() * 0.3;
    low + ((high - low) as f64 * seniority) as i64
}

/// A headline that no other colleague has, for up to nine colleagues of one language. Everybody has at least three
/// skills.
fn headline(trade: &Trade, language: DemoLanguage, earlier: usize, skills: &[String]) -> String {
    let words = trade.words.of(language);
    let offer = &words.offers[earlier % words.offers.len()];
    match earlier / words.offers.len() {
        0 => offer.clone(),
        1 => format!("{offer} · {}", skills[0]),
        _ => format!("{} · {}", without_article(&words.role), skills[..3].join(", ")),
    }
}

fn without_article(role: &str) -> String {
    let role = role.strip_prefix("a ").or_else(|| role.strip_prefix("an ")).unwrap_or(role);
    let mut characters = role.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + characters.as_str()
}

fn bio(content: &Content, dice: &mut Dice, trade: &Trade, language: DemoLanguage, years: i64) -> String {
    let words = trade.words.of(language);
    let openings = content.phrases.openings.of(language);
    let opening = dice.pick(if years < 2 { &openings.fresh } else { &openings.seasoned });
    let opening = opening.replace("{role}", &words.role).replace("{years}", &years.to_string());
    let about = if years < 2 { 1 } else { 2 };
    let mut sentences = vec![opening];
    sentences.extend(dice.pick_some(&words.about, about));
    sentences.push(dice.pick(content.phrases.manners.of(language)).clone());
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::freelancer::FreelancerInput;
    use domain::validation::Object;

    use super::*;

    fn everybody() -> Vec<Person> {
        people(&Content::read().unwrap(), super::super::FREELANCERS)
    }

    #[test]
    fn every_profile_is_valid() {
        for person in everybody() {
            let input: Object<FreelancerInput> = serde_json::from_value(person.profile.clone()).unwrap();
            input.0.validate().unwrap_or_else(|violations| panic!("{}: {violations:?}", person.profile));
            person.display_name.parse::<domain::values::DisplayName>().unwrap();
            person.email.parse::<domain::values::Email>().unwrap();
        }
    }

    #[test]
    fn they_are_the_same_each_time_and_differ_from_each_other() {
        let (first, second) = (everybody(), everybody());
        let of = |people: &[Person]| people.iter().map(|person| person.profile.clone()).collect::<Vec<_>>();
        assert_eq!(of(&first), of(&second));
        let distinct = |field: fn(&Person) -> String| first.iter().map(field).collect::<BTreeSet<_>>().len();
        assert_eq!(distinct(|person| person.display_name.clone()), first.len());
        assert_eq!(distinct(|person| person.email.clone()), first.len());
        assert_eq!(distinct(|person| person.profile.to_string()), first.len());
    }

    #[test]
    fn both_languages_and_newcomers_are_well_represented() {
        let people = everybody();
        let count = |matching: fn(&Person) -> bool| people.iter().filter(|person| matching(person)).count();
        assert!(count(|person| person.language == DemoLanguage::Korean) > people.len() / 3);
        assert!(count(|person| person.language == DemoLanguage::English) > people.len() / 3);
        assert!(count(|person| person.years < 2) > people.len() / 10);
    }
}
