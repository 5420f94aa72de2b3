// Generated from infra/openapi.json by clients/generate. Do not edit.

import { type Call, type CallOptions, eachItem, newIdempotencyKey, segment } from "./call.js";
import type {
  Account,
  Advice,
  Awards,
  BidsInput,
  CodeInput,
  ConfirmationInput,
  ForgottenPassword,
  Freelancer,
  FreelancerInput,
  FreelancerMatch,
  FreelancerMatches,
  FreelancerPage,
  Health,
  JwksBody,
  MyAccount,
  NewEmail,
  NewPassword,
  PasswordChange,
  Project,
  ProjectInput,
  ProjectMatch,
  ProjectMatches,
  ProjectPage,
  ProjectPatch,
  ProofInput,
  RecoveryCodesBody,
  RefreshInput,
  RegistrationInput,
  ScoreInput,
  Scores,
  SessionBody,
  Sessions,
  SignInInput,
  TotpBody,
} from "./types.js";

/** The version of the API that this client was generated from. */
export const API_VERSION = "0.1.0";

/** Options of `register`. */
export interface RegisterOptions extends CallOptions {
  /**
   * 1 to 255 visible ASCII characters, new for each thing to create. A repeat of the same request within 24 hours
   * gets the first reply again, with `Idempotency-Replayed: true`, and has no further effect.
   */
  idempotencyKey?: string | undefined;
}

/** Options of `listMyProjects`. */
export interface ListMyProjectsOptions extends CallOptions {
  /** The most items to return. */
  limit?: number | undefined;
  /**
   * The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it out for the first
   * page.
   */
  cursor?: string | undefined;
}

/** Options of `listFreelancers`. */
export interface ListFreelancersOptions extends CallOptions {
  /** Only this field of work. Case and width make no difference. */
  category?: string | undefined;
  /**
   * Only with this skill. Case, width and the way words are joined make no difference, and synonyms count as one:
   * `js` finds `JavaScript`.
   */
  skill?: string | undefined;
  /** The most items to return. */
  limit?: number | undefined;
  /**
   * The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it out for the first
   * page.
   */
  cursor?: string | undefined;
}

/** Options of `getMyFreelancer`. */
export interface GetMyFreelancerOptions extends CallOptions {
  /** An `ETag` that the client has, or `*`. If it is the current one, the answer is 304 without a body. */
  ifNoneMatch?: string | undefined;
}

/** Options of `putMyFreelancer`. */
export interface PutMyFreelancerOptions extends CallOptions {
  /**
   * The `ETag` of the version that the change is based on, or `*` for any version. If it is not the current one,
   * the answer is 412.
   */
  ifMatch?: string | undefined;
  /** `*` writes only if nothing is stored yet. */
  ifNoneMatch?: string | undefined;
}

/** Options of `listMyMatches`. */
export interface ListMyMatchesOptions extends CallOptions {
  /**
   * Leaves out the pairs in which the freelancer has less than this share of the wanted skills, 0 to 1. Rare
   * skills count more, as in `skill_overlap` among a match's reasons. With 0, every eligible pair is ranked.
   * Without the parameter, the pairs that share at least one wanted skill are ranked; if there is no such pair,
   * every eligible pair is.
   */
  minSkillOverlap?: number | undefined;
  /** The most items to return. */
  limit?: number | undefined;
  /**
   * The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it out for the first
   * page.
   */
  cursor?: string | undefined;
  /** The language of the sentences: English unless Korean is preferred. */
  acceptLanguage?: string | undefined;
}

/** Options of `getMyAdvice`. */
export interface GetMyAdviceOptions extends CallOptions {
  /**
   * Leaves out the pairs in which the freelancer has less than this share of the wanted skills, 0 to 1. Rare
   * skills count more, as in `skill_overlap` among a match's reasons. With 0, every eligible pair is ranked.
   * Without the parameter, the pairs that share at least one wanted skill are ranked; if there is no such pair,
   * every eligible pair is.
   */
  minSkillOverlap?: number | undefined;
  /** The language of the sentences: English unless Korean is preferred. */
  acceptLanguage?: string | undefined;
}

