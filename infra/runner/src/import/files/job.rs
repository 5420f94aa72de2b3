//! A schema.org JobPosting as a project. See <https://schema.org/JobPosting>.

use domain::account::Account;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::countries::timezone_of;
use super::dates::Moment;
use super::digest::Digest;
use super::fit::{line, lines, one_line, skills};
use super::json::{list, member, text, texts};
use super::mentions::Vocabulary;
use super::postings::Organizations;
use super::report::{Note, Notes};
use super::salary;
use crate::import::bounds::{MAX_DESCRIPTION, MAX_DISPLAY_NAME, MAX_TAG, MAX_TITLE, cut};
use crate::import::records::{Member, Posting, brief};

/// The client of postings that name no organization.
const NO_ORGANIZATION: &str = "Unnamed organization";
/// The category of a posting that names none.
const NO_CATEGORY: &str = "Other";

/// A posting that was read, before it becomes a project.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) skills: Vec<String>,
    digest: Digest,
    client: Client,
    title: String,
    description: String,
    category: Option<String>,
    timezone: Option<&'static str>,
    budget: Option<Value>,
    posted_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    notes: Notes,
}

/// The account of an organization.
#[derive(Debug, Clone)]
pub(super) struct Client {
    digest: Digest,
    name: String,
}

impl Client {
    fn of(posting: &Value, organizations: &Organizations<'_>, notes: &mut Notes) -> Self {
        let organization = member(posting, &["hiringOrganization", "hiringorganization"]);
        let name = organizations.name(organization).map(|name| line(&name, "names", MAX_DISPLAY_NAME, notes));
        let name = name.filter(|name| !name.is_empty());
        notes.add(Note::NoOrganization, usize::from(name.is_none()));
        let name = name.unwrap_or_else(|| NO_ORGANIZATION.to_owned());
        // The id follows from the name alone, so that later imports find the same client.
        Self { digest: Digest::of_text(&name.to_lowercase()), name }
    }

    /// The login of the account.
    pub(super) fn email(&self) -> String {
        format!("client-{}@jobs.example", self.digest)
    }

    /// The account, opened when its first posting was made.
    ///
    /// # Errors
    /// The rule that the name breaks.
    pub(super) fn into_member(self, created_at: Timestamp) -> Result<Member, String> {
        let account = Account {
            id: self.digest.account(None),
            display_name: self.name.parse().map_err(|refusal| format!("hiringOrganization {refusal}"))?,
            created_at,
            erased_at: None,
        };
        let email = self.email().parse().map_err(|refusal| format!("login {refusal}"))?;
        Ok(Member { account, email, talent: None })
    }
}

impl Job {
    /// Reads one posting.
    ///
    /// # Errors
    /// A sentence, when it has no title.
    pub(super) fn read(posting: &Value, organizations: &Organizations<'_>, now: Timestamp) -> Result<Self, String> {
        let mut notes = Notes::default();
        let title = text(member(posting, &["title", "name"])).ok_or("has no title")?;
        let title = line(&title, "titles", MAX_TITLE, &mut notes);
        let posted_at = moment(posting, "datePosted", &mut notes).and_then(Moment::start);
        let expires_at = moment(posting, "validThrough", &mut notes).and_then(Moment::end);
        notes.add(Note::Expired, usize::from(expires_at.is_some_and(|end| end <= now)));
        let budget = salary::budget(posting).unwrap_or_else(|()| {
            notes.add(Note::UnknownSalary, 1);
            None
        });
        let places = places(posting);
        Ok(Self {
            skills: skills(texts(&posting["skills"]), &mut notes),
            digest: Digest::of(posting),
            client: Client::of(posting, organizations, &mut notes),
            description: lines(&description(posting, &places), "descriptions", MAX_DESCRIPTION, &mut notes),
            title,
            category: category(posting),
            timezone: timezone(&places),
            budget,
            posted_at,
            expires_at,
            notes,
        })
    }

