//! The projects of the demo market, as bodies of requests.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::content::{Content, DemoLanguage, Job, Trade};
use super::dice::Dice;
use super::price;

const SEED: u64 = 0x7072_6f6a_6563_7473;

/// Time zone, currency and second language of English-speaking clients.
const OFFICES: [(&str, &str, Option<&str>); 6] = [
    ("America/New_York", "USD", None),
    ("America/Los_Angeles", "USD", None),
    ("Europe/London", "USD", None),
    ("Europe/Berlin", "EUR", Some("de")),
    ("Europe/Madrid", "EUR", Some("es")),
    ("Asia/Seoul", "KRW", Some("ko")),
];

/// The bodies of `POST /projects` of the first `count` projects. The first one is [the one that is shown](featured).
pub(crate) fn projects(content: &Content, count: usize, today: Date) -> Vec<Value> {
    let mut titles = BTreeSet::new();
    let mut projects = vec![featured()];
    for index in 1.. {
        if projects.len() >= count {
            break;
        }
        let project = project(content, &mut Dice::new(SEED, index), index, today);
        if titles.insert(project["title"].to_string()) {
            projects.push(project);
        }
    }
    projects.truncate(count);
    projects
}

/// The project whose matches are shown. It is in both languages and without a budget, so that everybody is a candidate.
fn featured() -> Value {
    json!({
        "title": "Rust로 만드는 서버리스 결제 API · A serverless payment API in Rust",
        "description": "하루 십만 건의 결제를 처리할 API를 AWS Lambda와 DynamoDB 위에 새로 만듭니다. 같은 결제가 두 번 일어나지 않아야 하고, \
            결제사 연동과 정산 경험이 있는 백엔드 개발자를 찾습니다. 문서는 한국어와 영어로 씁니다.\n\n\
            We are building a payment API on AWS Lambda and DynamoDB for a hundred thousand payments a day. A retried \
            request must never charge twice. You are a back-end engineer who has integrated payments in Rust before.",
        "category": "Development",
        "skills": ["Rust", "AWS Lambda", "DynamoDB", "결제 연동", "Payment integration"],
        "languages": ["ko", "en"],
        "timezone": "Asia/Seoul",
        "weekly_hours": 20,
    })
}

fn project(content: &Content, dice: &mut Dice, index: usize, today: Date) -> Value {
    let language = if dice.chance(55) { DemoLanguage::Korean } else { DemoLanguage::English };
    let trade = &content.trades[index % content.trades.len()];
    let job = dice.pick(&trade.words.of(language).jobs);
    let (timezone, currency, languages) = office(dice, language);
    let skill_count = dice.between(3, 5) as usize;
    let starts_on =
        dice.chance(50).then(|| today.saturating_add(jiff::Span::new().days(dice.between(5, 60))).to_string());
    json!({
        "title": title(content, dice, job, language),
        "description": format!("{} {}", job.text, dice.pick(content.phrases.wishes.of(language))),
        "category": trade.category,
        "skills": dice.pick_some(&trade.skills(language), skill_count),
        "languages": languages,
        "timezone": timezone,
        "budget": budget(dice, trade, currency),
        "weekly_hours": dice.chance(70).then(|| *dice.pick(&[5, 8, 10, 15, 20, 30, 40])),
        "starts_on": starts_on,
    })
}

/// A job's title with a client's name in it.
pub(crate) fn title(content: &Content, dice: &mut Dice, job: &Job, language: DemoLanguage) -> String {
    let client: &String = dice.pick(content.phrases.clients.of(language));
    job.title.replace("{client}", client)
}

fn office(dice: &mut Dice, language: DemoLanguage) -> (&'static str, &'static str, Vec<&'static str>) {
    match language {
        DemoLanguage::Korean => ("Asia/Seoul", "KRW", if dice.chance(25) { vec!["ko", "en"] } else { vec!["ko"] }),
        DemoLanguage::English => {
            let &(timezone, currency, second) = dice.pick(&OFFICES);
            let mut languages = vec!["en"];
            languages.extend(second.filter(|_| dice.chance(40)));
            (timezone, currency, languages)
        }
    }
}

/// A budget by the hour, for the whole, or none.
fn budget(dice: &mut Dice, trade: &Trade, currency: &str) -> Value {
    let (kind, (low, high)) = match dice.between(0, 9) {
        0..=5 => ("hourly", trade.usd),
        6..=8 => ("fixed", trade.fixed_usd),
        _ => return Value::Null,
    };
    let middle = (low + high) / 2;
    let (min, max) = (dice.between(low, middle), dice.between(middle, high));
    let round = |usd: i64| if kind == "fixed" { usd / 100 * 100 } else { usd };
    json!({
        "kind": kind,
        "min": price::minor_units(round(min), currency),
        "max": price::minor_units(round(max), currency),
        "currency": currency,
    })
}

#[cfg(test)]
mod tests {
    use domain::project::ProjectInput;
    use domain::validation::Object;
    use jiff::civil::date;

    use super::*;

    fn everything() -> Vec<Value> {
        projects(&Content::read().unwrap(), super::super::PROJECTS, date(2026, 12, 1))
    }

    #[test]
    fn every_project_is_valid() {
        for project in everything() {
            let input: Object<ProjectInput> = serde_json::from_value(project.clone()).unwrap();
            input.0.validate().unwrap_or_else(|violations| panic!("{project}: {violations:?}"));
        }
    }

    #[test]
    fn they_are_the_same_each_time_and_differ_from_each_other() {
        let projects = everything();
        assert_eq!(projects, everything());
        let titles: BTreeSet<String> = projects.iter().map(|project| project["title"].to_string()).collect();
        assert_eq!(titles.len(), super::super::PROJECTS);
    }
}
