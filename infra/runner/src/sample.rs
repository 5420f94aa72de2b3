//! The sample market: a few people and projects with the same ids in every store, so that the events in `events/` can
//! name them and carry tokens for them.
//!
//! The tokens were signed once, with a key whose private half was thrown away (`examples/sample_tokens.rs`). Filling a
//! store publishes the public half there. From then on, everybody who can read this repository may act in that store as
//! one of the sample people. Only `pairwork up --samples` and `pairwork invoke` fill a store. `pairwork up` without
//! `--samples` withdraws the key from a store that was filled before, and ends the sample people's sessions.

use std::collections::BTreeMap;

use accounts::import::{SharedPassword, end_session, open_session};
use anyhow::{Context, anyhow};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::account::{Account, Role};
use domain::event::Decided;
use domain::freelancer::{Freelancer, FreelancerProfile, TrackRecord, WorkHistory};
use domain::idempotency::IdempotencyKey;
use domain::project::{Project, ProjectBrief, ProjectPatch};
use domain::validation::{Violations, read};
use domain::values::{AccountId, DisplayName, Email, ProjectId, SessionId};
use http_api::{
    idempotency::{self, Reply, Sender, once},
    limits::AddressPrefix,
};
use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use store::{Store, Transaction};
use tokens::published::PublishedKey;
use tokens::session::Session;
use tokio::sync::oneshot;

/// Signs in every sample person.
const PASSWORD: &str = "correct horse battery staple";

/// The public half of the key that the tokens were signed with.
const KEY: &str = include_str!("sample/key.json");

/// The end of the sample people's sessions, and the time of the requests that still run: their lease never ends.
const NEVER: &str = "2099-01-01T00:00:00Z";

/// Everything in the sample market.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleMarket {
    people: Vec<Person>,
    projects: Vec<Posting>,
    letters: Vec<Letter>,
    requests: Vec<Request>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    id: AccountId,
    /// The name that the events use.
    name: String,
    display_name: DisplayName,
    email: String,
    registered_at: Timestamp,
    /// Whether the person has just proved who they are.
    #[serde(default)]
    is_proved: bool,
    /// The profile, as the body of a request.
    freelancer: Option<Value>,
    #[serde(default)]
    history: History,
}

/// A freelancer's history in the market.
#[derive(Debug, Default, Clone, Deserialize)]
struct History {
    /// How many days before the filling the freelancer was last active.
    #[serde(default)]
    last_active: i64,
    #[serde(flatten)]
    track_record: TrackRecord,
    #[serde(flatten)]
    work_history: WorkHistory,
}

#[derive(Debug, Deserialize)]
struct Posting {
    id: ProjectId,
    /// The name of the client.
    owner: String,
    posted_at: Timestamp,
    /// `closed`. `None` for an open project.
    status: Option<String>,
    /// The project, as the body of a request.
    #[serde(flatten)]
    brief: Map<String, Value>,
}

/// A letter that was sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Letter {
    secret: String,
    /// The account whose password the reader may reset.
    reset_password_of: Option<AccountId>,
    /// The account that the reader may open.
    open_account: Option<Applicant>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Applicant {
    email: String,
    display_name: DisplayName,
}

/// An earlier request with an `Idempotency-Key`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    scope: String,
    route: String,
    key: String,
    body: Value,
    /// `None` if the request still runs.
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
    /// When the file is not what this module expects.
    pub fn read() -> anyhow::Result<Self> {
        serde_yaml_ng::from_str(include_str!("sample/market.yaml")).context("the sample market")
    }

    /// The people's names in the events, and their accounts.
    pub fn people(&self) -> impl Iterator<Item = (&str, AccountId)> {
        self.people.iter().map(|person| (person.name.as_str(), person.id))
    }

    /// The session of a sample person's token.
    pub fn session_of(account_id: AccountId) -> SessionId {
        SessionId::new(account_id.ulid())
    }

    /// The refresh token of a sample person. Everybody can compute it, as everybody has the access tokens.
    pub fn refresh_token_of(account_id: AccountId) -> String {
        let ids = [account_id.ulid().to_bytes(), Self::session_of(account_id).ulid().to_bytes()].concat();
        let [family, secret] = [b"family", b"secret"].map(|part| Sha256::new().chain_update(&ids).chain_update(part));
        let bytes = [&ids, &family.finalize()[..16], &secret.finalize()].concat();
        format!("prt_{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))
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
        let key = sample_key()?;
        match published(store).await? {
            None => {}
            Some(found) if found == key => return Ok(()),
            Some(withdrawn) => {
                let mut transaction = Transaction::new();
                withdrawn.publish_until(key.not_after, &mut transaction)?;
                for person in &self.people {
                    person.open_session(&mut transaction)?;
                }
                return Ok(store.commit(transaction).await?);
            }
        }
        let password = SharedPassword::new(PASSWORD)?;
        for person in &self.people {
            person.arrive(store, &password, now).await.with_context(|| format!("the sample person {}", person.name))?;
        }
        for posting in &self.projects {
            let (_, owner) = self.people().find(|(name, _)| *name == posting.owner).context("nobody is called so")?;
            posting.post(store, owner).await.with_context(|| format!("the sample project {}", posting.id))?;
        }
        for letter in &self.letters {
            letter.arrive(self, store, &password).await.with_context(|| format!("the letter {}", letter.secret))?;
        }
        for request in &self.requests {
            request.come_before(store, now).await.with_context(|| format!("the sample request {}", request.key))?;
        }
        // The key comes last: a store that has it has everything.
        let mut transaction = Transaction::new();
        key.publish(&mut transaction)?;
        Ok(store.commit(transaction).await?)
    }

    /// Withdraws the key from a store that was filled before, and ends the people's sessions: their tokens are public.
    /// The people, their projects and the withdrawn key stay.
    ///
    /// # Errors
    /// The store's.
    pub async fn withdraw(&self, store: &Store, now: Timestamp) -> anyhow::Result<()> {
        let Some(found) = published(store).await?.filter(|found| found.not_after > now) else { return Ok(()) };
        let mut transaction = Transaction::new();
        found.publish_until(Timestamp::UNIX_EPOCH, &mut transaction)?;
        for person in &self.people {
            end_session(&mut transaction, person.id, Self::session_of(person.id));
        }
        Ok(store.commit(transaction).await?)
    }
}