/** Options of `getFreelancer`. */
export interface GetFreelancerOptions extends CallOptions {
  /** An `ETag` that the client has, or `*`. If it is the current one, the answer is 304 without a body. */
  ifNoneMatch?: string | undefined;
}

/** Options of `compareBids`. */
export interface CompareBidsOptions extends CallOptions {
  /** The language of the sentences: English unless Korean is preferred. */
  acceptLanguage?: string | undefined;
}

/** Options of `scoreFreelancers`. */
export interface ScoreFreelancersOptions extends CallOptions {
  /** The language of the sentences: English unless Korean is preferred. */
  acceptLanguage?: string | undefined;
}

/** Options of `listProjects`. */
export interface ListProjectsOptions extends CallOptions {
  /** Only this field of work. Case and width make no difference. */
  category?: string | undefined;
  /**
   * Only with this skill. Case, width and the way words are joined make no difference, and synonyms count as one:
   * `js` finds `JavaScript`.
   */
  skill?: string | undefined;
  /** The most items to return. */
  limit?: number | undefined;
  /**
   * The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it out for the first
   * page.
   */
  cursor?: string | undefined;
}

/** Options of `postProject`. */
export interface PostProjectOptions extends CallOptions {
  /**
   * 1 to 255 visible ASCII characters, new for each thing to create. A repeat of the same request within 24 hours
   * gets the first reply again, with `Idempotency-Replayed: true`, and has no further effect.
   */
  idempotencyKey?: string | undefined;
}

/** Options of `getProject`. */
export interface GetProjectOptions extends CallOptions {
  /** An `ETag` that the client has, or `*`. If it is the current one, the answer is 304 without a body. */
  ifNoneMatch?: string | undefined;
}

/** Options of `patchProject`. */
export interface PatchProjectOptions extends CallOptions {
  /**
   * The `ETag` of the version that the change is based on, or `*` for any version. If it is not the current one,
   * the answer is 412.
   */
  ifMatch?: string | undefined;
  /** `*` writes only if nothing is stored yet. */
  ifNoneMatch?: string | undefined;
}

/** Options of `listProjectMatches`. */
export interface ListProjectMatchesOptions extends CallOptions {
  /**
   * Guarantees newcomers (`newcomer`) a share of the first places, 0 to 1. Of the first k places, for every k, at
   * least share × k (rounded down) go to newcomers while there are newcomers left. The others stay in the order of
   * their scores, and no score changes. The guarantee holds across pages.
   */
  newcomers?: number | undefined;
  /**
   * Leaves out the pairs in which the freelancer has less than this share of the wanted skills, 0 to 1. Rare
   * skills count more, as in `skill_overlap` among a match's reasons. With 0, every eligible pair is ranked.
   * Without the parameter, the pairs that share at least one wanted skill are ranked; if there is no such pair,
   * every eligible pair is.
   */
  minSkillOverlap?: number | undefined;
  /** The most items to return. */
  limit?: number | undefined;
  /**
   * The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it out for the first
   * page.
   */
  cursor?: string | undefined;
  /** The language of the sentences: English unless Korean is preferred. */
  acceptLanguage?: string | undefined;
}

/** Options of `refreshSession`. */
export interface RefreshSessionOptions extends CallOptions {
  /**
   * 1 to 255 visible ASCII characters, new for each thing to create. A repeat of the same request within 24 hours
   * gets the first reply again, with `Idempotency-Replayed: true`, and has no further effect.
   */
  idempotencyKey?: string | undefined;
}

/** One method for each operation of the API. `iter…` methods read every page of a list. */
export abstract class Operations {
  protected abstract call<T>(call: Call, options: CallOptions): Promise<T>;

  /**
   * Public signing keys.
   *
   * A service that checks tokens should cache these keys, and read them again when a token names an unknown key. A
   * new key is published a day before it signs.
   */
  getJwks(options: CallOptions = {}): Promise<JwksBody> {
    return this.call<JwksBody>(
      {
        method: "GET",
        path: "/.well-known/jwks.json",
        signIn: false,
      },
      options,
    );
  }

