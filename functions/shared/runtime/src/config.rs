//! Configuration: a function reads it once at start and passes it on as an argument.
//!
//! This module names every variable that a function reads itself, with its unit and default. The SDK and the Lambda
//! runtime read their own variables (`AWS_REGION`, `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_LAMBDA_RUNTIME_API`, …). Nothing
//! else reads the environment.

use std::path::PathBuf;
use std::{fmt, num::NonZeroU32};

use crate::clock::OffsetFile;

/// The configuration of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `MARKET_TABLE`: accounts, freelancers, projects and lists. Default `market`.
    pub market_table: String,
    /// `LIVE_TABLE`: records that expire, such as idempotency records. Default `live`.
    pub live_table: String,
    /// `POOL_TABLE`: the talent pool and the pool of open projects, packed for matching. Default `pool`.
    pub pool_table: String,
    /// `PAIRWORK_POOL_SHARD`, e.g. `2/4`: this function is that shard of the talent pool, and only `matches` calls it.
    /// Default: none, the function is no shard. `matches` parses the value.
    pub pool_shard: Option<String>,
    /// `PAIRWORK_POOL_SHARDS`: the names of the functions that are the shards of the talent pool, in the order of the
    /// shards, separated by commas. Default: none, the function that ranks holds the whole pool.
    pub pool_shards: Vec<String>,
    /// `CREDENTIALS_TABLE`: password hashes and signing keys; only `accounts` may read it. Default `credentials`.
    pub credentials_table: String,
    /// `AUDIT_TABLE`: the audit trails, to which rows are only added. Default `audit`.
    pub audit_table: String,
    /// `TRUST_TABLE`: public signing keys and live sessions; only `accounts` may write it. Default `trust`.
    pub trust_table: String,
    /// `OUTBOX_TABLE`: letters that wait to be sent. Default `outbox`.
    pub outbox_table: String,
    /// `MAIL_FROM`: the sender of every letter, e.g. `Pairwork <letters@market.example.com>`. Default: none; only
    /// `notify` needs it.
    pub mail_from: Option<String>,
    /// `PAGE_URL`: the address of the page, to which the links of letters lead, e.g. `https://market.example.com`.
    /// Default: none; only `notify` needs it.
    pub page_url: Option<String>,
    /// `PASSKEY_ORIGIN`: the origin of the page, to whose host passkeys are bound, e.g. `https://market.example.com`.
    /// Default: none, the market offers no passkeys. Only `accounts` needs it.
    pub passkey_origin: Option<String>,
    /// `SEALING_KEY`: the id, ARN or alias of the KMS key under which sensitive fields are sealed. Default
    /// `alias/pairwork-sealing`.
    pub sealing_key: String,
    /// `SEALING_KEY_VERSION`: rises by one when `SEALING_KEY` names another key, so that old fields are sealed again.
    /// Default 1.
    pub sealing_key_version: u32,
    /// `TOKEN_ISSUER`: the `iss` claim of every token. Default `pairwork`.
    pub token_issuer: String,
    /// `TOKEN_AUDIENCE`: the `aud` claim of every token. Default `pairwork`.
    pub token_audience: String,
    /// `TOKEN_LIFETIME_SECONDS`: how long an access token is valid. Default 600.
    pub token_lifetime_seconds: NonZeroU32,
    /// `REGISTRATION_BY_MAIL`: whether an account opens only after its address is confirmed. Default `true`.
    pub registration_by_mail: bool,
    /// `SIGN_IN_PROVIDERS`: the providers that people may sign in with, a JSON list (docs/sign-in-with.md).
    /// Default: none.
    /// Only `accounts` needs it, and parses the value.
    pub sign_in_providers: Option<Secret>,
    /// `PAIRWORK_OPEN_PROJECTS_PER_OWNER`: how many open projects one account may own at a time. Default 200.
    pub open_projects_per_owner: u32,
    /// `PAIRWORK_ACCOUNT_LIMIT_FACTOR`: multiplies how often one account may do what is limited. Default 1.
    pub account_limit_factor: u32,
    /// `PAIRWORK_ADDRESS_LIMIT_FACTOR`: multiplies how often one network address may do what is limited. Default 1.
    pub address_limit_factor: u32,
    /// `PAIRWORK_PSEUDONYM_KEY`: the secret key of the pseudonyms in the log. Default: none, each process has its own.
    pub pseudonym_key: Option<String>,
    /// `PAIRWORK_EDGE_KEY`: what CloudFront sends in the header `x-pairwork-edge`. Default: none, callers are told by
    /// the address of their connection.
    pub edge_key: Option<String>,
    /// `RUST_LOG`, else `AWS_LAMBDA_LOG_LEVEL`: the log filter, in the syntax of `tracing`. Default `info`.
    pub log_filter: String,
    /// `CLOCK_OFFSET_FILE`: a file that says how many seconds this deployment's clock is ahead of the machine's; its
    /// format is in [`crate::clock`]. Default: none, the deployment has the machine's time.
    pub clock_offset_file: Option<PathBuf>,
    /// `METRICS_NAMESPACE`: the CloudWatch namespace of the metrics in the log. Default: none, no metrics.
    pub metrics_namespace: Option<String>,
}

