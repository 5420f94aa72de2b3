//! The sample market: a few people and projects that are the same in every store they are put into, so that the
//! events in `events/` can name them and carry tokens for them.
//!
//! Those tokens were signed once, with a key whose private half nobody kept (`examples/sample_tokens.rs`). Filling a
//! store publishes the other half in it, so from then on everybody who can read this repository may act there as one
//! of the sample people. It is never done to a market by default: `pairwork up --samples` and `pairwork invoke` ask
//! for it.

use std::collections::BTreeMap;

use accounts::import::SharedPassword;
use anyhow::{Context, anyhow};
use domain::account::Account;
use domain::event::Decided;
use domain::freelancer::{Freelancer, FreelancerProfile, TrackRecord};
use domain::idempotency::IdempotencyKey;
use domain::project::{Project, ProjectBrief, ProjectPatch};
use domain::validation::{Violations, read};
use domain::values::{AccountId, DisplayName, Email, ProjectId};
use http_api::{idempotency, idempotency::Reply, idempotency::once};
use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::{Store, Transaction};
use tokens::published::PublishedKey;
use tokio::sync::oneshot;

/// Signs in every sample person.
const PASSWORD: &str = "correct horse battery staple";

/// The public half of the key that the tokens were signed with.
const KEY: &str = include_str!("sample/key.json");

/// When the requests of the sample market were made that still run: so late that their lease never ends.
const NEVER: &str = "2099-01-01T00:00:00Z";

/// Everything in the sample market.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleMarket {
    people: Vec<Person>,
    projects: Vec<Posting>,
    requests: Vec<Request>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    id: AccountId,
    /// What the events call them.
    name: String,
    display_name: DisplayName,
    email: String,
    registered_at: Timestamp,
    /// The profile, as a request would send it.
    freelancer: Option<Value>,
    #[serde(default)]
    history: History,
}

/// What the market knows of a freelancer.
#[derive(Debug, Default, Deserialize)]
struct History {
    /// In days before the market is filled.
    #[serde(default)]
    last_active: i64,
    #[serde(flatten)]
    track_record: TrackRecord,
}

#[derive(Debug, Deserialize)]
struct Posting {
    id: ProjectId,
    /// The name of the client.
    owner: String,
    posted_at: Timestamp,
    /// `closed`, or open.
    status: Option<String>,
    /// The project, as a request would send it.
    #[serde(flatten)]
    brief: Map<String, Value>,
}

/// A request that came before under an `Idempotency-Key`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    scope: String,
    route: String,
    key: String,
    body: Value,
    /// `None`: it still runs.
    reply: Option<GivenReply>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenReply {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Value,
}

impl SampleMarket {
    /// Reads the sample market that is compiled in.
    ///
    /// # Errors
    /// If somebody broke it.
    pub fn read() -> anyhow::Result<Self> {
        serde_yaml_ng::from_str(include_str!("sample/market.yaml")).context("the sample market")
    }

    /// The people's names in the events, and their accounts.
    pub fn people(&self) -> impl Iterator<Item = (&str, AccountId)> {
        self.people.iter().map(|person| (person.name.as_str(), person.id))
    }

    /// Whether a published key, JSON, is the one that the tokens in the events were signed with.
    pub fn publishes(key: &Value) -> bool {
        serde_json::from_str::<Value>(KEY).is_ok_and(|sample| sample["jwk"] == *key)
    }

    /// Puts everything into a store, unless it is there already.
    ///
    /// # Errors
    /// The store's, or a record that the rules of the market refuse.
    pub async fn fill(&self, store: &Store, now: Timestamp) -> anyhow::Result<()> {
        let key: PublishedKey = serde_json::from_str(KEY).context("the sample market's key")?;
        if tokens::published::published_keys(store).await?.contains(&key) {
            return Ok(());
        }
        let password = SharedPassword::new(PASSWORD)?;
        for person in &self.people {
            person.arrive(store, &password, now).await.with_context(|| format!("the sample person {}", person.name))?;
        }
        for posting in &self.projects {
            let (_, owner) = self.people().find(|(name, _)| *name == posting.owner).context("nobody is called so")?;
            posting.post(store, owner).await.with_context(|| format!("the sample project {}", posting.id))?;
        }
        for request in &self.requests {
            request.come_before(store, now).await.with_context(|| format!("the sample request {}", request.key))?;
        }
        // Last: where the key is, everything is.
        let mut transaction = Transaction::new();
        key.publish(&mut transaction)?;
        Ok(store.commit(transaction).await?)
    }
}

