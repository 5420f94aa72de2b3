//! The acts that trails record, and their actors.

/// An act that a trail records. Its subject is the thing that it concerns, besides the account itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The account was opened.
    Registered,
    /// A session began. Its subject is the factors, such as `password+totp`.
    SignedIn,
    /// A session ended. Its subject is that session.
    SessionEnded,
    /// A refresh token was used twice, so a session ended. Its subject is that session.
    RefreshReused,
    /// The identity was proved once more. Its subject is the factors.
    Proved,
    /// The password was changed by its owner.
    PasswordChanged,
    /// The password was reset by a letter.
    PasswordReset,
    /// A letter to another address was asked for.
    AddressChangeRequested,
    /// The address was changed by the letter to the new one.
    AddressChanged,
    /// An authenticator app was added.
    TotpAdded,
    /// The authenticator app was removed. Its subject is the factor that allowed it.
    TotpRemoved,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// New recovery codes replaced the earlier ones.
    RecoveryCodesMade,
    /// The account got a role. Its subject is the role.
    RoleGiven,
    /// The support locked the account.
    AccountLocked,
    /// The support unlocked the account.
    AccountUnlocked,
    /// The support read the account.
    AccountRead,
    /// An account at a provider was linked, to sign in with. Its subject is the provider.
    ProviderLinked,
    /// An account at a provider was unlinked. Its subject is the provider.
    ProviderUnlinked,
    /// Personal data were changed.
    PersonalDataChanged,
    /// The data of the account were exported.
    DataExported,
    /// The owner asked to delete the account.
    DeletionRequested,
    /// The owner kept the account after all.
    AccountRestored,
}

impl Act {
    /// The name in rows. It never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::SignedIn => "signed_in",
            Self::SessionEnded => "session_ended",
            Self::RefreshReused => "refresh_reused",
            Self::Proved => "proved",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::AddressChangeRequested => "address_change_requested",
            Self::AddressChanged => "address_changed",
            Self::TotpAdded => "totp_added",
            Self::TotpRemoved => "totp_removed",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::RoleGiven => "role_given",
            Self::AccountLocked => "account_locked",
            Self::AccountUnlocked => "account_unlocked",
            Self::AccountRead => "account_read",
            Self::ProviderLinked => "provider_linked",
            Self::ProviderUnlinked => "provider_unlinked",
            Self::PersonalDataChanged => "personal_data_changed",
            Self::DataExported => "data_exported",
            Self::DeletionRequested => "deletion_requested",
            Self::AccountRestored => "account_restored",
        }
    }
}

/// The actor of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// An account: the owner of the trail, or somebody of the market's staff.
    Account(domain::values::AccountId),
    /// The market itself, or an operator without an account.
    System,
}

impl Actor {
    /// The name of [`Actor::System`] in rows.
    pub const SYSTEM: &'static str = "system";
}

impl std::fmt::Display for Actor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(id) => id.fmt(formatter),
            Self::System => formatter.write_str(Self::SYSTEM),
        }
    }
}