    /// The project, its client, and what did not fit. Without skills, the ones that the text mentions are taken.
    ///
    /// # Errors
    /// The rules of the market that the project would break.
    pub(super) fn into_posting(
        self,
        vocabulary: &Vocabulary,
        now: Timestamp,
    ) -> Result<(Posting, Client, Notes), String> {
        let Self { mut skills, digest, client, title, description, category, mut notes, .. } = self;
        if skills.is_empty() {
            skills = vocabulary.mentioned(&format!("{title}\n{description}"));
            notes.add(Note::SkillsFromText, usize::from(!skills.is_empty()));
        }
        if skills.is_empty() {
            skills.push(category.clone().unwrap_or_else(|| cut(&title, MAX_TAG).trim_end().to_owned()));
            notes.add(Note::NoSkill, 1);
        }
        let created_at = self.posted_at.map_or(now, |at| at.min(now));
        // A posting was made before its end, whatever its dates say.
        let created_at = self.expires_at.map_or(created_at, |end| created_at.min(end - SignedDuration::from_secs(1)));
        let body = json!({
            "title": title,
            "description": description,
            "category": category.unwrap_or_else(|| NO_CATEGORY.to_owned()),
            "skills": skills,
            "timezone": self.timezone,
            "budget": self.budget,
            "expires_at": self.expires_at,
        });
        let brief = brief(&body, created_at)?;
        let posting =
            Posting { id: digest.project(self.posted_at), owner_id: client.digest.account(None), brief, created_at };
        Ok((posting, client, notes))
    }
}

fn moment(posting: &Value, name: &str, notes: &mut Notes) -> Option<Moment> {
    let written = text(&posting[name])?;
    let moment = Moment::parse(&written);
    notes.add(Note::UnknownDate, usize::from(moment.is_none()));
    moment
}

/// The description, the parts that some postings hold apart from it, and the places.
fn description(posting: &Value, places: &[Workplace]) -> String {
    let mut parts: Vec<String> = text(&posting["description"]).into_iter().collect();
    for name in ["responsibilities", "qualifications", "experienceRequirements", "educationRequirements", "jobBenefits"]
    {
        let part = texts(&posting[name]).collect::<Vec<_>>().join("<br>");
        if !part.is_empty() && !parts.iter().any(|other| other.contains(&part)) {
            parts.push(part);
        }
    }
    let mut places: Vec<&str> =
        places.iter().map(|place| place.name.as_str()).filter(|name| !name.is_empty()).collect();
    places.dedup();
    if !places.is_empty() {
        parts.push(format!("Location: {}", places.join("; ")));
    }
    // Line breaks between the parts, in HTML or plain text.
    if parts.iter().any(|part| part.contains('<')) { parts.join("<p>") } else { parts.join("\n\n") }
}

/// The occupation, without its code in a classification, or the industry.
fn category(posting: &Value) -> Option<String> {
    let named = texts(&posting["occupationalCategory"]).chain(texts(&posting["industry"]));
    let named = named.map(|name| {
        let name = name.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | ' '));
        cut(&one_line(name), MAX_TAG).trim_end().to_owned()
    });
    named.into_iter().find(|name| !name.is_empty())
}

/// A place of work.
struct Workplace {
    /// `Seoul, KR`; empty if it is not told.
    name: String,
    country: Option<String>,
}

fn places(posting: &Value) -> Vec<Workplace> {
    let place = |location: &Value| {
        let address = if location["address"].is_null() { location } else { &location["address"] };
        let country = text(&address["addressCountry"]);
        let parts = ["addressLocality", "addressRegion"].map(|name| text(&address[name]));
        let mut name = parts.into_iter().chain([country.clone()]).flatten().collect::<Vec<_>>().join(", ");
        if name.is_empty() {
            name = text(address).or_else(|| text(location)).unwrap_or_default();
        }
        Workplace { name: one_line(&name), country }
    };
    list(&posting["jobLocation"]).iter().map(place).collect()
}

/// The time zone of the work, if all its places have the same.
fn timezone(places: &[Workplace]) -> Option<&'static str> {
    let mut timezones = places.iter().map(|place| timezone_of(place.country.as_deref()?));
    let first = timezones.next()??;
    timezones.all(|timezone| timezone == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests;
