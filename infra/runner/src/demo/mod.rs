//! The demo market: freelancers and projects in Korean and English, the same each time, and one project's matches.
//!
//! The demo fills the market through the public API, and so tests it. Only the freelancers' histories (`past`) are
//! written to the store directly, because no request can state them.

mod content;
mod dice;
mod past;
mod people;
mod price;
mod projects;

use std::time::Instant;

use anyhow::Context;
use domain::freelancer::{TrackRecord, WorkHistory};
use indicatif::ProgressBar;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use store::Store;
use store::Transaction;

use self::content::{Content, DemoLanguage};
use self::people::Person;
use crate::LocalMarket;
use crate::filling::api::{Api, Project, Session};
use crate::filling::at_once::each;
use crate::filling::commands::Commands;
use crate::filling::progress;
use crate::filling::shortlist::Shortlist;

/// The number of freelancers.
const FREELANCERS: usize = 200;
/// The number of projects. The demo client owns [`OWN_PROJECTS`] of them; the other clients share the rest.
const PROJECTS: usize = 140;
const OWN_PROJECTS: usize = 6;
const OTHER_CLIENTS: usize = 14;

/// The account that a newcomer signs in with.
const CLIENT: &str = "demo@pairwork.example";
/// Signs in every account of the demo market.
const PASSWORD: &str = "pairwork-demo";
/// Matches shown of one project.
const SHOWN: usize = 10;

/// Fills the market, unless it is full already. Returns a text to print.
///
/// # Errors
/// When the market does not answer, or answers something unforeseen.
pub(crate) async fn fill(market: &LocalMarket) -> anyhow::Result<String> {
    let api = Api::new(&market.base_url)?;
    let started = Instant::now();
    let (client, project, took) = match find(&api).await? {
        Some((client, project)) => (client, project, "from the data directory".to_owned()),
        None => {
            let (client, project) = populate(market, &api).await?;
            (client, project, format!("in {:.1} s", started.elapsed().as_secs_f64()))
        }
    };
    market.caught_up().await?;
    let matches = api.matches(&client, &project.id, SHOWN).await?;
    let shortlist = Shortlist { project: &project, matches: &matches };
    let commands = Commands { base_url: api.base_url(), email: CLIENT, password: PASSWORD, project_id: &project.id };
    Ok(format!(
        "\n{FREELANCERS} freelancers and {PROJECTS} projects {took}\n\n{shortlist}\n\n{commands}\n\n\
         # every account has this password: talent-001@pairwork.example offers, client-01@pairwork.example asks"
    ))
}

/// The demo client and the featured project, if the market is full. The featured project is posted last, so it shows
/// that the market is full.
async fn find(api: &Api) -> anyhow::Result<Option<(Session, Project)>> {
    let Some(session) = api.sign_in(CLIENT, PASSWORD).await? else { return Ok(None) };
    let projects = api.own_projects(&session).await?;
    if projects.len() < OWN_PROJECTS {
        return Ok(None);
    }
    // Newest first.
    Ok(projects.into_iter().next().map(|featured| (session, featured)))
}

/// Fills the market. Records of an earlier run that was cut off stay as they are.
async fn populate(market: &LocalMarket, api: &Api) -> anyhow::Result<(Session, Project)> {
    let content = Content::read()?;
    let store = market.store().await?;
    let now = market.clock().now();
    let people = people::people(&content, FREELANCERS);
    let today = now.to_zoned(TimeZone::UTC).date();
    let mut projects = projects::projects(&content, PROJECTS, today);
    let names = (0..OTHER_CLIENTS).map(|index| content.phrases.name(DemoLanguage::English, FREELANCERS + index));
    let bar = progress::bar(FREELANCERS + PROJECTS, "filling the market")?;

    let mut offers = Vec::with_capacity(people.len());
    for person in people {
        let past = past::past(&content, &person, now)?;
        offers.push((person, past));
    }
    each(offers, |(person, past)| offer(api.clone(), store.clone(), person, past, now, bar.clone())).await?;

    // The demo client's projects come last. They are the newest, and show that all the others are there.
    let others = projects.split_off(OWN_PROJECTS);
    let share = others.len().div_ceil(OTHER_CLIENTS);
    let orders: Vec<(usize, String, Vec<Value>)> = others
        .chunks(share)
        .zip(names)
        .enumerate()
        .map(|(index, (projects, name))| (index + 1, name, projects.to_vec()))
        .collect();
    each(orders, |(number, name, projects)| {
        let email = format!("client-{number:02}@pairwork.example");
        let (api, bar) = (api.clone(), bar.clone());
        async move { post(&api, &email, &name, projects, &bar).await.map(drop) }
    })
    .await?;
    projects.reverse();
    let (session, posted) = post(api, CLIENT, "Demo client", projects, &bar).await?;
    bar.finish_and_clear();
    Ok((session, posted.into_iter().next_back().context("the demo client has a project")?))
}

/// Registers one freelancer, saves the profile, and writes the history.
async fn offer(
    api: Api,
    store: Store,
    person: Person,
    past: Option<(TrackRecord, WorkHistory)>,
    now: Timestamp,
    bar: ProgressBar,
) -> anyhow::Result<()> {
    let session = api.join(&person.email, PASSWORD, &person.display_name).await?;
    let id = api.put_freelancer(&session, &person.profile).await?;
    if let Some((record, history)) = past {
        let freelancer = store.freelancer(id.parse()?).await?.context("a freelancer that was just put is missing")?;
        // The present time: the track record is newer than the profile, so it says when somebody was last active.
        let past = freelancer.replace_past(record, history, now);
        let mut transaction = Transaction::new();
        transaction.save_past(&freelancer.track_record, &past)?;
        store.commit(transaction).await?;
    }
    bar.inc(1);
    Ok(())
}

/// Registers one client, who posts projects one after the other.
async fn post(
    api: &Api,
    email: &str,
    name: &str,
    projects: Vec<Value>,
    bar: &ProgressBar,
) -> anyhow::Result<(Session, Vec<Project>)> {
    let session = api.join(email, PASSWORD, name).await?;
    let mut posted = Vec::with_capacity(projects.len());
    for (index, project) in projects.iter().enumerate() {
        posted.push(api.post_project(&session, &format!("demo-{index}"), project).await?);
        bar.inc(1);
    }
    Ok((session, posted))
}
