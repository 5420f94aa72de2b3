//! Passwords: their bounds and their hashes.
//!
//! Hashes are argon2id with 19 MiB, two passes and one lane: the second of OWASP's equivalent choices, which fits a
//! small Lambda. The bounds are those of NIST SP 800-63B: at least 8 characters, any Unicode, no rules of composition.
//! <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>
//!
//! Imported accounts may have bcrypt hashes. They are replaced at the first sign-in. bcrypt reads the first 72 bytes of
//! a password, so a longer one cannot be told from others that begin alike: its owner asks for a letter to reset it.

pub(crate) mod change;
pub(crate) mod imported;
pub(crate) mod reset;
pub(crate) mod strength;

use std::{fmt, str::FromStr};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, phc::PasswordHash},
};
use domain::validation::{Refusal, Rule};
use runtime::entropy;
use unicode_normalization::UnicodeNormalization;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type},
    },
};

/// Memory for one hash, in KiB.
const MEMORY_KIB: u32 = 19_456;
/// The number of passes over the memory.
const PASSES: u32 = 2;
/// The number of lanes.
const LANES: u32 = 1;
const PARAMETERS: Params = match Params::new(MEMORY_KIB, PASSES, LANES, None) {
    Ok(parameters) => parameters,
    Err(_) => panic!("argon2 takes these parameters"),
};

/// A hash with the same parameters that belongs to no known password. A check against it takes as long as a check
/// against a real hash. So the response time does not reveal whether an address has an account. An account without a
/// password has this hash.
pub(crate) const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCEhIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The prefixes of bcrypt hashes. All of them mean the same computation. `$2x$`, a faulty one, is not accepted.
const BCRYPT: [&str; 3] = ["$2a$", "$2b$", "$2y$"];

/// The bytes of a password that bcrypt reads.
const BCRYPT_BYTES: usize = 72;

/// A password as it was sent. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Password(String);

impl Password {
    /// The fewest characters of a new password.
    const MIN_LENGTH: usize = 8;
    /// The most characters.
    const MAX_LENGTH: usize = 128;

    /// A password that was sent at sign-in. It may be outside today's bounds.
    pub(crate) fn typed(text: &str) -> Self {
        Self(text.to_owned())
    }

    fn is_too_long(&self) -> bool {
        self.0.chars().take(Self::MAX_LENGTH + 1).count() > Self::MAX_LENGTH
    }

    /// The text to hash. It is in NFKC, so that the same characters from another keyboard are the same password.
    fn normalised(&self) -> String {
        self.0.nfkc().collect()
    }
}

impl PartialSchema for Password {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .min_length(Some(Self::MIN_LENGTH))
            .max_length(Some(Self::MAX_LENGTH))
            .into()
    }
}

impl ToSchema for Password {}

impl FromStr for Password {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let password = Self::typed(text);
        if password.is_too_long() {
            let most = Self::MAX_LENGTH;
            return Err(Refusal::new(Rule::TooLong, format!("must be at most {most} characters long")));
        }
        if text.chars().take(Self::MIN_LENGTH).count() < Self::MIN_LENGTH {
            let fewest = Self::MIN_LENGTH;
            return Err(Refusal::new(Rule::TooShort, format!("must be at least {fewest} characters long")));
        }
        Ok(password)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

/// A password could not be hashed or checked: no randomness, no memory, or an unreadable hash.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasswordError {
    #[error("the password could not be hashed or checked")]
    Argon2(#[source] password_hash::Error),
    // This build of the crate does not implement the standard library's `Error`.
    #[error("the password could not be checked against a bcrypt hash: {0}")]
    Bcrypt(bcrypt::BcryptError),
    #[error(transparent)]
    Entropy(#[from] entropy::NoEntropy),
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The password is wrong.
    Wrong,
    /// The password is right.
    Right,
    /// The password is right, but its hash has another algorithm or other parameters and should be replaced.
    RightButOutdated,
}

/// Hashes and checks passwords.
#[derive(Debug, Clone)]
pub(crate) struct Passwords(Argon2<'static>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMETERS))
    }
}

impl Passwords {
    /// Hashes a password under a new salt, as a PHC string. It takes some 20 ms and 19 MiB on purpose.
    ///
    /// # Errors
    /// No randomness or memory.
    pub(crate) fn hash(&self, password: &Password) -> Result<String, PasswordError> {
        let salt = entropy::bytes::<16>()?;
        let hash: PasswordHash =
            self.0.hash_password_with_salt(password.normalised().as_bytes(), &salt).map_err(PasswordError::Argon2)?;
        Ok(hash.to_string())
    }

