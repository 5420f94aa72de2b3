# Generated from infra/openapi.json by clients/generate. Do not edit.
"""One method for each operation of the API. `iter_…` methods read every page of a list."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from typing import TypeVar

from . import types
from ._call import Call, new_idempotency_key, segment

API_VERSION = "0.1.0"
"""The version of the API that this client was generated from."""

T = TypeVar("T")


class Operations:
    """The operations of the API, blocking."""

    def _call(self, call: Call[T]) -> T:
        raise NotImplementedError

    def get_jwks(self, *, timeout: float | None = None) -> types.JwksBody:
        """Public signing keys.

        A service that checks tokens should cache these keys, and read them again when a token names an unknown key. A
        new key is published a day before it signs.
        """
        return self._call(Call[types.JwksBody]("GET", "/.well-known/jwks.json", timeout=timeout))

    def register(
        self, body: types.RegistrationInput, *, idempotency_key: str | None = None, timeout: float | None = None
    ) -> types.Account | None:
        """Open an account.

        Then sign in with `POST /sessions`. A deployed market answers 202, whether the address has an account or not,
        and opens the account when its owner follows the link in a letter to the address.

        :param idempotency_key: 1 to 255 visible ASCII characters, new for each thing to create. A repeat of the same
            request within 24 hours gets the first reply again, with `Idempotency-Replayed: true`, and has no further
            effect.
        """
        return self._call(
            Call[types.Account | None](
                "POST",
                "/accounts",
                headers={"Idempotency-Key": idempotency_key or new_idempotency_key()},
                body=body,
                timeout=timeout,
            )
        )

    def get_my_account(self, *, timeout: float | None = None) -> types.MyAccount:
        """Read my account."""
        return self._call(Call[types.MyAccount]("GET", "/accounts/me", sign_in=True, timeout=timeout))

    def delete_my_account(self, *, timeout: float | None = None) -> types.Closing:
        """Delete my account.

        The account is erased after thirty days. Until then it is closing: its other sessions end at once, its profile
        and its open projects are withdrawn within a minute, and it can post nothing. Its owner can sign in and keep
        it: `POST /accounts/me/restore`. Repeating this changes nothing. It needs a recent proof of identity.
        """
        return self._call(Call[types.Closing]("DELETE", "/accounts/me", sign_in=True, timeout=timeout))

    def list_my_activity(
        self, *, limit: int | None = None, cursor: str | None = None, timeout: float | None = None
    ) -> types.ActivityPage:
        """List my activity.

        It shows the acts on your account that matter for its security, newest first. Nobody can change or delete an
        entry.

        :param limit: The most items to return.
        :param cursor: The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it
            out for the first page.
        """
        return self._call(
            Call[types.ActivityPage](
                "GET", "/accounts/me/audit", query={"limit": limit, "cursor": cursor}, sign_in=True, timeout=timeout
            )
        )

    def iter_my_activity(
        self, *, limit: int | None = None, cursor: str | None = None, timeout: float | None = None
    ) -> Iterator[types.Activity]:
        """Every item of `list_my_activity`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = self.list_my_activity(limit=limit, cursor=cursor, timeout=timeout)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def change_my_email(self, body: types.NewEmail, *, timeout: float | None = None) -> None:
        """Change my address.

        The new address counts after its owner follows the link in a letter to it. The answer does not tell whether
        the address has an account. It needs a recent proof of identity.
        """
        return self._call(Call[None]("PUT", "/accounts/me/email", body=body, sign_in=True, timeout=timeout))

    def export_my_account(
        self, *, limit: int | None = None, cursor: str | None = None, timeout: float | None = None
    ) -> types.AccountExport:
        """Download my data.

        Everything that the market keeps about the account, without secrets. The answer holds at most 100 projects,
        and fewer if their texts are long. `next_cursor` then leads to the next part. It needs a recent proof of
        identity.

        :param limit: The most items to return.
        :param cursor: The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it
            out for the first page.
        """
        return self._call(
            Call[types.AccountExport](
                "GET", "/accounts/me/export", query={"limit": limit, "cursor": cursor}, sign_in=True, timeout=timeout
            )
        )

    def list_my_identities(self, *, timeout: float | None = None) -> types.Identities:
        """List my accounts at providers."""
        return self._call(Call[types.Identities]("GET", "/accounts/me/identities", sign_in=True, timeout=timeout))

    def link_identity(self, id: str, body: types.ProviderReply, *, timeout: float | None = None) -> None:
        """Link an account at a provider.

        Begin with `POST /accounts/me/identities/{id}/authorizations` and `"purpose": "link"`. It needs a recent proof
        of identity.
        """
        return self._call(
            Call[None]("POST", f"/accounts/me/identities/{segment(id)}", body=body, sign_in=True, timeout=timeout)
        )

    def unlink_identity(self, id: str, *, timeout: float | None = None) -> None:
        """Unlink an account at a provider.

        Its sessions stay. The last way to sign in cannot be removed. It needs a recent proof of identity.
        """
        return self._call(Call[None]("DELETE", f"/accounts/me/identities/{segment(id)}", sign_in=True, timeout=timeout))

    def begin_with_provider(
        self, id: str, body: types.RoundTripInput, *, timeout: float | None = None
    ) -> types.ProviderAuthorization:
        """Begin a round trip to a provider.

        It is for people who have signed in: to link an account at the provider, or to prove who they are. The rest is
        as with `POST /sign-in-providers/{id}/authorizations`.
        """
        return self._call(
            Call[types.ProviderAuthorization](
                "POST",
                f"/accounts/me/identities/{segment(id)}/authorizations",
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    def list_my_passkeys(self, *, timeout: float | None = None) -> types.Passkeys:
        """List my passkeys."""
        return self._call(Call[types.Passkeys]("GET", "/accounts/me/passkeys", sign_in=True, timeout=timeout))

    def add_my_passkey(
        self, body: types.NewPasskey, *, idempotency_key: str | None = None, timeout: float | None = None
    ) -> types.Passkey:
        """Add a passkey.

        From now on, it signs in alone. It needs a recent proof of identity.

        :param idempotency_key: 1 to 255 visible ASCII characters, new for each thing to create. A repeat of the same
            request within 24 hours gets the first reply again, with `Idempotency-Replayed: true`, and has no further
            effect.
        """
        return self._call(
            Call[types.Passkey](
                "POST",
                "/accounts/me/passkeys",
                headers={"Idempotency-Key": idempotency_key or new_idempotency_key()},
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    def begin_my_passkey(self, *, timeout: float | None = None) -> types.PasskeyCreationOptions:
        """Ask for a challenge to add a passkey.

        The challenge counts once, within five minutes, for `POST /accounts/me/passkeys`. It needs a recent proof of
        identity.
        """
        return self._call(
            Call[types.PasskeyCreationOptions](
                "POST", "/accounts/me/passkeys/challenges", sign_in=True, timeout=timeout
            )
        )

    def remove_my_passkey(self, id: str, *, timeout: float | None = None) -> None:
        """Remove a passkey.

        It signs in no more. The account keeps its password or a provider, so no removal locks its owner out. It needs
        a recent proof of identity.
        """
        return self._call(Call[None]("DELETE", f"/accounts/me/passkeys/{segment(id)}", sign_in=True, timeout=timeout))

    def change_my_password(self, body: types.PasswordChange, *, timeout: float | None = None) -> None:
        """Change my password.

        It ends the account's other sessions. It asks for the present password, and for a recent proof of identity:
        `POST /sessions/current/proof`.
        """
        return self._call(Call[None]("PUT", "/accounts/me/password", body=body, sign_in=True, timeout=timeout))

    def get_my_personal_data(
        self, *, if_none_match: str | None = None, timeout: float | None = None
    ) -> types.PersonalData:
        """Read my personal data.

        Every part may be absent. Of the payout account, only the last four characters are shown.

        :param if_none_match: An `ETag` that the client has, or `*`. If it is the current one, the answer is 304
            without a body.
        """
        return self._call(
            Call[types.PersonalData](
                "GET",
                "/accounts/me/personal-data",
                headers={"If-None-Match": if_none_match},
                sign_in=True,
                timeout=timeout,
            )
        )

    def put_my_personal_data(
        self,
        body: types.PersonalDataInput,
        *,
        if_match: str | None = None,
        if_none_match: str | None = None,
        timeout: float | None = None,
    ) -> types.PersonalData:
        """Save my personal data.

        It replaces all of them. The masked payout account that was read keeps the stored one. It needs a recent proof
        of identity.

        :param if_match: The `ETag` of the version that the change is based on, or `*` for any version. If it is not
            the current one, the answer is 412.
        :param if_none_match: `*` writes only if nothing is stored yet.
        """
        return self._call(
            Call[types.PersonalData](
                "PUT",
                "/accounts/me/personal-data",
                headers={"If-Match": if_match, "If-None-Match": if_none_match},
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    def list_my_projects(
        self, *, limit: int | None = None, cursor: str | None = None, timeout: float | None = None
    ) -> types.ProjectPage:
        """List my projects.

        All projects of the account, open or closed, newest first.

        :param limit: The most items to return.
        :param cursor: The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it
            out for the first page.
        """
        return self._call(
            Call[types.ProjectPage](
                "GET", "/accounts/me/projects", query={"limit": limit, "cursor": cursor}, sign_in=True, timeout=timeout
            )
        )

    def iter_my_projects(
        self, *, limit: int | None = None, cursor: str | None = None, timeout: float | None = None
    ) -> Iterator[types.Project]:
        """Every item of `list_my_projects`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = self.list_my_projects(limit=limit, cursor=cursor, timeout=timeout)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def make_recovery_codes(self, *, timeout: float | None = None) -> types.RecoveryCodesBody:
        """Make new recovery codes.

        They replace the ones that are left. It needs a recent proof of identity.
        """
        return self._call(
            Call[types.RecoveryCodesBody]("POST", "/accounts/me/recovery-codes", sign_in=True, timeout=timeout)
        )

    def restore_my_account(self, *, timeout: float | None = None) -> None:
        """Keep my account.

        The account is not erased, and within a minute its profile and its projects are shown again as they were.
        Repeating this changes nothing.
        """
        return self._call(Call[None]("POST", "/accounts/me/restore", sign_in=True, timeout=timeout))

    def add_totp(self, *, timeout: float | None = None) -> types.TotpBody:
        """Add an authenticator app.

        The app counts after `POST /accounts/me/totp/confirm`. A second call before that replaces the secret.
        """
        return self._call(Call[types.TotpBody]("POST", "/accounts/me/totp", sign_in=True, timeout=timeout))

    def remove_totp(self, body: types.CodeInput, *, timeout: float | None = None) -> None:
        """Remove the authenticator app.

        It takes a code of the app, or a recovery code. It needs a recent proof of identity.
        """
        return self._call(Call[None]("DELETE", "/accounts/me/totp", body=body, sign_in=True, timeout=timeout))

    def confirm_totp(self, body: types.CodeInput, *, timeout: float | None = None) -> types.RecoveryCodesBody:
        """Confirm an authenticator app.

        From now on, sign-in asks for a code.
        """
        return self._call(
            Call[types.RecoveryCodesBody]("POST", "/accounts/me/totp/confirm", body=body, sign_in=True, timeout=timeout)
        )

    def get_account(self, id: str, *, timeout: float | None = None) -> types.AccountForStaff:
        """Read an account.

        For the market's support. The reading is recorded in the account's trail. It needs a session with a second
        factor.
        """
        return self._call(Call[types.AccountForStaff]("GET", f"/accounts/{segment(id)}", sign_in=True, timeout=timeout))

    def lock_account(self, id: str, *, timeout: float | None = None) -> None:
        """Lock an account.

        Its sessions end, and a sign-in with the right password answers 403 `account_locked`. Locking twice does no
        harm. It needs a session with a second factor.
        """
        return self._call(Call[None]("POST", f"/accounts/{segment(id)}/lock", sign_in=True, timeout=timeout))

    def give_role(self, id: str, body: types.RoleInput, *, timeout: float | None = None) -> None:
        """Give a role.

        The account's sessions have the role at once. The last admin keeps the role. It needs a session with a second
        factor.
        """
        return self._call(Call[None]("PUT", f"/accounts/{segment(id)}/role", body=body, sign_in=True, timeout=timeout))

    def unlock_account(self, id: str, *, timeout: float | None = None) -> None:
        """Unlock an account.

        Its owner can sign in again. It needs a session with a second factor.
        """
        return self._call(Call[None]("POST", f"/accounts/{segment(id)}/unlock", sign_in=True, timeout=timeout))

    def confirm_email(
        self, token: str, body: types.ConfirmationInput, *, timeout: float | None = None
    ) -> types.Account:
        """Confirm an address.

        It opens the account that was asked for, or gives an account its new address. It needs the password that was
        chosen at the registration, or the account's. So a letter that somebody else has asked for opens nothing of
        theirs.
        """
        return self._call(
            Call[types.Account]("PUT", f"/email-confirmations/{segment(token)}", body=body, timeout=timeout)
        )

    def list_freelancers(
        self,
        *,
        category: str | None = None,
        skill: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> types.FreelancerPage:
        """List freelancers.

        All freelancers, newest first, or those of one category, with one skill, or both.

        :param category: Only this field of work. Case and width make no difference.
        :param skill: Only with this skill. Case, width and the way words are joined make no difference, and synonyms
            count as one: `js` finds `JavaScript`.
        :param limit: The most items to return.
        :param cursor: The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it
            out for the first page.
        """
        return self._call(
            Call[types.FreelancerPage](
                "GET",
                "/freelancers",
                query={"category": category, "skill": skill, "limit": limit, "cursor": cursor},
                timeout=timeout,
            )
        )

    def iter_freelancers(
        self,
        *,
        category: str | None = None,
        skill: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Iterator[types.Freelancer]:
        """Every item of `list_freelancers`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = self.list_freelancers(category=category, skill=skill, limit=limit, cursor=cursor, timeout=timeout)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def get_my_freelancer(self, *, if_none_match: str | None = None, timeout: float | None = None) -> types.Freelancer:
        """Read my profile.

        :param if_none_match: An `ETag` that the client has, or `*`. If it is the current one, the answer is 304
            without a body.
        """
        return self._call(
            Call[types.Freelancer](
                "GET", "/freelancers/me", headers={"If-None-Match": if_none_match}, sign_in=True, timeout=timeout
            )
        )

    def put_my_freelancer(
        self,
        body: types.FreelancerInput,
        *,
        if_match: str | None = None,
        if_none_match: str | None = None,
        timeout: float | None = None,
    ) -> types.Freelancer:
        """Put my profile.

        Replaces the whole profile. Fields that are left out go back to their defaults. The first profile makes the
        account a freelancer. Fields that are not part of the profile, such as `rating`, are ignored, so a client may
        read a profile, edit it and put it back. A profile that is equal to the stored one changes nothing, not even
        the `ETag`.

        :param if_match: The `ETag` of the version that the change is based on, or `*` for any version. If it is not
            the current one, the answer is 412.
        :param if_none_match: `*` writes only if nothing is stored yet.
        """
        return self._call(
            Call[types.Freelancer](
                "PUT",
                "/freelancers/me",
                headers={"If-Match": if_match, "If-None-Match": if_none_match},
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    def delete_my_freelancer(
        self, *, if_match: str | None = None, if_none_match: str | None = None, timeout: float | None = None
    ) -> None:
        """Delete my profile.

        The freelancer leaves the lists and the matches, and the track record goes with the profile. The account
        stays, and may put a new profile.

        :param if_match: The `ETag` of the version that the change is based on, or `*` for any version. If it is not
            the current one, the answer is 412.
        :param if_none_match: `*` writes only if nothing is stored yet.
        """
        return self._call(
            Call[None](
                "DELETE",
                "/freelancers/me",
                headers={"If-Match": if_match, "If-None-Match": if_none_match},
                sign_in=True,
                timeout=timeout,
            )
        )

    def list_my_matches(
        self,
        *,
        min_skill_overlap: float | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        accept_language: str | None = None,
        timeout: float | None = None,
    ) -> types.FreelancerMatches:
        """Projects for me.

        Scores every open project that the freelancer is eligible for and has a wanted skill of. If there is no such
        project, it scores every project that the freelancer is eligible for. A change may take a second to show.

        :param min_skill_overlap: Leaves out the pairs in which the freelancer has less than this share of the wanted
            skills, 0 to 1. Rare skills count more, as in `skill_overlap` among a match's reasons. With 0, every
            eligible pair is ranked. Without the parameter, the pairs that share at least one wanted skill are ranked;
            if there is no such pair, every eligible pair is.
        :param limit: The most items to return.
        :param cursor: The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it
            out for the first page.
        :param accept_language: The language of the sentences: English unless Korean is preferred.
        """
        return self._call(
            Call[types.FreelancerMatches](
                "GET",
                "/freelancers/me/matches",
                query={"min_skill_overlap": min_skill_overlap, "limit": limit, "cursor": cursor},
                headers={"Accept-Language": accept_language},
                sign_in=True,
                timeout=timeout,
            )
        )

    def iter_my_matches(
        self,
        *,
        min_skill_overlap: float | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        accept_language: str | None = None,
        timeout: float | None = None,
    ) -> Iterator[types.FreelancerMatch]:
        """Every item of `list_my_matches`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = self.list_my_matches(
                min_skill_overlap=min_skill_overlap,
                limit=limit,
                cursor=cursor,
                accept_language=accept_language,
                timeout=timeout,
            )
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def get_my_advice(
        self,
        project_id: str,
        *,
        min_skill_overlap: float | None = None,
        accept_language: str | None = None,
        timeout: float | None = None,
    ) -> types.Advice:
        """How to rank higher for a project.

        Ranks all eligible freelancers with enough of the project's skills, and ranks them again with each wanted
        skill that the freelancer does not name yet.

        :param min_skill_overlap: Leaves out the pairs in which the freelancer has less than this share of the wanted
            skills, 0 to 1. Rare skills count more, as in `skill_overlap` among a match's reasons. With 0, every
            eligible pair is ranked. Without the parameter, the pairs that share at least one wanted skill are ranked;
            if there is no such pair, every eligible pair is.
        :param accept_language: The language of the sentences: English unless Korean is preferred.
        """
        return self._call(
            Call[types.Advice](
                "GET",
                f"/freelancers/me/matches/{segment(project_id)}/advice",
                query={"min_skill_overlap": min_skill_overlap},
                headers={"Accept-Language": accept_language},
                sign_in=True,
                timeout=timeout,
            )
        )

    def get_freelancer(
        self, id: str, *, if_none_match: str | None = None, timeout: float | None = None
    ) -> types.Freelancer:
        """Read a freelancer.

        :param if_none_match: An `ETag` that the client has, or `*`. If it is the current one, the answer is 304
            without a body.
        """
        return self._call(
            Call[types.Freelancer](
                "GET", f"/freelancers/{segment(id)}", headers={"If-None-Match": if_none_match}, timeout=timeout
            )
        )

    def get_health(self, *, timeout: float | None = None) -> types.Health:
        """Check that the market answers.

        It needs no sign-in and reads no store.
        """
        return self._call(Call[types.Health]("GET", "/health", timeout=timeout))

    def compare_bids(
        self, body: types.BidsInput, *, accept_language: str | None = None, timeout: float | None = None
    ) -> types.Awards:
        """Compare bids.

        Ranks up to 1,000 bids for a project by the probability that the client hires them. The request holds all
        bids, and nothing is stored. If the project has `created_at` and the bid has `delay_minutes`, the bidder is
        judged as of the time of the bid, otherwise as of now. The price counts for `eligible` alone. The answer
        repeats the freelancers' ids, names, headlines, skills and prices. These may take 3,000,000 bytes, some 900
        characters of Korean for each of 1,000 bids; a request with more gets `too_large`. API Gateway refuses a body
        of more than about 6 MB with a 413 of its own; quotes and line breaks count twice.

        :param accept_language: The language of the sentences: English unless Korean is preferred.
        """
        return self._call(
            Call[types.Awards](
                "POST", "/matches/bids", headers={"Accept-Language": accept_language}, body=body, timeout=timeout
            )
        )

    def score_freelancers(
        self, body: types.ScoreInput, *, accept_language: str | None = None, timeout: float | None = None
    ) -> types.Scores:
        """Score freelancers.

        Scores up to 1,000 freelancers for a project. The request holds all of them, and nothing is stored. The
        freelancers of the request determine how rare a skill is, so scores of different requests compare only
        roughly. The model determines how rare a word is. The answer repeats the freelancers' ids, names, headlines,
        skills and prices. These may take 3,000,000 bytes, some 900 characters of Korean for each of 1,000
        freelancers; a request with more gets `too_large`. API Gateway refuses a body of more than about 6 MB with a
        413 of its own; quotes and line breaks count twice.

        :param accept_language: The language of the sentences: English unless Korean is preferred.
        """
        return self._call(
            Call[types.Scores](
                "POST", "/matches/score", headers={"Accept-Language": accept_language}, body=body, timeout=timeout
            )
        )

    def request_password_reset(self, body: types.ForgottenPassword, *, timeout: float | None = None) -> None:
        """Ask for a new password.

        The answer is the same whether the address has an account or not. If it has one, a letter with a link goes to
        it.
        """
        return self._call(Call[None]("POST", "/password-resets", body=body, timeout=timeout))

    def reset_password(self, token: str, body: types.NewPassword, *, timeout: float | None = None) -> None:
        """Choose a new password.

        It ends every session of the account.
        """
        return self._call(Call[None]("PUT", f"/password-resets/{segment(token)}", body=body, timeout=timeout))

    def list_projects(
        self,
        *,
        category: str | None = None,
        skill: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> types.ProjectPage:
        """List projects.

        All open projects, newest first, or those of one category, with one skill, or both.

        :param category: Only this field of work. Case and width make no difference.
        :param skill: Only with this skill. Case, width and the way words are joined make no difference, and synonyms
            count as one: `js` finds `JavaScript`.
        :param limit: The most items to return.
        :param cursor: The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it
            out for the first page.
        """
        return self._call(
            Call[types.ProjectPage](
                "GET",
                "/projects",
                query={"category": category, "skill": skill, "limit": limit, "cursor": cursor},
                timeout=timeout,
            )
        )

    def iter_projects(
        self,
        *,
        category: str | None = None,
        skill: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> Iterator[types.Project]:
        """Every item of `list_projects`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = self.list_projects(category=category, skill=skill, limit=limit, cursor=cursor, timeout=timeout)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def post_project(
        self, body: types.ProjectInput, *, idempotency_key: str | None = None, timeout: float | None = None
    ) -> types.Project:
        """Post a project.

        The project is open and belongs to the account. An account may own up to 200 open projects at a time, or as
        many as the market is configured for.

        :param idempotency_key: 1 to 255 visible ASCII characters, new for each thing to create. A repeat of the same
            request within 24 hours gets the first reply again, with `Idempotency-Replayed: true`, and has no further
            effect.
        """
        return self._call(
            Call[types.Project](
                "POST",
                "/projects",
                headers={"Idempotency-Key": idempotency_key or new_idempotency_key()},
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    def get_project(self, id: str, *, if_none_match: str | None = None, timeout: float | None = None) -> types.Project:
        """Read a project.

        :param if_none_match: An `ETag` that the client has, or `*`. If it is the current one, the answer is 304
            without a body.
        """
        return self._call(
            Call[types.Project](
                "GET", f"/projects/{segment(id)}", headers={"If-None-Match": if_none_match}, timeout=timeout
            )
        )

    def delete_project(
        self, id: str, *, if_match: str | None = None, if_none_match: str | None = None, timeout: float | None = None
    ) -> None:
        """Delete my project.

        The project leaves the lists and the matches, and cannot be read any more.

        :param if_match: The `ETag` of the version that the change is based on, or `*` for any version. If it is not
            the current one, the answer is 412.
        :param if_none_match: `*` writes only if nothing is stored yet.
        """
        return self._call(
            Call[None](
                "DELETE",
                f"/projects/{segment(id)}",
                headers={"If-Match": if_match, "If-None-Match": if_none_match},
                sign_in=True,
                timeout=timeout,
            )
        )

    def patch_project(
        self,
        id: str,
        body: types.ProjectPatch,
        *,
        if_match: str | None = None,
        if_none_match: str | None = None,
        timeout: float | None = None,
    ) -> types.Project:
        """Change my project.

        A JSON merge patch (RFC 7396): fields that are left out stay, and null sets a field back to its default.
        `status` opens or closes the project. A closed project is neither listed nor matched. A patch that changes
        nothing writes nothing.

        :param if_match: The `ETag` of the version that the change is based on, or `*` for any version. If it is not
            the current one, the answer is 412.
        :param if_none_match: `*` writes only if nothing is stored yet.
        """
        return self._call(
            Call[types.Project](
                "PATCH",
                f"/projects/{segment(id)}",
                headers={"If-Match": if_match, "If-None-Match": if_none_match},
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    def list_project_matches(
        self,
        id: str,
        *,
        newcomers: float | None = None,
        min_skill_overlap: float | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        accept_language: str | None = None,
        timeout: float | None = None,
    ) -> types.ProjectMatches:
        """Freelancers for my project.

        Scores every eligible freelancer with one of the wanted skills. A freelancer is eligible if the project is
        open, they share a language, the price is within the budget, and the freelancer is available. If no freelancer
        has one of the skills, every eligible freelancer is scored. A change may take a second to show. All pages of a
        ranking are ranked as of the time of the first page.

        :param newcomers: Guarantees newcomers (`newcomer`) a share of the first places, 0 to 1. Of the first k
            places, for every k, at least share × k (rounded down) go to newcomers while there are newcomers left. The
            others stay in the order of their scores, and no score changes. The guarantee holds across pages.
        :param min_skill_overlap: Leaves out the pairs in which the freelancer has less than this share of the wanted
            skills, 0 to 1. Rare skills count more, as in `skill_overlap` among a match's reasons. With 0, every
            eligible pair is ranked. Without the parameter, the pairs that share at least one wanted skill are ranked;
            if there is no such pair, every eligible pair is.
        :param limit: The most items to return.
        :param cursor: The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it
            out for the first page.
        :param accept_language: The language of the sentences: English unless Korean is preferred.
        """
        return self._call(
            Call[types.ProjectMatches](
                "GET",
                f"/projects/{segment(id)}/matches",
                query={
                    "newcomers": newcomers,
                    "min_skill_overlap": min_skill_overlap,
                    "limit": limit,
                    "cursor": cursor,
                },
                headers={"Accept-Language": accept_language},
                sign_in=True,
                timeout=timeout,
            )
        )

    def iter_project_matches(
        self,
        id: str,
        *,
        newcomers: float | None = None,
        min_skill_overlap: float | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        accept_language: str | None = None,
        timeout: float | None = None,
    ) -> Iterator[types.ProjectMatch]:
        """Every item of `list_project_matches`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = self.list_project_matches(
                id,
                newcomers=newcomers,
                min_skill_overlap=min_skill_overlap,
                limit=limit,
                cursor=cursor,
                accept_language=accept_language,
                timeout=timeout,
            )
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def list_my_sessions(self, *, timeout: float | None = None) -> types.Sessions:
        """List my sessions."""
        return self._call(Call[types.Sessions]("GET", "/sessions", sign_in=True, timeout=timeout))

    def sign_in(self, body: types.SignInInput, *, timeout: float | None = None) -> types.SessionBody:
        """Sign in.

        An unknown address and a wrong password get the same answer after the same time.
        """
        return self._call(Call[types.SessionBody]("POST", "/sessions", body=body, timeout=timeout))

    def prove_identity(self, body: types.ProofInput, *, timeout: float | None = None) -> types.SessionBody:
        """Prove who I am.

        Sensitive acts need a proof that is at most ten minutes old: changing the password or the address, a second
        factor, the export and the deletion of the account. A sign-in is a proof, too. The answer opens a session in
        the place of this one, whose tokens count no more.
        """
        return self._call(
            Call[types.SessionBody]("POST", "/sessions/current/proof", body=body, sign_in=True, timeout=timeout)
        )

    def prove_identity_with(
        self, id: str, body: types.ProviderReply, *, timeout: float | None = None
    ) -> types.SessionBody:
        """Prove who I am with a provider.

        It counts as `POST /sessions/current/proof`, and its answer is the same. Begin with `POST
        /accounts/me/identities/{id}/authorizations` and `"purpose": "proof"`. The provider asks for a new sign-in; a
        provider that does not tell its time proves nothing.
        """
        return self._call(
            Call[types.SessionBody](
                "POST", f"/sessions/current/proof/providers/{segment(id)}", body=body, sign_in=True, timeout=timeout
            )
        )

    def begin_passkey_sign_in(self, *, timeout: float | None = None) -> types.PasskeyRequestOptions:
        """Ask for a challenge to prove who I am.

        The browser lets the person choose among the passkeys that the device has for this site. The challenge counts
        once, within five minutes, for `POST /sessions/passkeys` or `POST /sessions/current/proof`.
        """
        return self._call(Call[types.PasskeyRequestOptions]("POST", "/sessions/passkey-challenges", timeout=timeout))

    def sign_in_with_passkey(
        self, body: types.PasskeySignInInput, *, timeout: float | None = None
    ) -> types.SessionBody:
        """Sign in with a passkey.

        It needs no address, no password and no code. Every answer that proves nothing is refused in the same way.
        """
        return self._call(Call[types.SessionBody]("POST", "/sessions/passkeys", body=body, timeout=timeout))

    def sign_in_with(self, id: str, body: types.ProviderReply, *, timeout: float | None = None) -> types.SessionBody:
        """Sign in with a provider.

        The first sign-in opens an account, if the provider vouches for an e-mail address that has none. An account
        with this address is never taken over: its owner signs in otherwise and links the provider.

        If the account has a second factor, the first request answers `second_factor_required`. Repeat it with `code`.
        """
        return self._call(
            Call[types.SessionBody]("POST", f"/sessions/providers/{segment(id)}", body=body, timeout=timeout)
        )

    def refresh_session(
        self, body: types.RefreshInput, *, idempotency_key: str | None = None, timeout: float | None = None
    ) -> types.SessionBody:
        """Refresh a session.

        A refresh token is good for one exchange. Using it again ends the session, because somebody else may have it.
        A client that got no answer repeats the request with the same `Idempotency-Key` and gets the same tokens for
        ten minutes, as long as it has not used the new one.

        :param idempotency_key: 1 to 255 visible ASCII characters, new for each thing to create. A repeat of the same
            request within 24 hours gets the first reply again, with `Idempotency-Replayed: true`, and has no further
            effect.
        """
        return self._call(
            Call[types.SessionBody](
                "POST",
                "/sessions/refresh",
                headers={"Idempotency-Key": idempotency_key or new_idempotency_key()},
                body=body,
                timeout=timeout,
            )
        )

    def end_session(self, id: str, *, timeout: float | None = None) -> None:
        """End a session.

        `current` names the session of this request. The access tokens of an ended session change nothing any more,
        and read for half a minute at most.
        """
        return self._call(Call[None]("DELETE", f"/sessions/{segment(id)}", sign_in=True, timeout=timeout))

    def list_sign_in_providers(self, *, timeout: float | None = None) -> types.SignInProviders:
        """List the providers to sign in with.

        The list is empty if the market has none.
        """
        return self._call(Call[types.SignInProviders]("GET", "/sign-in-providers", timeout=timeout))

    def begin_sign_in_with(self, id: str, *, timeout: float | None = None) -> types.ProviderAuthorization:
        """Begin to sign in with a provider.

        Send the browser to `authorization_url`. The provider sends it back, and `GET /sign-in-
        providers/{id}/callback` leads it to the page with `state`, `authorization_code` and perhaps `iss`. Send these
        to `POST /sessions/providers/{id}`. A cookie ties all of this to the browser.
        """
        return self._call(
            Call[types.ProviderAuthorization](
                "POST", f"/sign-in-providers/{segment(id)}/authorizations", timeout=timeout
            )
        )


class AsyncOperations:
    """The operations of the API, awaited. `Operations` documents each of them."""

    async def _call(self, call: Call[T]) -> T:
        raise NotImplementedError

    async def get_jwks(self, *, timeout: float | None = None) -> types.JwksBody:
        """Public signing keys."""
        return await self._call(Call[types.JwksBody]("GET", "/.well-known/jwks.json", timeout=timeout))

    async def register(
        self, body: types.RegistrationInput, *, idempotency_key: str | None = None, timeout: float | None = None
    ) -> types.Account | None:
        """Open an account."""
        return await self._call(
            Call[types.Account | None](
                "POST",
                "/accounts",
                headers={"Idempotency-Key": idempotency_key or new_idempotency_key()},
                body=body,
                timeout=timeout,
            )
        )

    async def get_my_account(self, *, timeout: float | None = None) -> types.MyAccount:
        """Read my account."""
        return await self._call(Call[types.MyAccount]("GET", "/accounts/me", sign_in=True, timeout=timeout))

    async def delete_my_account(self, *, timeout: float | None = None) -> types.Closing:
        """Delete my account."""
        return await self._call(Call[types.Closing]("DELETE", "/accounts/me", sign_in=True, timeout=timeout))

    async def list_my_activity(
        self, *, limit: int | None = None, cursor: str | None = None, timeout: float | None = None
    ) -> types.ActivityPage:
        """List my activity."""
        return await self._call(
            Call[types.ActivityPage](
                "GET", "/accounts/me/audit", query={"limit": limit, "cursor": cursor}, sign_in=True, timeout=timeout
            )
        )

    async def iter_my_activity(
        self, *, limit: int | None = None, cursor: str | None = None, timeout: float | None = None
    ) -> AsyncGenerator[types.Activity, None]:
        """Every item of `list_my_activity`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = await self.list_my_activity(limit=limit, cursor=cursor, timeout=timeout)
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def change_my_email(self, body: types.NewEmail, *, timeout: float | None = None) -> None:
        """Change my address."""
        return await self._call(Call[None]("PUT", "/accounts/me/email", body=body, sign_in=True, timeout=timeout))

    async def export_my_account(
        self, *, limit: int | None = None, cursor: str | None = None, timeout: float | None = None
    ) -> types.AccountExport:
        """Download my data."""
        return await self._call(
            Call[types.AccountExport](
                "GET", "/accounts/me/export", query={"limit": limit, "cursor": cursor}, sign_in=True, timeout=timeout
            )
        )

    async def list_my_identities(self, *, timeout: float | None = None) -> types.Identities:
        """List my accounts at providers."""
        return await self._call(Call[types.Identities]("GET", "/accounts/me/identities", sign_in=True, timeout=timeout))

    async def link_identity(self, id: str, body: types.ProviderReply, *, timeout: float | None = None) -> None:
        """Link an account at a provider."""
        return await self._call(
            Call[None]("POST", f"/accounts/me/identities/{segment(id)}", body=body, sign_in=True, timeout=timeout)
        )

    async def unlink_identity(self, id: str, *, timeout: float | None = None) -> None:
        """Unlink an account at a provider."""
        return await self._call(
            Call[None]("DELETE", f"/accounts/me/identities/{segment(id)}", sign_in=True, timeout=timeout)
        )

    async def begin_with_provider(
        self, id: str, body: types.RoundTripInput, *, timeout: float | None = None
    ) -> types.ProviderAuthorization:
        """Begin a round trip to a provider."""
        return await self._call(
            Call[types.ProviderAuthorization](
                "POST",
                f"/accounts/me/identities/{segment(id)}/authorizations",
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    async def list_my_passkeys(self, *, timeout: float | None = None) -> types.Passkeys:
        """List my passkeys."""
        return await self._call(Call[types.Passkeys]("GET", "/accounts/me/passkeys", sign_in=True, timeout=timeout))

    async def add_my_passkey(
        self, body: types.NewPasskey, *, idempotency_key: str | None = None, timeout: float | None = None
    ) -> types.Passkey:
        """Add a passkey."""
        return await self._call(
            Call[types.Passkey](
                "POST",
                "/accounts/me/passkeys",
                headers={"Idempotency-Key": idempotency_key or new_idempotency_key()},
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    async def begin_my_passkey(self, *, timeout: float | None = None) -> types.PasskeyCreationOptions:
        """Ask for a challenge to add a passkey."""
        return await self._call(
            Call[types.PasskeyCreationOptions](
                "POST", "/accounts/me/passkeys/challenges", sign_in=True, timeout=timeout
            )
        )

    async def remove_my_passkey(self, id: str, *, timeout: float | None = None) -> None:
        """Remove a passkey."""
        return await self._call(
            Call[None]("DELETE", f"/accounts/me/passkeys/{segment(id)}", sign_in=True, timeout=timeout)
        )

    async def change_my_password(self, body: types.PasswordChange, *, timeout: float | None = None) -> None:
        """Change my password."""
        return await self._call(Call[None]("PUT", "/accounts/me/password", body=body, sign_in=True, timeout=timeout))

    async def get_my_personal_data(
        self, *, if_none_match: str | None = None, timeout: float | None = None
    ) -> types.PersonalData:
        """Read my personal data."""
        return await self._call(
            Call[types.PersonalData](
                "GET",
                "/accounts/me/personal-data",
                headers={"If-None-Match": if_none_match},
                sign_in=True,
                timeout=timeout,
            )
        )

    async def put_my_personal_data(
        self,
        body: types.PersonalDataInput,
        *,
        if_match: str | None = None,
        if_none_match: str | None = None,
        timeout: float | None = None,
    ) -> types.PersonalData:
        """Save my personal data."""
        return await self._call(
            Call[types.PersonalData](
                "PUT",
                "/accounts/me/personal-data",
                headers={"If-Match": if_match, "If-None-Match": if_none_match},
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    async def list_my_projects(
        self, *, limit: int | None = None, cursor: str | None = None, timeout: float | None = None
    ) -> types.ProjectPage:
        """List my projects."""
        return await self._call(
            Call[types.ProjectPage](
                "GET", "/accounts/me/projects", query={"limit": limit, "cursor": cursor}, sign_in=True, timeout=timeout
            )
        )

    async def iter_my_projects(
        self, *, limit: int | None = None, cursor: str | None = None, timeout: float | None = None
    ) -> AsyncGenerator[types.Project, None]:
        """Every item of `list_my_projects`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = await self.list_my_projects(limit=limit, cursor=cursor, timeout=timeout)
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def make_recovery_codes(self, *, timeout: float | None = None) -> types.RecoveryCodesBody:
        """Make new recovery codes."""
        return await self._call(
            Call[types.RecoveryCodesBody]("POST", "/accounts/me/recovery-codes", sign_in=True, timeout=timeout)
        )

    async def restore_my_account(self, *, timeout: float | None = None) -> None:
        """Keep my account."""
        return await self._call(Call[None]("POST", "/accounts/me/restore", sign_in=True, timeout=timeout))

    async def add_totp(self, *, timeout: float | None = None) -> types.TotpBody:
        """Add an authenticator app."""
        return await self._call(Call[types.TotpBody]("POST", "/accounts/me/totp", sign_in=True, timeout=timeout))

    async def remove_totp(self, body: types.CodeInput, *, timeout: float | None = None) -> None:
        """Remove the authenticator app."""
        return await self._call(Call[None]("DELETE", "/accounts/me/totp", body=body, sign_in=True, timeout=timeout))

    async def confirm_totp(self, body: types.CodeInput, *, timeout: float | None = None) -> types.RecoveryCodesBody:
        """Confirm an authenticator app."""
        return await self._call(
            Call[types.RecoveryCodesBody]("POST", "/accounts/me/totp/confirm", body=body, sign_in=True, timeout=timeout)
        )

    async def get_account(self, id: str, *, timeout: float | None = None) -> types.AccountForStaff:
        """Read an account."""
        return await self._call(
            Call[types.AccountForStaff]("GET", f"/accounts/{segment(id)}", sign_in=True, timeout=timeout)
        )

    async def lock_account(self, id: str, *, timeout: float | None = None) -> None:
        """Lock an account."""
        return await self._call(Call[None]("POST", f"/accounts/{segment(id)}/lock", sign_in=True, timeout=timeout))

    async def give_role(self, id: str, body: types.RoleInput, *, timeout: float | None = None) -> None:
        """Give a role."""
        return await self._call(
            Call[None]("PUT", f"/accounts/{segment(id)}/role", body=body, sign_in=True, timeout=timeout)
        )

    async def unlock_account(self, id: str, *, timeout: float | None = None) -> None:
        """Unlock an account."""
        return await self._call(Call[None]("POST", f"/accounts/{segment(id)}/unlock", sign_in=True, timeout=timeout))

    async def confirm_email(
        self, token: str, body: types.ConfirmationInput, *, timeout: float | None = None
    ) -> types.Account:
        """Confirm an address."""
        return await self._call(
            Call[types.Account]("PUT", f"/email-confirmations/{segment(token)}", body=body, timeout=timeout)
        )

    async def list_freelancers(
        self,
        *,
        category: str | None = None,
        skill: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> types.FreelancerPage:
        """List freelancers."""
        return await self._call(
            Call[types.FreelancerPage](
                "GET",
                "/freelancers",
                query={"category": category, "skill": skill, "limit": limit, "cursor": cursor},
                timeout=timeout,
            )
        )

    async def iter_freelancers(
        self,
        *,
        category: str | None = None,
        skill: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncGenerator[types.Freelancer, None]:
        """Every item of `list_freelancers`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = await self.list_freelancers(
                category=category, skill=skill, limit=limit, cursor=cursor, timeout=timeout
            )
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def get_my_freelancer(
        self, *, if_none_match: str | None = None, timeout: float | None = None
    ) -> types.Freelancer:
        """Read my profile."""
        return await self._call(
            Call[types.Freelancer](
                "GET", "/freelancers/me", headers={"If-None-Match": if_none_match}, sign_in=True, timeout=timeout
            )
        )

    async def put_my_freelancer(
        self,
        body: types.FreelancerInput,
        *,
        if_match: str | None = None,
        if_none_match: str | None = None,
        timeout: float | None = None,
    ) -> types.Freelancer:
        """Put my profile."""
        return await self._call(
            Call[types.Freelancer](
                "PUT",
                "/freelancers/me",
                headers={"If-Match": if_match, "If-None-Match": if_none_match},
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    async def delete_my_freelancer(
        self, *, if_match: str | None = None, if_none_match: str | None = None, timeout: float | None = None
    ) -> None:
        """Delete my profile."""
        return await self._call(
            Call[None](
                "DELETE",
                "/freelancers/me",
                headers={"If-Match": if_match, "If-None-Match": if_none_match},
                sign_in=True,
                timeout=timeout,
            )
        )

    async def list_my_matches(
        self,
        *,
        min_skill_overlap: float | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        accept_language: str | None = None,
        timeout: float | None = None,
    ) -> types.FreelancerMatches:
        """Projects for me."""
        return await self._call(
            Call[types.FreelancerMatches](
                "GET",
                "/freelancers/me/matches",
                query={"min_skill_overlap": min_skill_overlap, "limit": limit, "cursor": cursor},
                headers={"Accept-Language": accept_language},
                sign_in=True,
                timeout=timeout,
            )
        )

    async def iter_my_matches(
        self,
        *,
        min_skill_overlap: float | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        accept_language: str | None = None,
        timeout: float | None = None,
    ) -> AsyncGenerator[types.FreelancerMatch, None]:
        """Every item of `list_my_matches`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = await self.list_my_matches(
                min_skill_overlap=min_skill_overlap,
                limit=limit,
                cursor=cursor,
                accept_language=accept_language,
                timeout=timeout,
            )
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def get_my_advice(
        self,
        project_id: str,
        *,
        min_skill_overlap: float | None = None,
        accept_language: str | None = None,
        timeout: float | None = None,
    ) -> types.Advice:
        """How to rank higher for a project."""
        return await self._call(
            Call[types.Advice](
                "GET",
                f"/freelancers/me/matches/{segment(project_id)}/advice",
                query={"min_skill_overlap": min_skill_overlap},
                headers={"Accept-Language": accept_language},
                sign_in=True,
                timeout=timeout,
            )
        )

    async def get_freelancer(
        self, id: str, *, if_none_match: str | None = None, timeout: float | None = None
    ) -> types.Freelancer:
        """Read a freelancer."""
        return await self._call(
            Call[types.Freelancer](
                "GET", f"/freelancers/{segment(id)}", headers={"If-None-Match": if_none_match}, timeout=timeout
            )
        )

    async def get_health(self, *, timeout: float | None = None) -> types.Health:
        """Check that the market answers."""
        return await self._call(Call[types.Health]("GET", "/health", timeout=timeout))

    async def compare_bids(
        self, body: types.BidsInput, *, accept_language: str | None = None, timeout: float | None = None
    ) -> types.Awards:
        """Compare bids."""
        return await self._call(
            Call[types.Awards](
                "POST", "/matches/bids", headers={"Accept-Language": accept_language}, body=body, timeout=timeout
            )
        )

    async def score_freelancers(
        self, body: types.ScoreInput, *, accept_language: str | None = None, timeout: float | None = None
    ) -> types.Scores:
        """Score freelancers."""
        return await self._call(
            Call[types.Scores](
                "POST", "/matches/score", headers={"Accept-Language": accept_language}, body=body, timeout=timeout
            )
        )

    async def request_password_reset(self, body: types.ForgottenPassword, *, timeout: float | None = None) -> None:
        """Ask for a new password."""
        return await self._call(Call[None]("POST", "/password-resets", body=body, timeout=timeout))

    async def reset_password(self, token: str, body: types.NewPassword, *, timeout: float | None = None) -> None:
        """Choose a new password."""
        return await self._call(Call[None]("PUT", f"/password-resets/{segment(token)}", body=body, timeout=timeout))

    async def list_projects(
        self,
        *,
        category: str | None = None,
        skill: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> types.ProjectPage:
        """List projects."""
        return await self._call(
            Call[types.ProjectPage](
                "GET",
                "/projects",
                query={"category": category, "skill": skill, "limit": limit, "cursor": cursor},
                timeout=timeout,
            )
        )

    async def iter_projects(
        self,
        *,
        category: str | None = None,
        skill: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
    ) -> AsyncGenerator[types.Project, None]:
        """Every item of `list_projects`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = await self.list_projects(category=category, skill=skill, limit=limit, cursor=cursor, timeout=timeout)
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def post_project(
        self, body: types.ProjectInput, *, idempotency_key: str | None = None, timeout: float | None = None
    ) -> types.Project:
        """Post a project."""
        return await self._call(
            Call[types.Project](
                "POST",
                "/projects",
                headers={"Idempotency-Key": idempotency_key or new_idempotency_key()},
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    async def get_project(
        self, id: str, *, if_none_match: str | None = None, timeout: float | None = None
    ) -> types.Project:
        """Read a project."""
        return await self._call(
            Call[types.Project](
                "GET", f"/projects/{segment(id)}", headers={"If-None-Match": if_none_match}, timeout=timeout
            )
        )

    async def delete_project(
        self, id: str, *, if_match: str | None = None, if_none_match: str | None = None, timeout: float | None = None
    ) -> None:
        """Delete my project."""
        return await self._call(
            Call[None](
                "DELETE",
                f"/projects/{segment(id)}",
                headers={"If-Match": if_match, "If-None-Match": if_none_match},
                sign_in=True,
                timeout=timeout,
            )
        )

    async def patch_project(
        self,
        id: str,
        body: types.ProjectPatch,
        *,
        if_match: str | None = None,
        if_none_match: str | None = None,
        timeout: float | None = None,
    ) -> types.Project:
        """Change my project."""
        return await self._call(
            Call[types.Project](
                "PATCH",
                f"/projects/{segment(id)}",
                headers={"If-Match": if_match, "If-None-Match": if_none_match},
                body=body,
                sign_in=True,
                timeout=timeout,
            )
        )

    async def list_project_matches(
        self,
        id: str,
        *,
        newcomers: float | None = None,
        min_skill_overlap: float | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        accept_language: str | None = None,
        timeout: float | None = None,
    ) -> types.ProjectMatches:
        """Freelancers for my project."""
        return await self._call(
            Call[types.ProjectMatches](
                "GET",
                f"/projects/{segment(id)}/matches",
                query={
                    "newcomers": newcomers,
                    "min_skill_overlap": min_skill_overlap,
                    "limit": limit,
                    "cursor": cursor,
                },
                headers={"Accept-Language": accept_language},
                sign_in=True,
                timeout=timeout,
            )
        )

    async def iter_project_matches(
        self,
        id: str,
        *,
        newcomers: float | None = None,
        min_skill_overlap: float | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        accept_language: str | None = None,
        timeout: float | None = None,
    ) -> AsyncGenerator[types.ProjectMatch, None]:
        """Every item of `list_project_matches`. Reads a page when the loop asks for it; `limit` is its size."""
        while True:
            page = await self.list_project_matches(
                id,
                newcomers=newcomers,
                min_skill_overlap=min_skill_overlap,
                limit=limit,
                cursor=cursor,
                accept_language=accept_language,
                timeout=timeout,
            )
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def list_my_sessions(self, *, timeout: float | None = None) -> types.Sessions:
        """List my sessions."""
        return await self._call(Call[types.Sessions]("GET", "/sessions", sign_in=True, timeout=timeout))

    async def sign_in(self, body: types.SignInInput, *, timeout: float | None = None) -> types.SessionBody:
        """Sign in."""
        return await self._call(Call[types.SessionBody]("POST", "/sessions", body=body, timeout=timeout))

    async def prove_identity(self, body: types.ProofInput, *, timeout: float | None = None) -> types.SessionBody:
        """Prove who I am."""
        return await self._call(
            Call[types.SessionBody]("POST", "/sessions/current/proof", body=body, sign_in=True, timeout=timeout)
        )

    async def prove_identity_with(
        self, id: str, body: types.ProviderReply, *, timeout: float | None = None
    ) -> types.SessionBody:
        """Prove who I am with a provider."""
        return await self._call(
            Call[types.SessionBody](
                "POST", f"/sessions/current/proof/providers/{segment(id)}", body=body, sign_in=True, timeout=timeout
            )
        )

    async def begin_passkey_sign_in(self, *, timeout: float | None = None) -> types.PasskeyRequestOptions:
        """Ask for a challenge to prove who I am."""
        return await self._call(
            Call[types.PasskeyRequestOptions]("POST", "/sessions/passkey-challenges", timeout=timeout)
        )

    async def sign_in_with_passkey(
        self, body: types.PasskeySignInInput, *, timeout: float | None = None
    ) -> types.SessionBody:
        """Sign in with a passkey."""
        return await self._call(Call[types.SessionBody]("POST", "/sessions/passkeys", body=body, timeout=timeout))

    async def sign_in_with(
        self, id: str, body: types.ProviderReply, *, timeout: float | None = None
    ) -> types.SessionBody:
        """Sign in with a provider."""
        return await self._call(
            Call[types.SessionBody]("POST", f"/sessions/providers/{segment(id)}", body=body, timeout=timeout)
        )

    async def refresh_session(
        self, body: types.RefreshInput, *, idempotency_key: str | None = None, timeout: float | None = None
    ) -> types.SessionBody:
        """Refresh a session."""
        return await self._call(
            Call[types.SessionBody](
                "POST",
                "/sessions/refresh",
                headers={"Idempotency-Key": idempotency_key or new_idempotency_key()},
                body=body,
                timeout=timeout,
            )
        )

    async def end_session(self, id: str, *, timeout: float | None = None) -> None:
        """End a session."""
        return await self._call(Call[None]("DELETE", f"/sessions/{segment(id)}", sign_in=True, timeout=timeout))

    async def list_sign_in_providers(self, *, timeout: float | None = None) -> types.SignInProviders:
        """List the providers to sign in with."""
        return await self._call(Call[types.SignInProviders]("GET", "/sign-in-providers", timeout=timeout))

    async def begin_sign_in_with(self, id: str, *, timeout: float | None = None) -> types.ProviderAuthorization:
        """Begin to sign in with a provider."""
        return await self._call(
            Call[types.ProviderAuthorization](
                "POST", f"/sign-in-providers/{segment(id)}/authorizations", timeout=timeout
            )
        )
