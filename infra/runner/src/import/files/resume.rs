//! A JSON Resume file as a freelancer. See <https://jsonresume.org/schema>.
//!
//! E-mail addresses, telephone numbers, street addresses, links and pictures are not read.

use domain::account::Account;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::countries::timezone_of;
use super::dates::Moment;
use super::digest::Digest;
use super::experience;
use super::fit::{languages, line, lines, one_line, skills};
use super::json::{list, member, text, texts};
use super::mentions::Vocabulary;
use super::report::{Note, Notes};
use crate::import::bounds::{MAX_BIO, MAX_DISPLAY_NAME, MAX_HEADLINE, MAX_TAG, cut};
use crate::import::records::{Member, Talent, profile};

/// The category of a resume that names no field of work.
const NO_CATEGORY: &str = "Other";
/// Skills that stand for a headline.
const HEADLINE_SKILLS: usize = 3;

/// A resume that was read, before it becomes a freelancer.
#[derive(Debug)]
pub(super) struct Resume {
    pub(super) skills: Vec<String>,
    digest: Digest,
    display_name: Option<String>,
    headline: Option<String>,
    bio: String,
    category: Option<String>,
    languages: Vec<String>,
    timezone: Option<&'static str>,
    years_experience: Option<i64>,
    changed_at: Option<Timestamp>,
    notes: Notes,
}

impl Resume {
    /// Reads the content of a file.
    ///
    /// # Errors
    /// A sentence, when the content is no resume.
    pub(super) fn read(content: &Value, now: Timestamp) -> Result<Self, String> {
        // Some tools wrap the resume.
        let resume = [&content["resume"], &content["jsonResume"]].into_iter().find(|inner| inner.is_object());
        let resume = resume.unwrap_or(content);
        let has_part =
            ["basics", "work", "skills", "education", "projects"].iter().any(|part| !resume[*part].is_null());
        if !has_part {
            return Err("is no JSON Resume: it has none of basics, work, skills, education and projects".to_owned());
        }
        let mut notes = Notes::default();
        let basics = &resume["basics"];
        let name = text(&basics["name"]).or_else(|| {
            let names = [text(&basics["firstName"]), text(&basics["lastName"])].into_iter().flatten();
            Some(names.collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
        });
        let label =
            text(&basics["label"]).or_else(|| list(&resume["work"]).iter().find_map(|job| text(&job["position"])));
        let location = &basics["location"];
        let country = member(location, &["countryCode", "country"]);
        let changed_at = text(&resume["meta"]["lastModified"]).and_then(|time| Moment::parse(&time)?.start());
        Ok(Self {
            skills: skills(skill_texts(resume), &mut notes),
            digest: Digest::of(content),
            display_name: name
                .map(|name| line(&name, "names", MAX_DISPLAY_NAME, &mut notes))
                .filter(|name| !name.is_empty()),
            headline: label
                .map(|label| line(&label, "headlines", MAX_HEADLINE, &mut notes))
                .filter(|line| !line.is_empty()),
            bio: lines(&biography(resume), "biographies", MAX_BIO, &mut notes),
            category: category(resume),
            languages: languages(language_names(resume), &mut notes),
            timezone: text(country).and_then(|country| timezone_of(&country)),
            years_experience: experience::years(&resume["work"], now, &mut notes),
            changed_at,
            notes,
        })
    }

    /// The freelancer, and what did not fit. Without skills, the ones that the text mentions are taken.
    ///
    /// # Errors
    /// The rules of the market that the freelancer would break.
    pub(super) fn into_member(self, vocabulary: &Vocabulary, now: Timestamp) -> Result<(Member, Notes), String> {
        let Self { mut skills, digest, headline, bio, category, mut notes, .. } = self;
        if skills.is_empty() {
            skills = vocabulary.mentioned(&format!("{}\n{bio}", headline.as_deref().unwrap_or_default()));
            notes.add(Note::SkillsFromText, usize::from(!skills.is_empty()));
        }
        let category = category.or_else(|| headline.as_deref().map(tag));
        if skills.is_empty() {
            let stand_in = category.clone().ok_or("names no skill, no label and no position")?;
            notes.add(Note::NoSkill, 1);
            skills.push(stand_in);
        }
        let headline = headline.unwrap_or_else(|| skills[..skills.len().min(HEADLINE_SKILLS)].join(", "));
        let profile = profile(&json!({
            "headline": cut(&headline, MAX_HEADLINE),
            "bio": bio,
            "category": category.unwrap_or_else(|| NO_CATEGORY.to_owned()),
            "skills": skills,
            "languages": self.languages,
            "timezone": self.timezone,
            "years_experience": self.years_experience,
        }))?;
        notes.add(Note::NoName, usize::from(self.display_name.is_none()));
        let display_name = self.display_name.unwrap_or_else(|| format!("Freelancer {digest}"));
        let since = self.changed_at.map_or(now, |at| at.min(now));
        let member = Member {
            account: Account {
                id: digest.account(self.changed_at),
                display_name: display_name.parse().map_err(|refusal| format!("basics.name {refusal}"))?,
                created_at: since,
                erased_at: None,
            },
            email: format!("freelancer-{digest}@resumes.example")
                .parse()
                .map_err(|refusal| format!("login {refusal}"))?,
            talent: Some(Talent { profile, past: None, since }),
        };
        Ok((member, notes))
    }
}

/// The keywords of the skills, then the names over them, then the keywords of projects and jobs.
fn skill_texts(resume: &Value) -> impl Iterator<Item = String> {
    let mut keywords = Vec::new();
    let mut names = Vec::new();
    for skill in list(&resume["skills"]) {
        let own: Vec<String> = texts(&skill["keywords"]).collect();
        let name = text(skill);
        if own.is_empty() {
            keywords.extend(name)
        } else {
            names.extend(name)
        }
        keywords.extend(own);
    }
    for part in list(&resume["projects"]).iter().chain(list(&resume["work"])) {
        names.extend(texts(&part["keywords"]));
    }
    keywords.into_iter().chain(names)
}

fn language_names(resume: &Value) -> impl Iterator<Item = String> {
    list(&resume["languages"])
        .iter()
        .filter_map(|language| text(member(language, &["language", "name"])).or_else(|| text(language)))
}

/// The name over the first skills, if it has keywords under it: `Web development`.
fn category(resume: &Value) -> Option<String> {
    let first = list(&resume["skills"]).first()?;
    text(&first["keywords"])?;
    Some(tag(&text(&first["name"])?)).filter(|name| !name.is_empty())
}

/// A text as a category.
fn tag(text: &str) -> String {
    cut(&one_line(text), MAX_TAG).trim_end().to_owned()
}

/// The summary, the jobs, the projects and the education, as paragraphs.
fn biography(resume: &Value) -> String {
    let mut paragraphs: Vec<String> = text(member(&resume["basics"], &["summary", "bio"])).into_iter().collect();
    for part in ["work", "projects", "volunteer"] {
        paragraphs.extend(experience::jobs(&resume[part]));
    }
    let education = experience::schools(&resume["education"]);
    if !education.is_empty() {
        paragraphs.push(education.join("\n"));
    }
    paragraphs.join("\n\n")
}

#[cfg(test)]
mod tests;
