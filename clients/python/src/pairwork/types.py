# Generated from infra/openapi.json by clients/generate. Do not edit.
"""The types of the JSON that the market reads and writes."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from typing_extensions import NotRequired

AccountId: TypeAlias = str
"""
The id of an account.
"""


Amount: TypeAlias = int


class AwardReason(TypedDict):
    """
    What one of fourteen numbers has to do with a bid's probability.
    """

    contribution: float
    """
    How far it raises the logarithm of the bid's odds above the mean of the bids, or below zero lowers it.
    """
    feature: str
    """
    The ten of a match, then `delay` (ln(1 + minutes)), `words` (ln(1 + different words), at most 150 of them),
    `similarity` (of the message and the project, 0 to 1) and `earlier_bids` (ln(1 + bids)): always all fourteen, in
    this order.
    """
    sentence: str
    """
    The number in words, in the language that `Accept-Language` prefers: English or Korean.
    """
    value: float | None
    """
    The number; null where it is not known.
    """


Bio: TypeAlias = str


BudgetKind: TypeAlias = Literal["hourly", "fixed"]
"""
The work that a budget pays.
"""


Category: TypeAlias = str


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


Headline: TypeAlias = str


class Health(TypedDict):
    """
    The function is up.
    """

    status: str
    """
    Always `ok`: a function that is not does not answer.
    """
    version: str
    """
    The release that answers.
    """


JobCount: TypeAlias = int


class Jwk(TypedDict):
    """
    A public key as the world reads it.
    """

    alg: NotRequired[str | None]
    """
    The algorithm it is for.
    """
    crv: str
    """
    The curve.
    """
    kid: NotRequired[str | None]
    """
    The name under which tokens refer to it.
    """
    kty: str
    """
    The kind of key.
    """
    use: NotRequired[str | None]
    """
    What it is for.
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


Message: TypeAlias = str


Minutes: TypeAlias = float


class Model(TypedDict):
    """
    The model that ranked.
    """

    version: str
    """
    Names the weights: equal versions give equal scores.
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


Password: TypeAlias = str


ProjectId: TypeAlias = str
"""
The id of a project.
"""


ProjectStatus: TypeAlias = Literal["open", "closed"]
"""
Whether a project still looks for a freelancer.
"""


class Reason(TypedDict):
    """
    One of ten numbers that the net saw, and what it did to the score.
    """

    contribution: float
    """
    Its share of the way from `base_log_odds` to `log_odds`: its exact Shapley value. Above zero it speaks for the
    match.
    """
    feature: str
    """
    `skill_overlap`, `skill_experience`, `text_similarity`, `rating`, `hire_rate`, `response_time`, `last_seen`,
    `activity_week`, `activity_month` or `activity_half_year`: always all ten, in this order.
    """
    sentence: str
    """
    The number in words, in the language that `Accept-Language` prefers: English or Korean.
    """
    value: float | None
    """
    The number; null where it is not known.
    """


class RegistrationInput(TypedDict):
    """
    Somebody who wants an account.
    """

    display_name: DisplayName
    """
    The name to show to others. Any text that is not blank.
    """
    email: Email
    """
    The address to sign in with. One address, one account, however it is spelled.
    """
    password: Password
    """
    Any 8 to 128 characters.
    """


Rule: TypeAlias = Literal[
    "required",
    "wrong_type",
    "blank",
    "forbidden_character",
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
    "in_the_past",
    "min_above_max",
]
"""
The rule that a value broke. Clients see the name in snake_case and may rely on it.
"""


class SessionBody(TypedDict):
    """
    What signed-in requests are sent with.
    """

    access_token: str
    """
    Send it as `Authorization: Bearer <token>`. An ES256 JWT; its keys are at `/.well-known/jwks.json`.
    """
    expires_in: int
    """
    Seconds until it no longer counts.
    """
    token_type: str
    """
    `Bearer`.
    """


Share: TypeAlias = float


class SignInInput(TypedDict):
    """
    Somebody who signs in.
    """

    email: str
    """
    The account's address, in any case.
    """
    password: str
    """
    The account's password.
    """


Skill: TypeAlias = str


class SkillAdvice(TypedDict):
    """
    What one more skill would change.
    """

    rank: int
    """
    My place with it.
    """
    score: float
    """
    My score with it.
    """
    sentence: str
    """
    The same in words, in the language that `Accept-Language` prefers.
    """
    shown: bool
    """
    Whether I would have enough of the skills then to be shown at that place.
    """
    skill: str
    """
    The skill, as the project says it.
    """


Skills: TypeAlias = list[Skill]
"""
Different skills. Case, width and the way words are joined make no difference, and synonyms that the market knows are one skill.
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
    An account, as its owner sees it.
    """

    created_at: str
    """
    Since when.
    """
    display_name: DisplayName
    """
    The name shown to others.
    """
    email: Email
    """
    The address, as it was given.
    """
    id: AccountId
    """
    The account.
    """


class Advice(TypedDict):
    """
    Where I stand for a project, and where each of its skills that I do not name would put me.
    """

    model: Model
    """
    The net that ranked.
    """
    obstacle: str | None
    """
    What keeps me from being paired with the project at all, whatever my rank: `project_closed`, `own_project`,
    `unavailable`, `no_shared_language`, `other_currency`, `above_budget` or `too_few_skills`; null when nothing
    does.
    """
    obstacle_sentence: str | None
    """
    The same in words, in the language that `Accept-Language` prefers.
    """
    project_id: str
    """
    The project.
    """
    rank: int
    """
    My place among all who can be paired with the project and have enough of its skills, 1 for the best; of a closed
    one, as if it were open. Who has not enough of them (`too_few_skills`) is not shown at that place.
    """
    score: float
    """
    My score.
    """
    skills: list[SkillAdvice]
    """
    The wanted skills that I do not name, the most helpful first.
    """


class Budget(TypedDict):
    """
    What a client will pay, by the hour or for the whole: a range, or an upper limit alone.
    """

    currency: Currency
    """
    The currency of both.
    """
    kind: BudgetKind
    """
    What the budget is for.
    """
    max: Amount
    """
    The most the client pays, in minor units of the currency. At least `min`.
    """
    min: NotRequired[Amount | None]


class FreelancerInput(TypedDict):
    """
    A freelancer's profile: the whole of it, replacing the profile before.
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
    What the freelancer can do.
    """
    timezone: NotRequired[Timezone | None]
    weekly_hours: NotRequired[WeeklyHours | None]
    years_experience: NotRequired[YearsOfExperience | None]


class FreelancerRecord(TypedDict):
    """
    A freelancer to be scored. The skills are enough; the rest makes scores better.
    """

    bio: Bio | None
    category: NotRequired[Category | None]
    completed_jobs: NotRequired[JobCount | None]
    display_name: NotRequired[DisplayName | None]
    headline: NotRequired[Headline | None]
    hire_rate: NotRequired[Share | None]
    hourly_rate: NotRequired[Money | None]
    id: NotRequired[ForeignId | None]
    languages: Languages | None
    last_active_at: NotRequired[Time | None]
    rating: NotRequired[Stars | None]
    response_minutes: NotRequired[Minutes | None]
    skills: Skills
    """
    What the freelancer can do.
    """
    timezone: NotRequired[Timezone | None]
    weekly_hours: NotRequired[WeeklyHours | None]
    years_experience: NotRequired[YearsOfExperience | None]


FreelancerRecordBatch: TypeAlias = list[FreelancerRecord]


class FreelancerRecordSummary(TypedDict):
    """
    A freelancer as it was sent, in short.
    """

    display_name: DisplayName | None
    headline: Headline | None
    hourly_rate: Money | None
    id: ForeignId | None
    skills: Skills
    """
    What the freelancer can do.
    """


class FreelancerSummary(TypedDict):
    """
    A freelancer in short.
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
    What the freelancer can do.
    """


class Judgement(TypedDict):
    """
    What the net makes of a pair, and why.
    """

    base_log_odds: float
    """
    The log-odds of a pair of which nothing is known.
    """
    client_choice: float
    """
    The probability that the client would hire, given a proposal.
    """
    freelancer_interest: float
    """
    The probability that the freelancer would propose, if invited by this ranking.
    """
    log_odds: float
    """
    ln(score / (1 − score)).
    """
    reasons: list[Reason]
    """
    The ten numbers behind it. Their contributions add up to `log_odds` − `base_log_odds`.
    """
    score: float
    """
    The probability that the freelancer takes the project and the client hires: the product of the two below.
    """


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
    What the work needs.
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
    Who.
    """
    newcomer: bool
    """
    Whether they are new here: have neither made a proposal nor done a job.
    """


