//! One-time codes by time (RFC 6238): HMAC-SHA-1, six digits, thirty seconds, as every authenticator app has them.

use std::fmt;

use domain::values::{AccountId, Email};
use http_api::ApiError;
use jiff::Timestamp;
use runtime::entropy::{self, NoEntropy};
use sealing::{Sealed, Sealer};
use serde::{Deserialize, Serialize};
use store::keys;
use totp_rs::{Algorithm, Builder, Secret, TotpError};
use zeroize::Zeroizing;

use crate::sealed::failed;

/// Seconds for which an app shows a code.
const STEP_SECONDS: u64 = 30;
/// The steps by which the clock of a phone may be wrong, in both directions.
const TOLERANCE: u16 = 1;
/// The name of the sealed field, to which the ciphertext is bound.
const FIELD: &str = "totp";

/// An authenticator app.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Totp {
    /// The shared secret, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<Sealed>,
    /// The shared secret in the clear, as earlier versions stored it. The next use of the app seals it.
    #[serde(default, rename = "secret", skip_serializing_if = "Option::is_none")]
    unsealed: Option<String>,
    /// The shared secret, base32, once it was opened.
    #[serde(skip)]
    opened: Option<Zeroizing<String>>,
    /// Whether the owner has shown a first code. Until then nobody is asked for one.
    pub(super) is_confirmed: bool,
    /// The step of the last code that was used. That code and earlier ones are not accepted again.
    #[serde(default)]
    last_step: u64,
}

impl Totp {
    /// A new app, which its owner has to confirm.
    ///
    /// # Errors
    /// The operating system gave no randomness.
    pub(super) fn new() -> Result<Self, NoEntropy> {
        let secret = Secret::new(Box::new(entropy::bytes::<20>()?));
        Ok(Self::of(secret.to_base32(), false))
    }

    /// An app with an opened secret, which is not sealed yet.
    fn of(secret: String, is_confirmed: bool) -> Self {
        let opened = Some(Zeroizing::new(secret));
        Self { sealed: None, unsealed: None, opened, is_confirmed, last_step: 0 }
    }

    /// The shared secret, base32; `None` before [`Totp::open`].
    pub(super) fn secret(&self) -> Option<&str> {
        self.opened.as_deref().map(String::as_str)
    }

    /// Opens the secret of an account's app. A secret that is not sealed under today's key is sealed again, and the
    /// next write of the standing stores it so.
    ///
    /// # Errors
    /// As [`Sealer::open`].
    pub(super) async fn open(&mut self, sealer: &Sealer, account_id: AccountId) -> Result<(), ApiError> {
        let key = keys::standing(account_id);
        if self.opened.is_none() {
            self.opened = match (&self.sealed, &self.unsealed) {
                (Some(sealed), _) => {
                    let bytes = sealer.open(&key, FIELD, sealed).await.map_err(failed)?;
                    let text = std::str::from_utf8(&bytes).map_err(|_| ApiError::internal("a secret is no text"))?;
                    Some(Zeroizing::new(text.to_owned()))
                }
                (None, Some(secret)) => Some(Zeroizing::new(secret.clone())),
                (None, None) => return Err(ApiError::internal("an authenticator app without a secret")),
            };
        }
        let is_sealed_now = self.sealed.as_ref().is_some_and(|sealed| sealer.is_current(sealed));
        if let (false, Some(secret)) = (is_sealed_now, &self.opened) {
            self.sealed = Some(sealer.seal(&key, FIELD, secret.as_bytes()).await.map_err(failed)?);
            self.unsealed = None;
        }
        Ok(())
    }

    /// The address that an app reads from a QR code.
    ///
    /// # Errors
    /// An unreadable secret.
    pub(super) fn uri(&self, email: &Email) -> Result<String, TotpError> {
        let builder = self.builder().ok_or(TotpError::AccountNameNotSet)?;
        builder.with_account_name(email.as_str().replace(':', " ")).with_issuer(Some("Pairwork")).build()?.to_url()
    }

    /// Whether a code is right at `now` and was not used before. A right code is used up.
    pub(super) fn spend(&mut self, code: &str, now: Timestamp) -> bool {
        let seconds = u64::try_from(now.as_second()).unwrap_or_default();
        let step = self.builder().and_then(|builder| builder.build_noncompliant().check(code, seconds));
        match step {
            Some(step) if step > self.last_step => {
                self.last_step = step;
                true
            }
            _ => false,
        }
    }

    /// The time of the last code that was used; `None` if none was.
    pub(super) fn last_used_at(&self) -> Option<Timestamp> {
        let seconds = i64::try_from(self.last_step.checked_mul(STEP_SECONDS)?).ok()?;
        Timestamp::from_second(seconds).ok().filter(|_| self.last_step > 0)
    }

    fn builder(&self) -> Option<Builder> {
        let secret = Secret::try_from_base32(self.secret()?).ok()?;
        let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_step_duration(STEP_SECONDS);
        Some(builder.with_skew(TOLERANCE).with_secret(secret))
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Totp").field("is_confirmed", &self.is_confirmed).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn code(totp: &Totp, seconds: u64) -> String {
        totp.builder().unwrap().build_noncompliant().generate(seconds).to_string()
    }

    #[test]
    fn a_code_works_once() {
        let mut totp = Totp::new().unwrap();
        let [first, second] = [code(&totp, 1_000_000), code(&totp, 1_000_030)];
        assert_eq!(totp.last_used_at(), None);
        assert!(totp.spend(&first, at(1_000_000)));
        assert_eq!(totp.last_used_at(), Some(at(999_990)));
        assert!(!totp.spend(&first, at(1_000_001)));
        assert!(totp.spend(&second, at(1_000_001)), "a phone may be half a minute ahead");
        assert!(!totp.spend(&first, at(1_000_030)));
        assert!(!totp.spend("", at(1_000_090)) && !totp.spend("일이삼사오육", at(1_000_090)));
    }

    #[test]
    fn a_code_lives_for_a_minute_and_a_half() {
        let totp = Totp::new().unwrap();
        let shown = code(&totp, 1_000_020);
        for (seconds, is_right) in [(999_989, false), (999_990, true), (1_000_079, true), (1_000_080, false)] {
            assert_eq!(totp.clone().spend(&shown, at(seconds)), is_right, "{seconds}");
        }
    }

    #[test]
    fn the_uri_names_the_market_and_the_address() {
        let totp = Totp::of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned(), false);
        assert_eq!(
            totp.uri(&"mina@example.com".parse().unwrap()).unwrap(),
            "otpauth://totp/Pairwork:mina%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Pairwork"
        );
    }

    #[test]
    fn an_opened_secret_is_never_written() {
        let totp = Totp::of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned(), true);
        assert!(!serde_json::to_string(&totp).unwrap().contains("GEZD"));
        assert!(!format!("{totp:?}").contains("GEZD"));
    }

    #[test]
    fn an_app_of_an_earlier_version_is_read_and_kept() {
        let earlier = serde_json::json!({"secret": "GEZD", "is_confirmed": true, "last_step": 7});
        let totp: Totp = serde_json::from_value(earlier.clone()).unwrap();
        assert_eq!(serde_json::to_value(totp).unwrap(), earlier);
    }

    /// RFC 6238, appendix B, for SHA-1: the last six digits of the published codes.
    #[test]
    fn the_published_codes_are_right() {
        for (seconds, published) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned();
            let mut totp = Totp::of(secret, true);
            assert!(totp.spend(published, at(seconds)), "{seconds}");
        }
    }
}