    /// Checks a password against a stored hash. `None` stands for an account that does not exist: the check takes as
    /// long, and the result is [`Verdict::Wrong`]. With the cost of imported bcrypt hashes, every check computes one
    /// argon2 hash and one bcrypt hash of that cost.
    ///
    /// # Errors
    /// No memory, or an unreadable hash.
    pub(crate) fn check(
        &self,
        password: &Password,
        stored: Option<&str>,
        bcrypt_cost: Option<u32>,
    ) -> Result<Verdict, PasswordError> {
        // No account has a password beyond the bound, and a long text would take long to hash.
        let (password, stored) = if password.is_too_long() { (&Password::typed(""), None) } else { (password, stored) };
        if let Some(bcrypted) = stored.filter(|hash| BCRYPT.iter().any(|prefix| hash.starts_with(prefix))) {
            // bcrypt hashes were made without normalising.
            let right = bcrypt::verify(&password.0, bcrypted).map_err(PasswordError::Bcrypt)?;
            let right = right && password.0.len() <= BCRYPT_BYTES;
            self.verify(password, NOBODYS)?;
            return Ok(if right { Verdict::RightButOutdated } else { Verdict::Wrong });
        }
        if let Some(cost) = bcrypt_cost {
            bcrypt::verify(&password.0, &nobodys_bcrypt(cost)).map_err(PasswordError::Bcrypt)?;
        }
        match self.verify(password, stored.unwrap_or(NOBODYS))? {
            Some(_) if stored.is_none() => Ok(Verdict::Wrong),
            Some(hash) if is_current(&hash) => Ok(Verdict::Right),
            Some(_) => Ok(Verdict::RightButOutdated),
            None => Ok(Verdict::Wrong),
        }
    }

    /// The argon2 hash, if the password is right.
    fn verify(&self, password: &Password, stored: &str) -> Result<Option<PasswordHash>, PasswordError> {
        let hash = PasswordHash::new(stored).map_err(|error| PasswordError::Argon2(error.into()))?;
        match self.0.verify_password(password.normalised().as_bytes(), &hash) {
            Ok(()) => Ok(Some(hash)),
            Err(password_hash::Error::PasswordInvalid) => Ok(None),
            Err(error) => Err(PasswordError::Argon2(error)),
        }
    }
}

/// A bcrypt hash of this cost that belongs to no known password.
fn nobodys_bcrypt(cost: u32) -> String {
    format!("$2b${cost:02}$nobodyssaltnobodyssalu{}", ".".repeat(31))
}

/// The cost of a bcrypt hash; `None` for any other text.
pub(crate) fn bcrypt_cost(hash: &str) -> Option<u32> {
    let is_bcrypt = BCRYPT.iter().any(|prefix| hash.starts_with(prefix)) && hash.len() == 60;
    hash.get(4..6).filter(|_| is_bcrypt)?.parse().ok()
}

fn is_current(hash: &PasswordHash) -> bool {
    let parameters = Params::try_from(hash);
    hash.algorithm == Algorithm::Argon2id.ident()
        && hash.version == Some(Version::V0x13.into())
        && parameters.is_ok_and(|parameters| {
            (parameters.m_cost(), parameters.t_cost(), parameters.p_cost()) == (MEMORY_KIB, PASSES, LANES)
        })
}

#[cfg(test)]
mod tests {
    use argon2::{AssociatedData, ParamsBuilder};