impl Person {
    async fn arrive(&self, store: &Store, password: &SharedPassword, now: Timestamp) -> anyhow::Result<()> {
        let email: Email = self.email.parse().map_err(|refusal| anyhow!("{refusal:?}"))?;
        let account = Account {
            id: self.id,
            display_name: self.display_name.clone(),
            created_at: self.registered_at,
            erased_at: None,
        };
        let mut transaction = Transaction::new();
        password.open_account(&mut transaction, &account, &email)?;
        self.open_session(&mut transaction)?;
        store.commit(transaction).await?;

        let Some(profile) = &self.freelancer else { return Ok(()) };
        let profile = read::<FreelancerProfile>(profile).map_err(refused)?;
        let introduced = Freelancer::introduce(self.id, self.display_name.clone(), profile, self.registered_at);
        let mut transaction = Transaction::new();
        transaction.save_freelancer(None, &introduced)?;
        store.commit(transaction).await?;
        let History { mut track_record, mut work_history, .. } = self.history.clone();
        let last_active_at = now - SignedDuration::from_hours(24 * self.history.last_active);
        track_record.last_active_at = Some(last_active_at);
        if let Some(activity) = &mut work_history.activity {
            activity.as_of = last_active_at;
        }
        let past = introduced.state.replace_past(track_record, work_history, self.registered_at);
        let mut transaction = Transaction::new();
        transaction.save_past(&introduced.state.track_record, &past)?;
        Ok(store.commit(transaction).await?)
    }

    fn open_session(&self, transaction: &mut Transaction) -> anyhow::Result<()> {
        let expires_at = NEVER.parse::<Timestamp>()?.as_second();
        let proved_at = if self.is_proved { expires_at } else { 0 };
        let session = Session { role: Role::Member, proved_at, second_factor: false, expires_at, erased_at: None };
        let refresh_token = SampleMarket::refresh_token_of(self.id);
        Ok(open_session(transaction, &refresh_token, session, self.registered_at)?)
    }
}

/// The key of the tokens, as it is published in a filled store.
fn sample_key() -> anyhow::Result<PublishedKey> {
    serde_json::from_str(KEY).context("the sample market's key")
}

/// The key as it stands in a store, withdrawn or not.
async fn published(store: &Store) -> anyhow::Result<Option<PublishedKey>> {
    let jwk = sample_key()?.jwk;
    Ok(tokens::published::published_keys(store).await?.into_iter().find(|found| found.jwk == jwk))
}

impl Letter {
    async fn arrive(&self, market: &SampleMarket, store: &Store, password: &SharedPassword) -> anyhow::Result<()> {
        let expires_at: Timestamp = NEVER.parse()?;
        let mut transaction = Transaction::new();
        if let Some(account_id) = self.reset_password_of {
            let person = market.people.iter().find(|person| person.id == account_id).context("nobody has this id")?;
            let email: Email = person.email.parse().map_err(|refusal| anyhow!("{refusal:?}"))?;
            password.allow_password_reset(&mut transaction, &self.secret, (account_id, &email), expires_at)?;
        }
        if let Some(Applicant { email, display_name }) = &self.open_account {
            let email: Email = email.parse().map_err(|refusal| anyhow!("{refusal:?}"))?;
            password.allow_opening(&mut transaction, &self.secret, email, display_name.clone(), expires_at)?;
        }
        Ok(store.commit(transaction).await?)
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
        let sender = match self.scope.strip_prefix("anonymous ") {
            Some(address) => Sender::Anonymous(AddressPrefix::read(address)),
            None => Sender::Account(&self.scope),
        };
        let asked = idempotency::Request { sender, route: &self.route, key: Some(&key), body: &self.body };
        let Some(given) = &self.reply else {
            let (claimed, told) = oneshot::channel();
            let running = once(store, asked, NEVER.parse()?, async |_| {
                // The receiver drops this request as soon as it gets the message.
                let _ = claimed.send(());
                std::future::pending().await
            });
            tokio::select! {
                ended = running => return Err(anyhow!("it ended: {ended:?}")),
                told = told => return Ok(told?),
            }
        };
        let reply = given.read()?;
        let answered = once(store, asked, now, async |ticket| {
            let mut transaction = Transaction::new();
            ticket.complete(&mut transaction, &reply)?;
            store.commit(transaction).await?;
            Ok(reply.clone())
        });
        answered.await.map(|_| ()).map_err(|error| anyhow!("{error:?}"))
    }
}

impl GivenReply {
    fn read(&self) -> anyhow::Result<Reply> {
        let status = StatusCode::from_u16(self.status)?;
        let mut reply = Reply::json(status, &self.body).map_err(|error| anyhow!("{error:?}"))?;
        for (name, value) in &self.headers {
            reply = reply.with_header(name.parse::<HeaderName>()?, &value.parse::<HeaderValue>()?);
        }
        Ok(reply)
    }
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