  /**
   * Open an account.
   *
   * Then sign in with `POST /sessions`. A deployed market answers 202, whether the address has an account or not,
   * and opens the account when its owner follows the link in a letter to the address.
   */
  register(body: RegistrationInput, options: RegisterOptions = {}): Promise<Account | undefined> {
    return this.call<Account | undefined>(
      {
        method: "POST",
        path: "/accounts",
        signIn: false,
        headers: {
          "Idempotency-Key": options.idempotencyKey ?? newIdempotencyKey(),
        },
        body,
      },
      options,
    );
  }

  /** Read my account. */
  getMyAccount(options: CallOptions = {}): Promise<MyAccount> {
    return this.call<MyAccount>(
      {
        method: "GET",
        path: "/accounts/me",
        signIn: true,
      },
      options,
    );
  }

  /**
   * Change my address.
   *
   * The new address counts after its owner follows the link in a letter to it. The answer does not tell whether
   * the address has an account. It needs a recent proof of identity.
   */
  changeMyEmail(body: NewEmail, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "PUT",
        path: "/accounts/me/email",
        signIn: true,
        body,
      },
      options,
    );
  }

  /**
   * Change my password.
   *
   * It ends the account's other sessions. It asks for the present password, and for a recent proof of identity:
   * `POST /sessions/current/proof`.
   */
  changeMyPassword(body: PasswordChange, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "PUT",
        path: "/accounts/me/password",
        signIn: true,
        body,
      },
      options,
    );
  }

  /**
   * List my projects.
   *
   * All projects of the account, open or closed, newest first.
   */
  listMyProjects(options: ListMyProjectsOptions = {}): Promise<ProjectPage> {
    return this.call<ProjectPage>(
      {
        method: "GET",
        path: "/accounts/me/projects",
        signIn: true,
        query: {
          limit: options.limit,
          cursor: options.cursor,
        },
      },
      options,
    );
  }

  /** Every item of `listMyProjects`. Reads a page when the loop asks for it; `limit` is its size. */
  iterMyProjects(options: ListMyProjectsOptions = {}): AsyncGenerator<Project, void, void> {
    const read = (cursor: string | undefined) => this.listMyProjects({ ...options, cursor });
    return eachItem(read, options.cursor);
  }

  /**
   * Make new recovery codes.
   *
   * They replace the ones that are left. It needs a recent proof of identity.
   */
  makeRecoveryCodes(options: CallOptions = {}): Promise<RecoveryCodesBody> {
    return this.call<RecoveryCodesBody>(
      {
        method: "POST",
        path: "/accounts/me/recovery-codes",
        signIn: true,
      },
      options,
    );
  }

  /**
   * Add an authenticator app.
   *
   * The app counts after `POST /accounts/me/totp/confirm`. A second call before that replaces the secret.
   */
  addTotp(options: CallOptions = {}): Promise<TotpBody> {
    return this.call<TotpBody>(
      {
        method: "POST",
        path: "/accounts/me/totp",
        signIn: true,
      },
      options,
    );
  }

  /**
   * Remove the authenticator app.
   *
   * It takes a code of the app, or a recovery code.
   */
  removeTotp(body: CodeInput, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "DELETE",
        path: "/accounts/me/totp",
        signIn: true,
        body,
      },
      options,
    );
  }

  /**
   * Confirm an authenticator app.
   *
   * From now on, sign-in asks for a code.
   */
  confirmTotp(body: CodeInput, options: CallOptions = {}): Promise<RecoveryCodesBody> {
    return this.call<RecoveryCodesBody>(
      {
        method: "POST",
        path: "/accounts/me/totp/confirm",
        signIn: true,
        body,
      },
      options,
    );
  }

  /**
   * Confirm an address.
   *
   * It opens the account that was asked for, or gives an account its new address. It needs the password that was
   * chosen at the registration, or the account's. So a letter that somebody else has asked for opens nothing of
   * theirs.
   */
  confirmEmail(token: string, body: ConfirmationInput, options: CallOptions = {}): Promise<Account> {
    return this.call<Account>(
      {
        method: "PUT",
        path: `/email-confirmations/${segment(token)}`,
        signIn: false,
        body,
      },
      options,
    );
  }

  /**
   * List freelancers.
   *
   * All freelancers, newest first, or those of one category, with one skill, or both.
   */
  listFreelancers(options: ListFreelancersOptions = {}): Promise<FreelancerPage> {
    return this.call<FreelancerPage>(
      {
        method: "GET",
        path: "/freelancers",
        signIn: false,
        query: {
          category: options.category,
          skill: options.skill,
          limit: options.limit,
          cursor: options.cursor,
        },
      },
      options,
    );
  }

  /** Every item of `listFreelancers`. Reads a page when the loop asks for it; `limit` is its size. */
  iterFreelancers(options: ListFreelancersOptions = {}): AsyncGenerator<Freelancer, void, void> {
    const read = (cursor: string | undefined) => this.listFreelancers({ ...options, cursor });
    return eachItem(read, options.cursor);
  }

  /** Read my profile. */
  getMyFreelancer(options: GetMyFreelancerOptions = {}): Promise<Freelancer> {
    return this.call<Freelancer>(
      {
        method: "GET",
        path: "/freelancers/me",
        signIn: true,
        headers: {
          "If-None-Match": options.ifNoneMatch,
        },
      },
      options,
    );
  }

  /**
   * Put my profile.
   *
   * Replaces the whole profile. Fields that are left out go back to their defaults. The first profile makes the
   * account a freelancer. Fields that are not part of the profile, such as `rating`, are ignored, so a client may
   * read a profile, edit it and put it back. A profile that is equal to the stored one changes nothing, not even
   * the `ETag`.
   */
  putMyFreelancer(body: FreelancerInput, options: PutMyFreelancerOptions = {}): Promise<Freelancer> {
    return this.call<Freelancer>(
      {
        method: "PUT",
        path: "/freelancers/me",
        signIn: true,
        headers: {
          "If-Match": options.ifMatch,
          "If-None-Match": options.ifNoneMatch,
        },
        body,
      },
      options,
    );
  }

  /**
   * Projects for me.
   *
   * Scores every open project that the freelancer is eligible for and has a wanted skill of. If there is no such
   * project, it scores every project that the freelancer is eligible for. A change may take a second to show.
   */
  listMyMatches(options: ListMyMatchesOptions = {}): Promise<FreelancerMatches> {
    return this.call<FreelancerMatches>(
      {
        method: "GET",
        path: "/freelancers/me/matches",
        signIn: true,
        query: {
          min_skill_overlap: options.minSkillOverlap,
          limit: options.limit,
          cursor: options.cursor,
        },
        headers: {
          "Accept-Language": options.acceptLanguage,
        },
      },
      options,
    );
  }

  /** Every item of `listMyMatches`. Reads a page when the loop asks for it; `limit` is its size. */
  iterMyMatches(options: ListMyMatchesOptions = {}): AsyncGenerator<FreelancerMatch, void, void> {
    const read = (cursor: string | undefined) => this.listMyMatches({ ...options, cursor });
    return eachItem(read, options.cursor);
  }

  /**
   * How to rank higher for a project.
   *
   * Ranks all eligible freelancers with enough of the project's skills, and ranks them again with each wanted
   * skill that the freelancer does not name yet.
   */
  getMyAdvice(projectId: string, options: GetMyAdviceOptions = {}): Promise<Advice> {
    return this.call<Advice>(
      {
        method: "GET",
        path: `/freelancers/me/matches/${segment(projectId)}/advice`,
        signIn: true,
        query: {
          min_skill_overlap: options.minSkillOverlap,
        },
        headers: {
          "Accept-Language": options.acceptLanguage,
        },
      },
      options,
    );
  }

  /** Read a freelancer. */
  getFreelancer(id: string, options: GetFreelancerOptions = {}): Promise<Freelancer> {
    return this.call<Freelancer>(
      {
        method: "GET",
        path: `/freelancers/${segment(id)}`,
        signIn: false,
        headers: {
          "If-None-Match": options.ifNoneMatch,
        },
      },
      options,
    );
  }

  /**
   * Check that the market answers.
   *
   * It needs no sign-in and reads no store.
   */
  getHealth(options: CallOptions = {}): Promise<Health> {
    return this.call<Health>(
      {
        method: "GET",
        path: "/health",
        signIn: false,
      },
      options,
    );
  }

  /**
   * Compare bids.
   *
   * Ranks up to 1,000 bids for a project by the probability that the client hires them. The request holds all
   * bids, and nothing is stored. If the project has `created_at` and the bid has `delay_minutes`, the bidder is
   * judged as of the time of the bid, otherwise as of now. The price counts for `eligible` alone. The answer
   * repeats the freelancers' ids, names, headlines, skills and prices. These may take 3,000,000 bytes, some 900
   * characters of Korean for each of 1,000 bids; a request with more gets `too_large`. API Gateway refuses a body
   * of more than about 6 MB with a 413 of its own; quotes and line breaks count twice.
   */
  compareBids(body: BidsInput, options: CompareBidsOptions = {}): Promise<Awards> {
    return this.call<Awards>(
      {
        method: "POST",
        path: "/matches/bids",
        signIn: false,
        headers: {
          "Accept-Language": options.acceptLanguage,
        },
        body,
      },
      options,
    );
  }

  /**
   * Score freelancers.
   *
   * Scores up to 1,000 freelancers for a project. The request holds all of them, and nothing is stored. The
   * freelancers of the request determine how rare a skill is, so scores of different requests compare only
   * roughly. The model determines how rare a word is. The answer repeats the freelancers' ids, names, headlines,
   * skills and prices. These may take 3,000,000 bytes, some 900 characters of Korean for each of 1,000
   * freelancers; a request with more gets `too_large`. API Gateway refuses a body of more than about 6 MB with a
   * 413 of its own; quotes and line breaks count twice.
   */
  scoreFreelancers(body: ScoreInput, options: ScoreFreelancersOptions = {}): Promise<Scores> {
    return this.call<Scores>(
      {
        method: "POST",
        path: "/matches/score",
        signIn: false,
        headers: {
          "Accept-Language": options.acceptLanguage,
        },
        body,
      },
      options,
    );
  }

  /**
   * Ask for a new password.
   *
   * The answer is the same whether the address has an account or not. If it has one, a letter with a link goes to
   * it.
   */
  requestPasswordReset(body: ForgottenPassword, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "POST",
        path: "/password-resets",
        signIn: false,
        body,
      },
      options,
    );
  }

  /**
   * Choose a new password.
   *
   * It ends every session of the account.
   */
  resetPassword(token: string, body: NewPassword, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "PUT",
        path: `/password-resets/${segment(token)}`,
        signIn: false,
        body,
      },
      options,
    );
  }

  /**
   * List projects.
   *
   * All open projects, newest first, or those of one category, with one skill, or both.
   */
  listProjects(options: ListProjectsOptions = {}): Promise<ProjectPage> {
    return this.call<ProjectPage>(
      {
        method: "GET",
        path: "/projects",
        signIn: false,
        query: {
          category: options.category,
          skill: options.skill,
          limit: options.limit,
          cursor: options.cursor,
        },
      },
      options,
    );
  }

  /** Every item of `listProjects`. Reads a page when the loop asks for it; `limit` is its size. */
  iterProjects(options: ListProjectsOptions = {}): AsyncGenerator<Project, void, void> {
    const read = (cursor: string | undefined) => this.listProjects({ ...options, cursor });
    return eachItem(read, options.cursor);
  }

  /**
   * Post a project.
   *
   * The project is open and belongs to the account. An account may own up to 200 open projects at a time, or as
   * many as the market is configured for.
   */
  postProject(body: ProjectInput, options: PostProjectOptions = {}): Promise<Project> {
    return this.call<Project>(
      {
        method: "POST",
        path: "/projects",
        signIn: true,
        headers: {
          "Idempotency-Key": options.idempotencyKey ?? newIdempotencyKey(),
        },
        body,
      },
      options,
    );
  }

  /** Read a project. */
  getProject(id: string, options: GetProjectOptions = {}): Promise<Project> {
    return this.call<Project>(
      {
        method: "GET",
        path: `/projects/${segment(id)}`,
        signIn: false,
        headers: {
          "If-None-Match": options.ifNoneMatch,
        },
      },
      options,
    );
  }

  /**
   * Change my project.
   *
   * A JSON merge patch (RFC 7396): fields that are left out stay, and null sets a field back to its default.
   * `status` opens or closes the project. A closed project is neither listed nor matched. A patch that changes
   * nothing writes nothing.
   */
  patchProject(id: string, body: ProjectPatch, options: PatchProjectOptions = {}): Promise<Project> {
    return this.call<Project>(
      {
        method: "PATCH",
        path: `/projects/${segment(id)}`,
        signIn: true,
        headers: {
          "If-Match": options.ifMatch,
          "If-None-Match": options.ifNoneMatch,
        },
        body,
      },
      options,
    );
  }

  /**
   * Freelancers for my project.
   *
   * Scores every eligible freelancer with one of the wanted skills. A freelancer is eligible if the project is
   * open, they share a language, the price is within the budget, and the freelancer is available. If no freelancer
   * has one of the skills, every eligible freelancer is scored. A change may take a second to show. All pages of a
   * ranking are ranked as of the time of the first page.
   */
  listProjectMatches(id: string, options: ListProjectMatchesOptions = {}): Promise<ProjectMatches> {
    return this.call<ProjectMatches>(
      {
        method: "GET",
        path: `/projects/${segment(id)}/matches`,
        signIn: true,
        query: {
          newcomers: options.newcomers,
          min_skill_overlap: options.minSkillOverlap,
          limit: options.limit,
          cursor: options.cursor,
        },
        headers: {
          "Accept-Language": options.acceptLanguage,
        },
      },
      options,
    );
  }

  /** Every item of `listProjectMatches`. Reads a page when the loop asks for it; `limit` is its size. */
  iterProjectMatches(id: string, options: ListProjectMatchesOptions = {}): AsyncGenerator<ProjectMatch, void, void> {
    const read = (cursor: string | undefined) => this.listProjectMatches(id, { ...options, cursor });
    return eachItem(read, options.cursor);
  }

  /** List my sessions. */
  listMySessions(options: CallOptions = {}): Promise<Sessions> {
    return this.call<Sessions>(
      {
        method: "GET",
        path: "/sessions",
        signIn: true,
      },
      options,
    );
  }

  /**
   * Sign in.
   *
   * An unknown address and a wrong password get the same answer after the same time.
   */
  signIn(body: SignInInput, options: CallOptions = {}): Promise<SessionBody> {
    return this.call<SessionBody>(
      {
        method: "POST",
        path: "/sessions",
        signIn: false,
        body,
      },
      options,
    );
  }

  /**
   * Prove who I am.
   *
   * Sensitive acts need a proof that is at most ten minutes old: changing the password or the address, a second
   * factor, the export and the deletion of the account. A sign-in is a proof, too. The answer opens a session in
   * the place of this one, whose tokens count no more.
   */
  proveIdentity(body: ProofInput, options: CallOptions = {}): Promise<SessionBody> {
    return this.call<SessionBody>(
      {
        method: "POST",
        path: "/sessions/current/proof",
        signIn: true,
        body,
      },
      options,
    );
  }

  /**
   * Refresh a session.
   *
   * A refresh token is good for one exchange. Using it again ends the session, because somebody else may have it.
   * A client that got no answer repeats the request with the same `Idempotency-Key` and gets the same tokens for
   * ten minutes, as long as it has not used the new one.
   */
  refreshSession(body: RefreshInput, options: RefreshSessionOptions = {}): Promise<SessionBody> {
    return this.call<SessionBody>(
      {
        method: "POST",
        path: "/sessions/refresh",
        signIn: false,
        headers: {
          "Idempotency-Key": options.idempotencyKey ?? newIdempotencyKey(),
        },
        body,
      },
      options,
    );
  }

  /**
   * End a session.
   *
   * `current` names the session of this request. The access tokens of an ended session change nothing any more,
   * and read for half a minute at most.
   */
  endSession(id: string, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "DELETE",
        path: `/sessions/${segment(id)}`,
        signIn: true,
      },
      options,
    );
  }
}
