//! The `notify` function: it sends the letters of the outbox.
//!
//! It reads the stream of the table `outbox`, renders each new letter, sends it through SES and deletes the item. A
//! letter is sent at least once: if the function ends between sending and deleting, or Lambda sends a batch again, the
//! reader gets the letter twice. That is harmless, because the token of a letter works once.
//!
//! While SES is unreachable or busy, Lambda sends the batch again. A letter that SES refuses, or that cannot be read,
//! does not block the others for long: the function reports it as failed, and when it is the first of a batch, the
//! function fails as a whole, because only then does Lambda halve the batch. In the end the letter is alone in a batch.
//! After a few attempts Lambda moves it to the dead-letter queue.
//!
//! No log line holds an address, a token or a text.

mod event;
mod letters;
mod sender;

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use mail::{LetterKind, StoredLetter};
use runtime::{BoxFuture, Config, Serving, clock, telemetry};
use store::{Condition, Key, Store, Table, Transaction};

use crate::event::{BatchAnswer, Image, StreamEvent};
use crate::letters::Renderer;
use crate::sender::{SendError, Sender};

/// Starts the function and serves events until the Runtime API goes away.
///
/// # Errors
/// Unusable configuration, or the Runtime API's.
pub fn run() -> Serving {
    Box::pin(live())
}

async fn live() -> Result<(), lambda_runtime::Error> {
    let config = Config::from_env()?;
    telemetry::init(&config);
    let page_url = config.page_url.as_deref().ok_or("PAGE_URL is not set")?;
    let from = config.mail_from.as_deref().ok_or("MAIL_FROM is not set")?;
    let notify = Arc::new(Notify {
        store: Store::connect(&config).await,
        sender: Sender::connect(from).await,
        renderer: Renderer::new(page_url),
    });
    let answer = move |event: LambdaEvent<StreamEvent>| answer(Arc::clone(&notify), event.payload);
    lambda_runtime::run(service_fn(answer)).await
}

/// Boxed, because the compiler refuses a future whose type names everything below it.
fn answer(notify: Arc<Notify>, event: StreamEvent) -> BoxFuture<'static, Result<BatchAnswer, lambda_runtime::Error>> {
    Box::pin(async move { Ok(notify.send_all(event, clock::now()).await?) })
}

/// The collaborators of this function.
#[derive(Debug)]
struct Notify {
    store: Store,
    sender: Sender,
    renderer: Renderer,
}

/// A letter that no attempt can send. Lambda's runtime logs the `Debug` form, which quotes no letter.
#[derive(thiserror::Error)]
enum Undeliverable {
    #[error("an item of the outbox is no letter")]
    Unreadable(#[source] serde_dynamo::Error),
    #[error("an item of the outbox has no key")]
    WithoutKey(#[source] serde_dynamo::Error),
    #[error("SES refused a letter")]
    Refused(#[source] SendError),
}

impl fmt::Debug for Undeliverable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

/// Why a letter was not sent.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// Another attempt may succeed.
    #[error("a letter was not sent")]
    Passing(#[source] SendError),
    #[error(transparent)]
    Undeliverable(#[from] Undeliverable),
}

impl Failure {
    /// The failure with its cause. The cause of an unreadable letter is left out, because it may quote the letter.
    fn for_log(&self) -> String {
        match self {
            Self::Undeliverable(Undeliverable::Unreadable(_) | Undeliverable::WithoutKey(_)) => self.to_string(),
            Self::Passing(_) | Self::Undeliverable(Undeliverable::Refused(_)) => telemetry::chain(self),
        }
    }
}

/// The key of an item as an event holds it.
#[derive(serde::Deserialize)]
struct Keys {
    pk: String,
    sk: String,
}

impl Notify {
    /// Sends the letters before the first that fails, and tells Lambda from which record to retry.
    ///
    /// # Errors
    /// The first letter of the batch is undeliverable. No letter is sent then.
    async fn send_all(&self, event: StreamEvent, now: Timestamp) -> Result<BatchAnswer, Undeliverable> {
        for (place, record) in event.records.into_iter().enumerate() {
            let sequence_number = record.dynamodb.sequence_number.clone();
            let Err(failure) = self.send_one(record.dynamodb, now).await else { continue };
            tracing::error!(sequence_number, error = failure.for_log(), "a letter failed");
            return match failure {
                Failure::Undeliverable(undeliverable) if place == 0 => Err(undeliverable),
                Failure::Undeliverable(_) | Failure::Passing(_) => Ok(BatchAnswer::failed_from(&sequence_number)),
            };
        }
        Ok(BatchAnswer::default())
    }

    async fn send_one(&self, image: Image, now: Timestamp) -> Result<(), Failure> {
        // A letter that is gone was sent or has expired.
        let Some(item) = image.new_image else { return Ok(()) };
        let keys: Keys = serde_dynamo::from_item(image.keys).map_err(Undeliverable::WithoutKey)?;
        let stored: StoredLetter = serde_dynamo::from_item(item).map_err(Undeliverable::Unreadable)?;
        let (kind, language) = (stored.letter.kind.name(), stored.letter.language);
        if stored.letter.kind == LetterKind::Nothing {
            tracing::debug!("dropped a letter without a message");
        } else if stored.is_expired(now) {
            tracing::warn!(kind, "dropped a letter that has expired");
        } else {
            match self.sender.send(&stored.letter.to, &self.renderer.render(&stored.letter)).await {
                Ok(()) => tracing::info!(kind, ?language, "sent a letter"),
                Err(SendError::NotAscii) => {
                    tracing::warn!(kind, "dropped a letter to an address that SES cannot write")
                }
                Err(error) if error.is_passing() => return Err(Failure::Passing(error)),
                Err(error) => return Err(Undeliverable::Refused(error).into()),
            }
        }
        self.delete(Key::new(Table::Outbox, keys.pk, keys.sk)).await;
        Ok(())
    }

    /// Deletes a letter that is done. If that fails, the item expires by itself, and the letter is not sent again.
    async fn delete(&self, letter: Key) {
        let mut transaction = Transaction::new();
        transaction.delete(mail::LETTER, letter, Condition::Always);
        if let Err(error) = self.store.commit(transaction).await {
            tracing::warn!(error = telemetry::chain(&error), "a letter that was sent stays in the outbox");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_says_why_a_letter_failed_and_quotes_none() {
        let refused = || SendError::Refused { status: 403, kind: "AccessDeniedException".to_owned() };
        let answer = "SES answered 403 AccessDeniedException";
        assert_eq!(Failure::Passing(refused()).for_log(), format!("a letter was not sent: {answer}"));
        let failure = Failure::from(Undeliverable::Refused(refused()));
        assert_eq!(failure.for_log(), format!("SES refused a letter: {answer}"));
        let unreadable = serde_dynamo::from_item::<_, Keys>(store_item()).err().expect("no keys");
        let failure = Failure::from(Undeliverable::Unreadable(unreadable));
        assert_eq!(failure.for_log(), "an item of the outbox is no letter");
        assert_eq!(format!("{failure:?}"), "Undeliverable(an item of the outbox is no letter)");
    }

    fn store_item() -> serde_dynamo::Item {
        serde_dynamo::to_item(std::collections::BTreeMap::from([("to", "mina@example.com")])).expect("a map is an item")
    }
}