    use super::*;

    #[test]
    fn a_password_is_recognised_and_another_is_not() {
        let passwords = Passwords::default();
        let hash = passwords.hash(&Password::typed("correct horse")).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let check = |text| passwords.check(&Password::typed(text), Some(&hash), None).unwrap();
        assert_eq!(check("correct horse"), Verdict::Right);
        assert_eq!(check("correct horse "), Verdict::Wrong);
        assert_eq!(check(""), Verdict::Wrong);
        assert_ne!(passwords.hash(&Password::typed("correct horse")).unwrap(), hash, "salts differ");
    }

    #[test]
    fn the_same_characters_from_another_keyboard_are_the_same_password() {
        let passwords = Passwords::default();
        let composed = passwords.hash(&Password::typed("비밀번호입니다!")).unwrap();
        let decomposed: String = "비밀번호입니다!".nfd().collect();
        assert_eq!(passwords.check(&Password::typed(&decomposed), Some(&composed), None).unwrap(), Verdict::Right);
    }

    #[test]
    fn the_hash_of_no_account_has_the_current_parameters_and_no_password() {
        assert!(is_current(&PasswordHash::new(NOBODYS).unwrap()));
        let passwords = Passwords::default();
        assert_eq!(passwords.check(&Password::typed("correct horse"), None, Some(4)).unwrap(), Verdict::Wrong);
    }

    #[test]
    fn a_hash_of_weaker_parameters_is_outdated() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let hash: PasswordHash = weak.hash_password_with_salt(b"correct horse", b"sixteen byte salt").unwrap();
        let verdict = Passwords::default().check(&Password::typed("correct horse"), Some(&hash.to_string()), None);
        assert_eq!(verdict.unwrap(), Verdict::RightButOutdated);
    }

    /// From jBCrypt's tests, <https://www.mindrot.org/projects/jBCrypt/>.
    #[test]
    fn a_bcrypt_hash_is_recognised_and_outdated() {
        const ABC: &str = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i";
        let check = |text, hash: &str| Passwords::default().check(&Password::typed(text), Some(hash), Some(6));
        for prefix in BCRYPT {
            let hash = ABC.replace("$2a$", prefix);
            assert_eq!(check("abc", &hash).unwrap(), Verdict::RightButOutdated);
            assert_eq!(check("abd", &hash).unwrap(), Verdict::Wrong);
        }
        let long = "a".repeat(BCRYPT_BYTES);
        let longer = format!("{long}b");
        let hash = bcrypt::hash(&long, 4).unwrap();
        assert_eq!(check(&long, &hash).unwrap(), Verdict::RightButOutdated);
        assert_eq!(check(&longer, &hash).unwrap(), Verdict::Wrong);
        assert!(check("abc", &ABC.replace("$2a$", "$2x$")).is_err());
        assert!(check("abc", "$2b$06$").is_err());
    }

    #[test]
    fn an_unreadable_hash_is_an_error_not_a_wrong_password() {
        assert!(Passwords::default().check(&Password::typed("correct horse"), Some("plain text"), None).is_err());
    }

    #[test]
    fn length_counts_characters() {
        let rule = |text: &str| text.parse::<Password>().map(|_| ()).map_err(|refusal| refusal.rule);
        assert_eq!(rule(&"가".repeat(7)), Err(Rule::TooShort));
        assert_eq!(rule(&"가".repeat(8)), Ok(()));
        assert_eq!(rule(&"😀".repeat(128)), Ok(()));
        assert_eq!(rule(&"😀".repeat(129)), Err(Rule::TooLong));
    }

    /// RFC 9106, section 5.3: the test vector of argon2id.
    #[test]
    fn argon2id_gives_the_published_tag() {
        let parameters = ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(AssociatedData::new(&[4; 12]).unwrap())
            .build()
            .unwrap();
        let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, parameters).unwrap();
        let mut tag = [0; 32];
        argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
        let published = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
        let hexadecimal: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hexadecimal, published);
    }
}
