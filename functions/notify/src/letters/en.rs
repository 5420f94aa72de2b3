//! The letters in English.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    confirm_email: |link| {
        let subject = "Confirm your e-mail address for Pairwork";
        let text = format!(
            "Hello,\n\nThis address was used to sign up for Pairwork. Open this link to confirm it:\n\n{link}\n\n\
             The link works once, for 24 hours.\n\n\
             If you did not sign up, ignore this letter. Without the link, no account gets your address."
        );
        (subject, text)
    },
    address_has_account: |page| {
        let subject = "You already have a Pairwork account";
        let text = format!(
            "Hello,\n\nSomebody tried to sign up for Pairwork with this address, but it has an account already. \
             Sign in here:\n\n{page}\n\n\
             If you have forgotten your password, choose \"Forgot password\" there.\n\n\
             If it was not you, you need not do anything. Your account is unchanged."
        );
        (subject, text)
    },
    reset_password: |link| {
        let subject = "Choose a new password for Pairwork";
        let text = format!(
            "Hello,\n\nSomebody asked for a new password for your Pairwork account. Open this link to choose one:\n\n\
             {link}\n\n\
             The link works once, for a short time.\n\n\
             If you did not ask for it, ignore this letter. Your password stays as it is."
        );
        (subject, text)
    },
    password_changed: |page| {
        let subject = "Your Pairwork password was changed";
        let text = format!(
            "Hello,\n\nThe password of your Pairwork account was changed.\n\n\
             If it was not you, choose \"Forgot password\" on this page at once, and end the sessions on all other \
             devices:\n\n{page}"
        );
        (subject, text)
    },
    email_changed: |page| {
        let subject = "The address of your Pairwork account was changed";
        let text = format!(
            "Hello,\n\nYour Pairwork account has another e-mail address now. This is the last letter to this one.\n\n\
             If it was not you, somebody else has access to your account. Ask our support for help at once:\n\n{page}"
        );
        (subject, text)
    },
    second_factor_added: |page| {
        let subject = "A second factor was added to your Pairwork account";
        let text = format!(
            "Hello,\n\nFrom now on, signing in to your Pairwork account takes a second factor, too.\n\n\
             If it was not you, change your password and remove the second factor at once:\n\n{page}"
        );
        (subject, text)
    },
    second_factor_removed: |page| {
        let subject = "A second factor was removed from your Pairwork account";
        let text = format!(
            "Hello,\n\nA second factor of your Pairwork account was removed.\n\n\
             If it was not you, change your password and add a second factor at once:\n\n{page}"
        );
        (subject, text)
    },
    provider_linked: |page, provider| {
        let subject = "A sign-in provider was linked to your Pairwork account";
        let text = format!(
            "Hello,\n\nFrom now on, {provider} signs in to your Pairwork account, too.\n\n\
             If it was not you, unlink it and change your password at once:\n\n{page}"
        );
        (subject, text)
    },
    provider_unlinked: |page, provider| {
        let subject = "A sign-in provider was unlinked from your Pairwork account";
        let text = format!(
            "Hello,\n\n{provider} signs in to your Pairwork account no longer.\n\n\
             If it was not you, change your password at once:\n\n{page}"
        );
        (subject, text)
    },
    passkey_added: |page| {
        let subject = "A passkey was added to your Pairwork account";
        let text = format!(
            "Hello,\n\nFrom now on, a new passkey signs in to your Pairwork account.\n\n\
             If it was not you, change your password and remove the passkey at once:\n\n{page}"
        );
        (subject, text)
    },
    passkey_removed: |page| {
        let subject = "A passkey was removed from your Pairwork account";
        let text = format!(
            "Hello,\n\nA passkey of your Pairwork account was removed. It signs in no more.\n\n\
             If it was not you, change your password at once:\n\n{page}"
        );
        (subject, text)
    },
    new_session: |page, device| {
        let subject = "New sign-in to your Pairwork account";
        let text = format!(
            "Hello,\n\nSomebody signed in to your Pairwork account from a new device:\n\n{device}\n\n\
             If it was not you, end that session and change your password at once:\n\n{page}"
        );
        (subject, text)
    },
    account_will_be_deleted: |page, day| {
        let subject = "Your Pairwork account will be deleted";
        let text = format!(
            "Hello,\n\nYou asked us to delete your Pairwork account. It will be deleted on {day} (UTC).\n\n\
             Until then nobody sees your profile and your projects.\n\nIf you have changed your mind, or if it was not \
             you, sign in before that day and choose \"Keep my account\":\n\n{page}"
        );
        (subject, text)
    },
    ending: "Pairwork\n\nNobody reads answers to this address.",
};