/// A value that holds a secret. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// A variable with an unusable value.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{variable} must be {expected}, but is {value:?}")]
pub struct ConfigError {
    variable: &'static str,
    expected: &'static str,
    value: String,
}

impl Config {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// A variable with an unusable value, or an offset file that can't be read. An absent variable takes its default.
    pub fn from_env() -> Result<Self, ConfigError> {
        let config = Self::read(|variable| std::env::var(variable).ok())?;
        if let Some(path) = config.clock_offset_file.as_deref()
            && OffsetFile::open(path).is_err()
        {
            let (variable, expected) = (CLOCK_OFFSET_FILE, "a file with an offset in seconds");
            return Err(ConfigError { variable, expected, value: path.to_string_lossy().into_owned() });
        }
        Ok(config)
    }

    /// Reads from any source of variables. An empty value counts as absent.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn read(source: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let variable = |name: &str| source(name).filter(|value| !value.is_empty());
        let text = |name: &str, default: &str| variable(name).unwrap_or_else(|| default.to_owned());
        let pool_shards = variable("PAIRWORK_POOL_SHARDS").unwrap_or_default();
        let token_lifetime_seconds = match variable("TOKEN_LIFETIME_SECONDS") {
            None => DEFAULT_TOKEN_LIFETIME_SECONDS,
            Some(value) => value.parse().map_err(|_| ConfigError {
                variable: "TOKEN_LIFETIME_SECONDS",
                expected: "a whole number of seconds above zero",
                value,
            })?,
        };
        let open_projects_per_owner = match variable("PAIRWORK_OPEN_PROJECTS_PER_OWNER") {
            None => DEFAULT_OPEN_PROJECTS_PER_OWNER,
            Some(value) => value.parse().map_err(|_| ConfigError {
                variable: "PAIRWORK_OPEN_PROJECTS_PER_OWNER",
                expected: "a whole number of projects",
                value,
            })?,
        };
        let sealing_key_version = match variable("SEALING_KEY_VERSION") {
            None => 1,
            Some(value) => value.parse().map_err(|_| ConfigError {
                variable: "SEALING_KEY_VERSION",
                expected: "a whole number",
                value,
            })?,
        };
        let registration_by_mail = match variable("REGISTRATION_BY_MAIL").as_deref() {
            None | Some("true") => true,
            Some("false") => false,
            Some(value) => {
                let (variable, expected) = ("REGISTRATION_BY_MAIL", "true or false");
                return Err(ConfigError { variable, expected, value: value.to_owned() });
            }
        };
        let limit_factor = |name: &'static str| match variable(name) {
            None => Ok(1),
            Some(value) => value.parse().map(NonZeroU32::get).map_err(|_| ConfigError {
                variable: name,
                expected: "a whole number above zero",
                value,
            }),
        };
        Ok(Self {
            market_table: text("MARKET_TABLE", "market"),
            live_table: text("LIVE_TABLE", "live"),
            pool_table: text("POOL_TABLE", "pool"),
            pool_shard: variable("PAIRWORK_POOL_SHARD"),
            pool_shards: pool_shards.split_terminator(',').map(|name| name.trim().to_owned()).collect(),
            credentials_table: text("CREDENTIALS_TABLE", "credentials"),
            audit_table: text("AUDIT_TABLE", "audit"),
            trust_table: text("TRUST_TABLE", "trust"),
            outbox_table: text("OUTBOX_TABLE", "outbox"),
            mail_from: variable("MAIL_FROM"),
            page_url: variable("PAGE_URL"),
            passkey_origin: variable("PASSKEY_ORIGIN"),
            sealing_key: text("SEALING_KEY", "alias/pairwork-sealing"),
            sealing_key_version,
            token_issuer: text("TOKEN_ISSUER", "pairwork"),
            token_audience: text("TOKEN_AUDIENCE", "pairwork"),
            token_lifetime_seconds,
            open_projects_per_owner,
            registration_by_mail,
            sign_in_providers: variable("SIGN_IN_PROVIDERS").map(Secret),
            account_limit_factor: limit_factor("PAIRWORK_ACCOUNT_LIMIT_FACTOR")?,
            address_limit_factor: limit_factor("PAIRWORK_ADDRESS_LIMIT_FACTOR")?,
            pseudonym_key: variable("PAIRWORK_PSEUDONYM_KEY"),
            edge_key: variable("PAIRWORK_EDGE_KEY"),
            log_filter: variable("RUST_LOG")
                .or_else(|| variable("AWS_LAMBDA_LOG_LEVEL"))
                .unwrap_or_else(|| "info".to_owned()),
            clock_offset_file: variable(CLOCK_OFFSET_FILE).map(PathBuf::from),
            metrics_namespace: variable("METRICS_NAMESPACE"),
        })
    }
}