impl Person {
    async fn arrive(&self, store: &Store, password: &SharedPassword, now: Timestamp) -> anyhow::Result<()> {
        let email: Email = self.email.parse().map_err(|refusal| anyhow!("{refusal:?}"))?;
        let account = Account { id: self.id, display_name: self.display_name.clone(), created_at: self.registered_at };
        let mut transaction = Transaction::new();
        password.open_account(&mut transaction, &account, &email)?;
        store.commit(transaction).await?;

        let Some(profile) = &self.freelancer else { return Ok(()) };
        let profile = read::<FreelancerProfile>(profile).map_err(refused)?;
        let introduced = Freelancer::introduce(self.id, self.display_name.clone(), profile, self.registered_at);
        save_freelancer(store, None, &introduced).await?;
        let mut track_record = self.history.track_record.clone();
        let last_active_at = now - SignedDuration::from_hours(24 * self.history.last_active);
        track_record.last_active_at = Some(last_active_at);
        if let Some(activity) = &mut track_record.activity {
            activity.as_of = last_active_at;
        }
        let known = introduced.state.replace_track_record(track_record, self.registered_at);
        save_freelancer(store, Some(&introduced.state), &known).await
    }
}

impl Posting {
    async fn post(&self, store: &Store, owner: AccountId) -> anyhow::Result<()> {
        let brief = ProjectBrief::of_new(&Value::Object(self.brief.clone()), self.posted_at).map_err(refused)?;
        let posted = Project::post(self.id, owner, brief, self.posted_at);
        save_project(store, None, &posted).await?;
        let Some(status) = &self.status else { return Ok(()) };
        let patch: ProjectPatch = read(&json!({ "status": status })).map_err(refused)?;
        match posted.state.patch(&patch, self.posted_at).map_err(refused)? {
            Some(changed) => save_project(store, Some(&posted.state), &changed).await,
            None => Ok(()),
        }
    }
}

impl Request {
    async fn come_before(&self, store: &Store, now: Timestamp) -> anyhow::Result<()> {
        let key: IdempotencyKey = self.key.parse()?;
        let asked = idempotency::Request { scope: &self.scope, route: &self.route, key: Some(&key), body: &self.body };
        let Some(given) = &self.reply else {
            let (claimed, told) = oneshot::channel();
            let running = once(store, asked, NEVER.parse()?, async |_| {
                // Whoever listens drops this request as soon as it hears of it.
                let _ = claimed.send(());
                std::future::pending().await
            });
            tokio::select! {
                ended = running => return Err(anyhow!("it ended: {ended:?}")),
                told = told => return Ok(told?),
            }
        };
        let answered = once(store, asked, now, async |ticket| {
            let reply = given.read()?;
            let mut transaction = Transaction::new();
            ticket.complete(&mut transaction, &reply)?;
            store.commit(transaction).await?;
            Ok(reply)
        });
        answered.await.map(|_| ()).map_err(|error| anyhow!("{error:?}"))
    }
}

impl GivenReply {
    fn read(&self) -> Result<Reply, http_api::ApiError> {
        let status = StatusCode::from_u16(self.status).map_err(http_api::ApiError::internal)?;
        let mut reply = Reply::json(status, &self.body)?;
        for (name, value) in &self.headers {
            let name = name.parse::<HeaderName>().map_err(http_api::ApiError::internal)?;
            let value = value.parse::<HeaderValue>().map_err(http_api::ApiError::internal)?;
            reply = reply.with_header(name, &value);
        }
        Ok(reply)
    }
}

async fn save_freelancer(
    store: &Store,
    before: Option<&Freelancer>,
    decided: &Decided<Freelancer>,
) -> anyhow::Result<()> {
    let mut transaction = Transaction::new();
    transaction.save_freelancer(before, decided)?;
    Ok(store.commit(transaction).await?)
}

async fn save_project(store: &Store, before: Option<&Project>, decided: &Decided<Project>) -> anyhow::Result<()> {
    store.open_projects(decided.state.owner_id).await?;
    let mut transaction = Transaction::new();
    transaction.save_project(before, decided, u32::MAX)?;
    Ok(store.commit(transaction).await?)
}

fn refused(violations: Violations) -> anyhow::Error {
    anyhow!("refused: {:?}", violations.into_vec())
}