class ProjectMatches(TypedDict):
    """
    Freelancers for a project, best first.
    """

    items: list[ProjectMatch]
    """
    The best of them, behind the cursor.
    """
    model: Model
    """
    The net that ranked.
    """
    next_cursor: str | None
    """
    Asks for the next page; null at the end.
    """
    pool_size: int
    """
    How many eligible freelancers were scored: all there are with enough of the wanted skills, as
    `min_skill_overlap` has it.
    """
    project_id: str
    """
    The project.
    """


class ProjectPatch(TypedDict):
    """
    The members to change. Null removes what may be left out.
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
    What the work needs.
    """
    starts_on: NotRequired[Day | None]
    status: NotRequired[Literal["open", "closed"]]
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
    description: Description | None
    languages: Languages | None
    skills: Skills
    """
    What the work needs.
    """
    status: NotRequired[ProjectStatus | None]
    timezone: NotRequired[Timezone | None]
    title: NotRequired[Title | None]
    weekly_hours: NotRequired[WeeklyHours | None]


class ProjectSummary(TypedDict):
    """
    A project in short.
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
    What the work needs.
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
    Whether the market would match the two at all: languages, budget, openness and availability.
    """
    freelancer: FreelancerRecordSummary
    """
    Who.
    """
    index: int
    """
    Its place in the request, from 0.
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
    The scores of the freelancers that were sent.
    """

    items: list[Score]
    """
    One for each freelancer, in the order they were sent.
    """
    model: Model
    """
    The net that scored.
    """


class Award(TypedDict):
    """
    A bid among the others.
    """

    eligible: bool
    """
    Whether the market would match the two at all: languages, budget, openness and availability.
    """
    freelancer: FreelancerRecordSummary
    """
    Who bids.
    """
    index: int
    """
    Its place in the request, from 0.
    """
    probability: float
    """
    That the client hires this one, if one of them is hired: together with the other bids', 1.
    """
    reasons: list[AwardReason]
    """
    The fourteen numbers behind it.
    """


class Awards(TypedDict):
    """
    The bids that were sent, the likeliest to be hired first.
    """

    items: list[Award]
    """
    One for each bid. Equally likely ones stay in the order they were sent.
    """
    model: Model
    """
    What compared them.
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
    When the profile was first put.
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
    The account's id is the freelancer's.
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
    Which.
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
    The best of them, behind the cursor.
    """
    model: Model
    """
    The net that ranked.
    """
    next_cursor: str | None
    """
    Asks for the next page; null at the end.
    """
    pool_size: int
    """
    How many open projects the freelancer is eligible for and has enough of the skills for, as `min_skill_overlap`
    has it: all were scored.
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