/// The offset file of this process's environment. The clock asks for it itself, so that no function can forget it.
pub(crate) fn clock_offset_file() -> Option<PathBuf> {
    std::env::var_os(CLOCK_OFFSET_FILE).filter(|path| !path.is_empty()).map(PathBuf::from)
}

const CLOCK_OFFSET_FILE: &str = "CLOCK_OFFSET_FILE";

const DEFAULT_OPEN_PROJECTS_PER_OWNER: u32 = 200;

const DEFAULT_TOKEN_LIFETIME_SECONDS: NonZeroU32 = NonZeroU32::new(600).expect("not zero");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_has_a_default() {
        let config = Config::read(|_| None).unwrap();
        assert_eq!(config.market_table, "market");
        assert_eq!(config.live_table, "live");
        assert_eq!(config.pool_table, "pool");
        assert_eq!(config.credentials_table, "credentials");
        assert_eq!(config.audit_table, "audit");
        assert_eq!(config.trust_table, "trust");
        assert_eq!(config.outbox_table, "outbox");
        assert_eq!((config.mail_from, config.page_url), (None, None));
        assert_eq!((config.sealing_key.as_str(), config.sealing_key_version), ("alias/pairwork-sealing", 1));
        assert_eq!((config.pool_shard, config.pool_shards), (None, Vec::new()));
        assert_eq!(config.sign_in_providers, None);
        assert_eq!(config.token_issuer, "pairwork");
        assert_eq!(config.token_audience, "pairwork");
        assert_eq!(config.token_lifetime_seconds.get(), 600);
        assert_eq!(config.open_projects_per_owner, 200);
        assert_eq!((config.pseudonym_key, config.edge_key), (None, None));
        assert_eq!((config.account_limit_factor, config.address_limit_factor), (1, 1));
        assert_eq!(config.log_filter, "info");
        assert_eq!((config.clock_offset_file, config.metrics_namespace), (None, None));
    }

    #[test]
    fn a_set_variable_overrides_the_default_and_an_empty_one_does_not() {
        let config = Config::read(|name| match name {
            "MARKET_TABLE" => Some("Pairwork-MarketTable-1X".to_owned()),
            "LIVE_TABLE" => Some(String::new()),
            "AWS_LAMBDA_LOG_LEVEL" => Some("WARN".to_owned()),
            _ => None,
        })
        .unwrap();
        assert_eq!(config.market_table, "Pairwork-MarketTable-1X");
        assert_eq!(config.live_table, "live");
        assert_eq!(config.log_filter, "WARN");
    }

    #[test]
    fn a_debug_print_shows_no_secret_of_a_provider() {
        let config = Config::read(|name| (name == "SIGN_IN_PROVIDERS").then(|| "hush".to_owned())).unwrap();
        assert_eq!(config.sign_in_providers, Some(Secret("hush".to_owned())));
        assert!(!format!("{config:?}").contains("hush"));
    }

    #[test]
    fn shards_are_named_in_order() {
        let config = Config::read(|name| match name {
            "PAIRWORK_POOL_SHARD" => Some("2/4".to_owned()),
            "PAIRWORK_POOL_SHARDS" => Some("first, second".to_owned()),
            _ => None,
        })
        .unwrap();
        assert_eq!(config.pool_shard.as_deref(), Some("2/4"));
        assert_eq!(config.pool_shards, ["first", "second"]);
    }

    #[test]
    fn an_invalid_bound_of_open_projects_is_named() {
        let read =
            |value: &str| Config::read(|name| (name == "PAIRWORK_OPEN_PROJECTS_PER_OWNER").then(|| value.to_owned()));
        assert_eq!(read("7").unwrap().open_projects_per_owner, 7);
        assert_eq!(
            read("many").unwrap_err().to_string(),
            "PAIRWORK_OPEN_PROJECTS_PER_OWNER must be a whole number of projects, but is \"many\""
        );
    }

    #[test]
    fn an_invalid_factor_of_limits_is_named() {
        for variable in ["PAIRWORK_ACCOUNT_LIMIT_FACTOR", "PAIRWORK_ADDRESS_LIMIT_FACTOR"] {
            for value in ["0", "-1", "1.5", "none"] {
                let error = Config::read(|name| (name == variable).then(|| value.to_owned())).unwrap_err();
                assert_eq!(
                    error.to_string(),
                    format!("{variable} must be a whole number above zero, but is {value:?}")
                );
            }
        }
    }

    #[test]
    fn a_lifetime_in_other_units_is_refused_by_name() {
        for value in ["1h", "0", "-1"] {
            let error = Config::read(|name| (name == "TOKEN_LIFETIME_SECONDS").then(|| value.to_owned()));
            assert_eq!(
                error.unwrap_err().to_string(),
                format!("TOKEN_LIFETIME_SECONDS must be a whole number of seconds above zero, but is {value:?}")
            );
        }
    }
}
