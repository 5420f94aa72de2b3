//! Renders letters as plain text, in the reader's language. Plain text needs no escapes and shows where a link leads.

mod en;
mod ko;

use jiff::Timestamp;
use mail::{Language, Letter, LetterKind};

/// The most characters of a device's description.
const MOST_DEVICE_CHARACTERS: usize = 100;

/// A letter as it is sent.
#[derive(Debug)]
pub(crate) struct Rendered {
    pub(crate) subject: &'static str,
    pub(crate) text: String,
}

/// Renders letters whose links lead to one page.
#[derive(Debug)]
pub(crate) struct Renderer {
    page_url: String,
}

/// The texts of one language.
struct Texts {
    confirm_email: fn(link: &str) -> Message,
    address_has_account: fn(page: &str) -> Message,
    reset_password: fn(link: &str) -> Message,
    password_changed: fn(page: &str) -> Message,
    email_changed: fn(page: &str) -> Message,
    second_factor_added: fn(page: &str) -> Message,
    second_factor_removed: fn(page: &str) -> Message,
    provider_linked: fn(page: &str, provider: &str) -> Message,
    provider_unlinked: fn(page: &str, provider: &str) -> Message,
    passkey_added: fn(page: &str) -> Message,
    passkey_removed: fn(page: &str) -> Message,
    new_session: fn(page: &str, device: &str) -> Message,
    account_will_be_deleted: fn(page: &str, day: &str) -> Message,
    /// The last lines of every letter.
    ending: &'static str,
}

/// Subject and text without the ending.
type Message = (&'static str, String);

impl Renderer {
    /// A renderer for the page at this address.
    pub(crate) fn new(page_url: &str) -> Self {
        Self { page_url: page_url.trim_end_matches('/').to_owned() }
    }

    /// Renders a letter. One without a message is empty; nobody sends it.
    pub(crate) fn render(&self, letter: &Letter) -> Rendered {
        let texts = match letter.language {
            Language::English => &en::TEXTS,
            Language::Korean => &ko::TEXTS,
        };
        let page = format!("{}/", self.page_url);
        let (subject, text) = match &letter.kind {
            LetterKind::ConfirmEmail { token } => (texts.confirm_email)(&self.link("confirm", token)),
            LetterKind::AddressHasAccount => (texts.address_has_account)(&page),
            LetterKind::ResetPassword { token } => (texts.reset_password)(&self.link("reset", token)),
            LetterKind::PasswordChanged => (texts.password_changed)(&page),
            LetterKind::EmailChanged => (texts.email_changed)(&page),
            LetterKind::SecondFactorChanged { added: true } => (texts.second_factor_added)(&page),
            LetterKind::SecondFactorChanged { added: false } => (texts.second_factor_removed)(&page),
            LetterKind::ProviderChanged { provider, added: true } => (texts.provider_linked)(&page, &shown(provider)),
            LetterKind::ProviderChanged { provider, added: false } => {
                (texts.provider_unlinked)(&page, &shown(provider))
            }
            LetterKind::PasskeysChanged { added: true } => (texts.passkey_added)(&page),
            LetterKind::PasskeysChanged { added: false } => (texts.passkey_removed)(&page),
            LetterKind::NewSession { device } => (texts.new_session)(&page, &shown(device)),
            LetterKind::AccountWillBeDeleted { at } => (texts.account_will_be_deleted)(&page, &day(*at)),
            LetterKind::Nothing => ("", String::new()),
        };
        Rendered { subject, text: format!("{text}\n\n{}\n", texts.ending) }
    }

    /// A link to a view of the page. It is a fragment, so no server and no log sees the token.
    fn link(&self, view: &str, token: &str) -> String {
        format!("{}/#/{view}/{token}", self.page_url)
    }
}

/// A device's description on one line. Its sender wrote it, so it could hold a link: a dot loses its meaning there.
fn shown(device: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || " ()-_;,".contains(c) { c } else { ' ' };
    let characters: String = device.chars().take(MOST_DEVICE_CHARACTERS).map(plain).collect();
    characters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The day in UTC: `2026-12-30`.
fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "dG9rZW4tb2YtYS1saW5r";

    fn render(language: Language, kind: LetterKind) -> Rendered {
        let to = "mina@example.com".parse().unwrap();
        Renderer::new("https://market.example/").render(&Letter { to, language, kind })
    }

    fn kinds() -> Vec<LetterKind> {
        let token = || TOKEN.to_owned();
        vec![
            LetterKind::ConfirmEmail { token: token() },
            LetterKind::AddressHasAccount,
            LetterKind::ResetPassword { token: token() },
            LetterKind::PasswordChanged,
            LetterKind::EmailChanged,
            LetterKind::SecondFactorChanged { added: true },
            LetterKind::SecondFactorChanged { added: false },
            LetterKind::ProviderChanged { provider: "Google".to_owned(), added: true },
            LetterKind::ProviderChanged { provider: "Google".to_owned(), added: false },
            LetterKind::PasskeysChanged { added: true },
            LetterKind::PasskeysChanged { added: false },
            LetterKind::NewSession { device: "Firefox (Linux)".to_owned() },
            LetterKind::AccountWillBeDeleted { at: "2026-12-30T12:00:00Z".parse().unwrap() },
        ]
    }

    /// The links of a text.
    fn links(text: &str) -> Vec<&str> {
        text.split_whitespace().filter(|word| word.contains("://")).collect()
    }

    #[test]
    fn every_letter_has_its_own_subject_and_one_link_to_the_page_on_a_line_of_its_own() {
        for language in [Language::English, Language::Korean] {
            let mut subjects = std::collections::BTreeSet::new();
            for kind in kinds() {
                let expected = match &kind {
                    LetterKind::ConfirmEmail { .. } => format!("https://market.example/#/confirm/{TOKEN}"),
                    LetterKind::ResetPassword { .. } => format!("https://market.example/#/reset/{TOKEN}"),
                    _ => "https://market.example/".to_owned(),
                };
                let Rendered { subject, text } = render(language, kind.clone());
                assert_eq!(links(&text), [expected.as_str()], "{kind:?}");
                assert!(text.lines().any(|line| line == expected), "{text}");
                assert!(!subject.is_empty() && !subject.contains('\n') && subjects.insert(subject), "{subject}");
                assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
            }
        }
    }

    #[test]
    fn a_letter_is_written_in_the_readers_language() {
        let is_korean = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
        for kind in kinds() {
            let [english, korean] = [Language::English, Language::Korean].map(|it| render(it, kind.clone()));
            assert!(!is_korean(english.subject) && !is_korean(&english.text), "{kind:?}");
            assert!(is_korean(korean.subject) && is_korean(&korean.text), "{kind:?}");
        }
    }

    #[test]
    fn a_letter_names_the_device_and_the_day() {
        let text = |kind| render(Language::English, kind).text;
        assert!(text(LetterKind::NewSession { device: "Firefox (Linux)".to_owned() }).contains("Firefox (Linux)"));
        let at = "2026-12-30T12:00:00Z".parse().unwrap();
        assert!(text(LetterKind::AccountWillBeDeleted { at }).contains("2026-12-30"));
    }

    #[test]
    fn a_device_can_smuggle_no_link_and_no_line() {
        assert_eq!(shown("x\r\nhttps://evil.example/\u{202e}y"), "x https evil example y");
        assert_eq!(shown(&"a".repeat(1_000)).len(), MOST_DEVICE_CHARACTERS);
        assert_eq!(shown("Mozilla/5.0 (X11; Linux x86_64)"), "Mozilla 5 0 (X11; Linux x86_64)");
    }
}
