# Generated from infra/openapi.json by clients/generate. Do not edit.
"""The types of the JSON that the market reads and writes."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypedDict

from typing_extensions import NotRequired

AccountId: TypeAlias = str
"""
The id of an account.
"""


Amount: TypeAlias = int


class AwardReason(TypedDict):
    """
    The effect of one of fourteen numbers on a bid's probability.
    """

    contribution: float
    """
    How much the number raises the log-odds of the bid above the mean of all bids. A negative number lowers them.
    """
    feature: str
    """
    The ten numbers of a match, then `delay` (ln(1 + minutes)), `words` (ln(1 + different words), at most 150
    words), `similarity` (of the message and the project, 0 to 1) and `earlier_bids` (ln(1 + bids)). All fourteen
    are always there, in this order.
    """
    sentence: str
    """
    The number as a sentence in the language that `Accept-Language` prefers: English or Korean.
    """
    value: float | None
    """
    The number; null if it is unknown.
    """


Bio: TypeAlias = str


BudgetKind: TypeAlias = Literal["hourly", "fixed"]
"""
The work that a budget pays.
"""


By: TypeAlias = Literal["owner", "staff", "system"]
"""
The actor of an act, as the owner of the account reads it.
"""


Category: TypeAlias = str


class Closing(TypedDict):
    """
    When the account is erased.
    """

    erased_at: str
    """
    From then on nobody can sign in, and everything of the account is erased.
    """


class CodeInput(TypedDict):
    """
    A code.
    """

    code: str
    """
    Six digits of the app, or a recovery code.
    """


class ConfirmationInput(TypedDict):
    """
    The password that belongs to the confirmed address.
    """

    password: str
    """
    The password of the registration, or of the account that moves.
    """


Country: TypeAlias = str
"""
A country, two letters of ISO 3166-1.
"""


Currency: TypeAlias = str
"""
An active ISO 4217 currency code, in capitals.
"""


Day: TypeAlias = str
"""
A calendar day, in the one spelling of an RFC 3339 full-date: `2026-12-01`.
"""


Description: TypeAlias = str


DisplayName: TypeAlias = str


Email: TypeAlias = str


ForeignId: TypeAlias = str


class ForgottenPassword(TypedDict):
    """
    The address whose password was forgotten.
    """

    email: Email


class FreelancerExport(TypedDict):
    """
    A freelancer, as it is stored.
    """

    profile: dict[str, Any]
    """
    The profile, with its times.
    """
    track_record: dict[str, Any]
    """
    The numbers of the past.
    """
    work_history: dict[str, Any]
    """
    The rest of the past, by which projects are matched.
    """


Headline: TypeAlias = str


class Health(TypedDict):
    """
    The function is up.
    """

    status: str
    """
    Always `ok`: a broken function does not answer.
    """
    version: str
    """
    The release that answers.
    """


JobCount: TypeAlias = int


class Jwk(TypedDict):
    """
    A public key as a JSON Web Key.
    """

    alg: NotRequired[str | None]
    """
    The algorithm.
    """
    crv: str
    """
    The curve.
    """
    kid: NotRequired[str | None]
    """
    The id of the key. Tokens name it in their header.
    """
    kty: str
    """
    The key type.
    """
    use: NotRequired[str | None]
    """
    The use of the key.
    """
    x: str
    """
    The first coordinate, base64url.
    """
    y: str
    """
    The second coordinate, base64url.
    """


class JwksBody(TypedDict):
    """
    A JSON Web Key Set (RFC 7517).
    """

    keys: list[Jwk]
    """
    The keys, each with the `kid` that tokens name in their header.
    """


LanguageTag: TypeAlias = str
"""
A BCP 47 tag of a registered language. Only the language itself is compared: `en-GB` and `en-US` share one, and so do `iw` and `he`.
"""


Languages: TypeAlias = list[LanguageTag]


LegalName: TypeAlias = str


Message: TypeAlias = str


Minutes: TypeAlias = float


class Model(TypedDict):
    """
    The model that ranked.
    """

    version: str
    """
    The version of the weights. Equal versions give equal scores.
    """


class Money(TypedDict):
    """
    An amount of money.
    """

    amount: Amount
    """
    Minor units of the currency: cents of EUR, won of KRW.
    """
    currency: Currency
    """
    The currency.
    """


class NewEmail(TypedDict):
    """
    A new address.
    """

    email: Email


class PasskeyCreationOptions(TypedDict):
    """
    The options of a new passkey, for `PublicKeyCredential.parseCreationOptionsFromJSON()`.
    """


PasskeyId: TypeAlias = str
"""
The id of a passkey.
"""


PasskeyName: TypeAlias = str


class PasskeyRequestOptions(TypedDict):
    """
    The options of a proof, for `PublicKeyCredential.parseRequestOptionsFromJSON()`.
    """


class PasskeySignInInput(TypedDict):
    """
    A passkey's answer.
    """

    cookie: NotRequired[bool | None]
    """
    Whether the refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`.
    """
    credential: dict[str, Any]
    """
    What `toJSON()` of the answer to `navigator.credentials.get()` gives.
    """


Password: TypeAlias = str


class PasswordChange(TypedDict):
    """
    The present password and a new one.
    """

    current_password: str
    """
    The password that counts until now.
    """
    password: Password
    """
    8 to 128 characters of any kind, and not easily guessed.
    """


class PayoutAccount1(TypedDict):
    """
    An IBAN (ISO 13616).
    """

    iban: str
    """
    Country, check digits and account, without spaces.
    """


class PayoutAccount2(TypedDict):
    """
    An account of a country without IBANs.
    """

    account_number: str
    """
    The number of the account, without dashes.
    """
    bank_code: str
    """
    The code of the bank in its country, such as `004` in Korea, or its BIC.
    """
    country: str
    """
    The country, ISO 3166-1.
    """


PayoutAccount: TypeAlias = PayoutAccount1 | PayoutAccount2
"""
A bank account: an IBAN, or a country, a bank code and an account number.
"""


class PersonalDataInput(TypedDict):
    """
    Personal data, as a request holds them.
    """

    legal_name: NotRequired[LegalName | None]
    payout_account: NotRequired[PayoutAccount | None]
    phone: NotRequired[str | None]
    """
    A phone number with its country code, such as `+82 10-1234-5678`, or as it is dialled in `phone_country`.
    """
    phone_country: NotRequired[Country | None]


Phone: TypeAlias = str
"""
A phone number, `+` and 7 to 15 digits.
"""


ProjectId: TypeAlias = str
"""
The id of a project.
"""


ProjectStatus: TypeAlias = Literal["open", "closed", "withdrawn"]
"""
Whether a project still looks for a freelancer.
"""


class ProofInput(TypedDict):
    """
    A proof of identity: a passkey's answer, or the password.
    """

    code: NotRequired[str | None]
    """
    A code of the app, or a recovery code. Needed if the account has a second factor.
    """
    cookie: NotRequired[bool | None]
    """
    Whether the refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`.
    """
    credential: NotRequired[dict[str, Any] | None]
    """
    What `toJSON()` of a passkey's answer to a challenge of `POST /sessions/passkey-challenges` gives. It needs
    neither password nor code.
    """
    password: NotRequired[str | None]
    """
    The account's password. Needed without `credential`.
    """


class ProviderAuthorization(TypedDict):
    """
    The way to a provider.
    """

    authorization_url: str
    """
    The address to send the browser to, within ten minutes.
    """


class ProviderReply(TypedDict):
    """
    The answer that a browser brings back from a provider.
    """

    authorization_code: str
    """
    The `code` of the answer. A repeat with `code` needs no other one.
    """
    code: NotRequired[str | None]
    """
    A code of the authenticator app, or a recovery code. Needed to sign in or to prove the identity if the account
    has a second factor.
    """
    cookie: NotRequired[bool | None]
    """
    Whether a refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`.
    """
    iss: NotRequired[str | None]
    """
    The `iss` of the answer, if it has one.
    """
    state: str
    """
    The `state` of the answer.
    """


class Reason(TypedDict):
    """
    One of the ten inputs of the net, and its effect on the score.
    """

    contribution: float
    """
    The number's share of the difference between `log_odds` and `base_log_odds`: its exact Shapley value. A positive
    value speaks for the match.
    """
    feature: str
    """
    `skill_overlap`, `skill_experience`, `text_similarity`, `rating`, `hire_rate`, `response_time`, `last_seen`,
    `activity_week`, `activity_month` or `activity_half_year`. All ten are always there, in this order.
    """
    sentence: str
    """
    The number as a sentence in the language that `Accept-Language` prefers: English or Korean.
    """
    value: float | None
    """
    The number; null if it is unknown.
    """


class RecoveryCodesBody(TypedDict):
    """
    The codes for the day when the app is lost. Nobody can read them again.
    """

    recovery_codes: list[str]
    """
    Ten codes, each good for one sign-in.
    """


class RefreshInput(TypedDict):
    """
    A refresh token. A page that keeps it in the cookie sends `{}`.
    """

    refresh_token: NotRequired[str | None]
    """
    The token of the last answer.
    """


class RegistrationInput(TypedDict):
    """
    A registration.
    """

    display_name: DisplayName
    """
    The name to show to others. Any text that is not blank and does not look like a name of the market's own.
    """
    email: Email
    """
    The address to sign in with. All spellings of an address belong to one account.
    """
    password: Password
    """
    8 to 128 characters of any kind, and not easily guessed.
    """


Role: TypeAlias = Literal["member", "support", "admin"]
"""
The rights of an account beyond its own things. Each role has the rights of the roles before it.
"""


class RoleInput(TypedDict):
    """
    A role.
    """

    role: Role


RoundTrip: TypeAlias = Literal["link", "proof"]
"""
The reason for a round trip of a signed-in person.
"""


class RoundTripInput(TypedDict):
    """
    A round trip to begin.
    """

    purpose: RoundTrip
    """
    Its reason.
    """


Rule: TypeAlias = Literal[
    "required",
    "wrong_type",
    "blank",
    "forbidden_character",
    "reserved_name",
    "too_long",
    "too_short",
    "too_many",
    "too_few",
    "duplicate",
    "out_of_range",
    "unknown_value",
    "unknown_currency",
    "unknown_timezone",
    "invalid_language",
    "invalid_date",
    "invalid_time",
    "invalid_email",
    "invalid_phone",
    "invalid_bank_account",
    "guessable",
    "in_the_past",
    "min_above_max",
]
"""
The rule that a value broke. Clients see the name in snake_case and may rely on it.
"""


class SecondFactorExport(TypedDict):
    """
    A second factor without its secrets, for the account's export.
    """

    is_confirmed: bool
    """
    Whether signing in takes a code.
    """
    last_used_at: str | None
    """
    The time of the last code that was used; null if none was.
    """
    recovery_codes_left: int
    """
    How many recovery codes are left.
    """


SessionId: TypeAlias = str
"""
The id of a session.
"""


Share: TypeAlias = float


class SignInInput(TypedDict):
    """
    The credentials of a sign-in.
    """

    code: NotRequired[str | None]
    """
    A code of the authenticator app, or a recovery code. Needed if the account has a second factor.
    """
    cookie: NotRequired[bool | None]
    """
    Whether the refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`.
    """
    email: str
    """
    The account's address, in any case.
    """
    password: str
    """
    The account's password.
    """


class SignInProvider(TypedDict):
    """
    A provider.
    """

    id: str
    """
    The provider, as paths name it.
    """
    name: str
    """
    The name for people.
    """


class SignInProviders(TypedDict):
    """
    The providers.
    """

    items: list[SignInProvider]
    """
    The providers in the order in which to show them.
    """


Skill: TypeAlias = str


class SkillAdvice(TypedDict):
    """
    The effect of one more skill.
    """

    rank: int
    """
    The freelancer's rank with this skill.
    """
    score: float
    """
    The freelancer's score with this skill.
    """
    sentence: str
    """
    The effect as a sentence in the language that `Accept-Language` prefers.
    """
    shown: bool
    """
    Whether the freelancer would then have enough of the skills to be listed at this rank.
    """
    skill: str
    """
    The skill, as the project spells it.
    """


Skills: TypeAlias = list[Skill]
"""
Different skills. Case, width and the way words are joined make no difference. Synonyms count as one skill: `js`, `JavaScript` and `자바스크립트`. The file `matching/vocabulary/skills.toml` lists them.
"""


Stars: TypeAlias = float


Time: TypeAlias = str
"""
A date and time, RFC 3339.
"""


Timezone: TypeAlias = str
"""
The name of a zone or of a link to one, in small or capital letters, kept as sent: `Asia/Seoul`, `UTC`.
"""


Title: TypeAlias = str


class TotpBody(TypedDict):
    """
    A new authenticator app. Nobody can read its secret again.
    """

    otpauth_uri: str
    """
    The same as an address that apps open.
    """
    qr_svg: str
    """
    The address as a QR code, an SVG image.
    """
    secret: str
    """
    The shared secret, base32, for typing into an app.
    """


class Violation(TypedDict):
    """
    One wrong field.
    """

    code: Rule
    """
    The broken rule; stable.
    """
    detail: str
    """
    A sentence for the person who sent the value; may change between releases.
    """
    pointer: str
    """
    JSON pointer (RFC 6901) into the request body; empty for the body itself.
    """


WeeklyHours: TypeAlias = int


YearsOfExperience: TypeAlias = int


class Account(TypedDict):
    """
    An account, as its owner reads it.
    """

    created_at: str
    """
    The time of registration.
    """
    display_name: DisplayName
    """
    The name shown to others.
    """
    email: Email
    """
    The address as it was sent.
    """
    erased_at: NotRequired[str | None]
    """
    When the account is erased. Absent unless it is closing.
    """
    id: AccountId
    """
    The account.
    """


class AccountForStaff(TypedDict):
    """
    An account, as the support reads it.
    """

    created_at: str
    """
    The time of registration.
    """
    display_name: DisplayName
    """
    The name shown to others.
    """
    email: NotRequired[str | None]
    """
    The address, with all but the first character and the domain hidden.
    """
    has_second_factor: bool
    """
    Whether signing in takes a code.
    """
    id: AccountId
    """
    The account.
    """
    is_locked: bool
    """
    Whether the support locked it.
    """
    role: Role
    """
    The role.
    """
    sessions: int
    """
    The number of devices that are signed in.
    """


class Activity(TypedDict):
    """
    An act on the account.
    """

    act: str
    """
    The act, such as `signed_in`, `session_ended`, `password_changed`. Later versions may add names.
    """
    at: str
    """
    The time.
    """
    by: By
    """
    The actor.
    """
    is_same_network: bool
    """
    Whether this request comes from the same network.
    """
    network: str
    """
    A pseudonym of the actor's network. Equal networks have equal pseudonyms.
    """
    sequence: int
    """
    The number of the act in the account's trail, from 1.
    """
    session_id: NotRequired[str | None]
    """
    The session of the act.
    """
    subject: NotRequired[str | None]
    """
    The thing that the act concerns: the factors of a sign-in, the session that ended.
    """


class ActivityPage(TypedDict):
    """
    One page of the acts on an account.
    """

    items: list[Activity]
    """
    The acts, newest first.
    """
    next_cursor: str | None
    """
    The `cursor` of the next page; null at the end of the list.
    """


class Advice(TypedDict):
    """
    The freelancer's rank for a project, and the rank with each wanted skill that the profile does not name.
    """

    model: Model
    """
    The model that ranked.
    """
    obstacle: str | None
    """
    Why the project does not list the freelancer at any rank: `project_closed`, `own_project`, `unavailable`,
    `no_shared_language`, `other_currency`, `above_budget` or `too_few_skills`. Null if it does.
    """
    obstacle_sentence: str | None
    """
    The obstacle as a sentence in the language that `Accept-Language` prefers.
    """
    project_id: str
    """
    The project.
    """
    rank: int
    """
    The freelancer's rank among all eligible freelancers with enough of the skills; 1 is the best. A closed project
    is ranked as if it were open. A freelancer with `too_few_skills` is not listed at this rank.
    """
    score: float
    """
    The freelancer's score.
    """
    skills: list[SkillAdvice]
    """
    The wanted skills that the profile does not name, the most helpful first.
    """


class Budget(TypedDict):
    """
    The client's budget, by the hour or for the whole: a range, or an upper limit alone.
    """

    currency: Currency
    """
    The currency of both.
    """
    kind: BudgetKind
    """
    Whether the budget pays for an hour or for the project.
    """
    max: Amount
    """
    The most the client pays, in minor units of the currency. At least `min`.
    """
    min: NotRequired[Amount | None]


class FreelancerInput(TypedDict):
    """
    The complete profile. It replaces the previous one.
    """

    bio: NotRequired[Bio | None]
    category: Category
    """
    The field of work: any words.
    """
    headline: Headline
    """
    The offer in one line. Any text that is not blank.
    """
    hourly_rate: NotRequired[Money | None]
    languages: NotRequired[Languages | None]
    skills: Skills
    """
    The freelancer's skills.
    """
    timezone: NotRequired[Timezone | None]
    weekly_hours: NotRequired[WeeklyHours | None]
    years_experience: NotRequired[YearsOfExperience | None]


class FreelancerRecord(TypedDict):
    """
    A freelancer to be scored. The skills are enough; the rest makes scores better.
    """

    bio: NotRequired[Bio | None]
    category: NotRequired[Category | None]
    completed_jobs: NotRequired[JobCount | None]
    display_name: NotRequired[DisplayName | None]
    headline: NotRequired[Headline | None]
    hire_rate: NotRequired[Share | None]
    hourly_rate: NotRequired[Money | None]
    id: NotRequired[ForeignId | None]
    languages: NotRequired[Languages | None]
    last_active_at: NotRequired[Time | None]
    rating: NotRequired[Stars | None]
    response_minutes: NotRequired[Minutes | None]
    skills: Skills
    """
    The freelancer's skills.
    """
    timezone: NotRequired[Timezone | None]
    weekly_hours: NotRequired[WeeklyHours | None]
    years_experience: NotRequired[YearsOfExperience | None]


FreelancerRecordBatch: TypeAlias = list[FreelancerRecord]


class FreelancerRecordSummary(TypedDict):
    """
    A freelancer of the request in brief.
    """

    display_name: DisplayName | None
    headline: Headline | None
    hourly_rate: Money | None
    id: ForeignId | None
    skills: Skills
    """
    The freelancer's skills.
    """


class FreelancerSummary(TypedDict):
    """
    A freelancer in brief.
    """

    display_name: DisplayName
    """
    The account's name.
    """
    headline: Headline
    """
    The offer in one line.
    """
    hourly_rate: Money | None
    id: AccountId
    """
    The freelancer.
    """
    skills: Skills
    """
    The freelancer's skills.
    """


class Identity(TypedDict):
    """
    An account at a provider.
    """

    email: NotRequired[str | None]
    """
    The address there, at the time of linking.
    """
    linked_at: str
    """
    The time of linking.
    """
    provider: SignInProvider
    """
    The provider.
    """


class Judgement(TypedDict):
    """
    The net's score of a pair, with reasons.
    """

    base_log_odds: float
    """
    The log-odds of a pair without any known number.
    """
    client_choice: float
    """
    The probability that the client hires if the freelancer proposes.
    """
    freelancer_interest: float
    """
    The probability that the freelancer proposes if this ranking invites them.
    """
    log_odds: float
    """
    ln(score / (1 − score)).
    """
    reasons: list[Reason]
    """
    The ten numbers behind the score. Their contributions add up to `log_odds` − `base_log_odds`.
    """
    score: float
    """
    The probability that the freelancer proposes and the client hires: the product of the two probabilities below.
    """


class MyAccount(Account):
    """
    One's own account.
    """

    has_second_factor: bool
    """
    Whether signing in takes a code.
    """
    recovery_codes_left: int
    """
    How many recovery codes are left.
    """


class NewPasskey(TypedDict):
    """
    A new passkey.
    """

    credential: dict[str, Any]
    """
    What `toJSON()` of the answer to `navigator.credentials.create()` gives.
    """
    name: PasskeyName


class NewPassword(TypedDict):
    """
    A new password.
    """

    password: Password
    """
    8 to 128 characters of any kind, and not easily guessed.
    """


class Passkey(TypedDict):
    """
    A passkey.
    """

    created_at: str
    """
    When it was added.
    """
    id: PasskeyId
    """
    The passkey.
    """
    last_used_at: NotRequired[str | None]
    """
    The last sign-in or proof with it. Absent if there was none.
    """
    name: PasskeyName
    """
    The name that its owner gave it.
    """


class Passkeys(TypedDict):
    """
    The passkeys of an account, at most ten.
    """

    items: list[Passkey]
    """
    The passkeys, oldest first.
    """


class PersonalData(TypedDict):
    """
    The personal data of an account. Every part may be absent.
    """

    legal_name: NotRequired[LegalName | None]
    payout_account: NotRequired[PayoutAccount | None]
    phone: NotRequired[Phone | None]


class Problem(TypedDict):
    """
    An error as clients read it (RFC 9457).
    """

    code: str
    """
    The kind of problem as a stable name.
    """
    detail: str
    """
    A sentence about this request. It may change between releases.
    """
    errors: NotRequired[list[Violation]]
    """
    The wrong fields of the body, the first 1,000 of them. Left out if the body's fields are not the problem.
    """
    request_id: NotRequired[str | None]
    """
    The id of the request, as the log has it.
    """
    status: int
    """
    The HTTP status.
    """
    title: str
    """
    The kind of problem as a sentence.
    """
    type: str
    """
    A URI that names the kind of problem.
    """


class ProjectInput(TypedDict):
    """
    A project as its client describes it.
    """

    budget: NotRequired[Budget | None]
    category: Category
    """
    The field of work: any words.
    """
    description: NotRequired[Description | None]
    expires_at: NotRequired[Time | None]
    languages: NotRequired[Languages | None]
    skills: Skills
    """
    The required skills.
    """
    starts_on: NotRequired[Day | None]
    timezone: NotRequired[Timezone | None]
    title: Title
    """
    The work in one line. Any text that is not blank.
    """
    weekly_hours: NotRequired[WeeklyHours | None]


class ProjectMatch(Judgement):
    """
    A freelancer for the project.
    """

    freelancer: FreelancerSummary
    """
    The freelancer.
    """
    newcomer: bool
    """
    Whether the freelancer is a newcomer, who has made no proposal and done no job.
    """


class ProjectMatches(TypedDict):
    """
    Freelancers for a project, best first.
    """

    items: list[ProjectMatch]
    """
    The page, best first.
    """
    model: Model
    """
    The model that ranked.
    """
    next_cursor: str | None
    """
    The `cursor` of the next page; null at the end.
    """
    pool_size: int
    """
    The number of scored freelancers: the eligible ones with enough of the wanted skills (`min_skill_overlap`).
    """
    project_id: str
    """
    The project.
    """


class ProjectPatch(TypedDict):
    """
    The members to change. Null sets an optional member back to its default.
    """

    budget: NotRequired[Budget | None]
    category: NotRequired[Category]
    """
    The field of work: any words.
    """
    description: NotRequired[Description | None]
    expires_at: NotRequired[Time | None]
    languages: NotRequired[Languages | None]
    skills: NotRequired[Skills]
    """
    The required skills.
    """
    starts_on: NotRequired[Day | None]
    status: NotRequired[Literal["open", "closed", "withdrawn"]]
    """
    Whether a project still looks for a freelancer.
    """
    timezone: NotRequired[Timezone | None]
    title: NotRequired[Title]
    """
    The work in one line. Any text that is not blank.
    """
    weekly_hours: NotRequired[WeeklyHours | None]


class ProjectRecord(TypedDict):
    """
    A project to score freelancers for. Its skills are enough; the rest makes scores better.
    """

    budget: NotRequired[Budget | None]
    category: NotRequired[Category | None]
    created_at: NotRequired[Time | None]
    description: NotRequired[Description | None]
    languages: NotRequired[Languages | None]
    skills: Skills
    """
    The required skills.
    """
    status: NotRequired[ProjectStatus | None]
    timezone: NotRequired[Timezone | None]
    title: NotRequired[Title | None]
    weekly_hours: NotRequired[WeeklyHours | None]


class ProjectSummary(TypedDict):
    """
    A project in brief.
    """

    budget: Budget | None
    category: Category
    """
    The field of work.
    """
    id: ProjectId
    """
    The project.
    """
    skills: Skills
    """
    The required skills.
    """
    title: Title
    """
    The work in one line.
    """


class Score(Judgement):
    """
    The score of one freelancer.
    """

    eligible: bool
    """
    Whether the market would match the two: by languages, budget, the project's status and availability.
    """
    freelancer: FreelancerRecordSummary
    """
    The freelancer.
    """
    index: int
    """
    The freelancer's index in the request, from 0.
    """


class ScoreInput(TypedDict):
    """
    A project and the freelancers to score for it.
    """

    freelancers: FreelancerRecordBatch
    """
    The freelancers. Answered in the same order.
    """
    project: ProjectRecord
    """
    The project.
    """


class Scores(TypedDict):
    """
    The scores of the freelancers of the request.
    """

    items: list[Score]
    """
    One item for each freelancer, in the order of the request.
    """
    model: Model
    """
    The model that scored.
    """


class Session(TypedDict):
    """
    A device that is signed in.
    """

    created_at: str
    """
    The time of the sign-in.
    """
    device: NotRequired[str | None]
    """
    The `User-Agent` of the sign-in.
    """
    id: SessionId
    """
    The session.
    """
    is_current: bool
    """
    Whether this request belongs to it.
    """
    last_used_at: str
    """
    The time of its last refresh.
    """
    place: NotRequired[str | None]
    """
    The IP address of the sign-in.
    """


class SessionBody(TypedDict):
    """
    The tokens of a session.
    """

    access_token: str
    """
    Send it as `Authorization: Bearer <token>`. An ES256 JWT; its keys are at `/.well-known/jwks.json`.
    """
    expires_in: int
    """
    Seconds until the access token expires.
    """
    refresh_token: NotRequired[str | None]
    """
    Exchange it for new tokens at `POST /sessions/refresh`, once. Absent if it is in the cookie.
    """
    session_id: SessionId
    """
    The session.
    """
    token_type: str
    """
    `Bearer`.
    """


class SessionExport(TypedDict):
    """
    A device that is signed in.
    """

    created_at: str
    """
    The time of the sign-in.
    """
    device: str | None
    """
    The `User-Agent` of the sign-in.
    """
    id: SessionId
    """
    The session.
    """
    last_used_at: str
    """
    The time of its last refresh.
    """
    place: str | None
    """
    The IP address of the sign-in.
    """


class Sessions(TypedDict):
    """
    The devices that are signed in, at most 50.
    """

    items: list[Session]
    """
    The devices, last used first.
    """


class AccountExport(TypedDict):
    """
    Everything that the market keeps about an account.
    """

    account: Account
    """
    The account.
    """
    exported_at: str
    """
    The time of this export.
    """
    freelancer: FreelancerExport | None
    identities: list[Identity]
    """
    The accounts at providers that the account signs in with.
    """
    next_cursor: str | None
    """
    The `cursor` of the next part, which holds further projects; null if this is the last part.
    """
    passkeys: list[Passkey]
    """
    The passkeys without their keys.
    """
    personal_data: PersonalData
    """
    Legal name, phone and payout account, as they were given.
    """
    projects: list[dict[str, Any]]
    """
    The projects, open or closed, newest first, as they are stored.
    """
    role: str
    """
    The role of the account in the market.
    """
    second_factor: SecondFactorExport | None
    sessions: list[SessionExport]
    """
    The devices that are signed in.
    """


class Award(TypedDict):
    """
    A bid among the others.
    """

    eligible: bool
    """
    Whether the market would match the two: by languages, budget, the project's status and availability.
    """
    freelancer: FreelancerRecordSummary
    """
    The bidder.
    """
    index: int
    """
    The bid's index in the request, from 0.
    """
    probability: float
    """
    The probability that the client hires this bidder, if one of them is hired. The probabilities of all bids add up
    to 1.
    """
    reasons: list[AwardReason]
    """
    The fourteen numbers behind the probability.
    """


class Awards(TypedDict):
    """
    The bids of the request, the likeliest to be hired first.
    """

    items: list[Award]
    """
    One item for each bid. Equally likely bids stay in the order of the request.
    """
    model: Model
    """
    The model that compared them.
    """


class Bid(TypedDict):
    """
    A bid to be compared with others.
    """

    delay_minutes: NotRequired[Minutes | None]
    freelancer: FreelancerRecord
    """
    The freelancer who bids.
    """
    message: NotRequired[Message | None]


BidBatch: TypeAlias = list[Bid]


class BidsInput(TypedDict):
    """
    A project and all the bids for it.
    """

    bids: BidBatch
    """
    All the bids for it, in any order.
    """
    project: ProjectRecord
    """
    The project.
    """


class Freelancer(FreelancerInput):
    """
    A freelancer.
    """

    completed_jobs: int
    """
    How many jobs were completed here.
    """
    created_at: str
    """
    The time when the profile was first saved.
    """
    display_name: DisplayName
    """
    The account's name.
    """
    hire_rate: float | None
    """
    The share of bids that were won, 0 to 1; null before the first bid.
    """
    id: AccountId
    """
    The freelancer's id, which is the account's id.
    """
    last_active_at: str | None
    """
    The last time the freelancer did something in the market.
    """
    rating: float | None
    """
    The mean rating, 0 to 5 stars; null before the first.
    """
    response_minutes: float | None
    """
    The median time to an answer, in minutes; null before the first.
    """
    updated_at: str
    """
    The last change of any of these fields.
    """


class FreelancerMatch(Judgement):
    """
    A project for the freelancer.
    """

    project: ProjectSummary
    """
    The project.
    """


class FreelancerMatches(TypedDict):
    """
    Projects for a freelancer, best first.
    """

    freelancer_id: str
    """
    The freelancer.
    """
    items: list[FreelancerMatch]
    """
    The page, best first.
    """
    model: Model
    """
    The model that ranked.
    """
    next_cursor: str | None
    """
    The `cursor` of the next page; null at the end.
    """
    pool_size: int
    """
    The number of scored projects: the open ones that the freelancer is eligible for and has enough of the skills
    for (`min_skill_overlap`).
    """


class FreelancerPage(TypedDict):
    """
    One page of a list.
    """

    items: list[Freelancer]
    """
    Newest first. A page may hold fewer than `limit` before the end is reached.
    """
    next_cursor: str | None
    """
    The `cursor` of the next page; null at the end of the list.
    """


class Identities(TypedDict):
    """
    The ways to sign in.
    """

    has_password: bool
    """
    Whether the account has a password.
    """
    items: list[Identity]
    """
    The accounts at providers, at most one of each.
    """


class Project(ProjectInput):
    """
    A project.
    """

    created_at: str
    """
    When it was posted.
    """
    id: ProjectId
    """
    The project.
    """
    owner_id: AccountId
    """
    The client's account.
    """
    status: ProjectStatus
    """
    Whether the project is listed and matched.
    """
    updated_at: str
    """
    The last change of any of these fields.
    """


class ProjectPage(TypedDict):
    """
    One page of a list.
    """

    items: list[Project]
    """
    Newest first. A page may hold fewer than `limit` before the end is reached.
    """
    next_cursor: str | None
    """
    The `cursor` of the next page; null at the end of the list.
    """
