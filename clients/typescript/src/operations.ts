// Generated from infra/openapi.json by clients/generate. Do not edit.

import { type Call, type CallOptions, eachItem, newIdempotencyKey, segment } from "./call.js";
import type {
  Account,
  AccountExport,
  AccountForStaff,
  Activity,
  ActivityPage,
  Advice,
  Awards,
  BidsInput,
  Closing,
  CodeInput,
  ConfirmationInput,
  ForgottenPassword,
  Freelancer,
  FreelancerInput,
  FreelancerMatch,
  FreelancerMatches,
  FreelancerPage,
  Health,
  Identities,
  JwksBody,
  MyAccount,
  NewEmail,
  NewPasskey,
  NewPassword,
  Passkey,
  PasskeyCreationOptions,
  PasskeyRequestOptions,
  PasskeySignInInput,
  Passkeys,
  PasswordChange,
  PersonalData,
  PersonalDataInput,
  Project,
  ProjectInput,
  ProjectMatch,
  ProjectMatches,
  ProjectPage,
  ProjectPatch,
  ProofInput,
  ProviderAuthorization,
  ProviderReply,
  RecoveryCodesBody,
  RefreshInput,
  RegistrationInput,
  RoleInput,
  RoundTripInput,
  ScoreInput,
  Scores,
  SessionBody,
  Sessions,
  SignInInput,
  SignInProviders,
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

/** Options of `listMyActivity`. */
export interface ListMyActivityOptions extends CallOptions {
  /** The most items to return. */
  limit?: number | undefined;
  /**
   * The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it out for the first
   * page.
   */
  cursor?: string | undefined;
}

/** Options of `exportMyAccount`. */
export interface ExportMyAccountOptions extends CallOptions {
  /** The most items to return. */
  limit?: number | undefined;
  /**
   * The `next_cursor` of the previous page, sent with the same parameters as that page. Leave it out for the first
   * page.
   */
  cursor?: string | undefined;
}

/** Options of `addMyPasskey`. */
export interface AddMyPasskeyOptions extends CallOptions {
  /**
   * 1 to 255 visible ASCII characters, new for each thing to create. A repeat of the same request within 24 hours
   * gets the first reply again, with `Idempotency-Replayed: true`, and has no further effect.
   */
  idempotencyKey?: string | undefined;
}

/** Options of `getMyPersonalData`. */
export interface GetMyPersonalDataOptions extends CallOptions {
  /** An `ETag` that the client has, or `*`. If it is the current one, the answer is 304 without a body. */
  ifNoneMatch?: string | undefined;
}

/** Options of `putMyPersonalData`. */
export interface PutMyPersonalDataOptions extends CallOptions {
  /**
   * The `ETag` of the version that the change is based on, or `*` for any version. If it is not the current one,
   * the answer is 412.
   */
  ifMatch?: string | undefined;
  /** `*` writes only if nothing is stored yet. */
  ifNoneMatch?: string | undefined;
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

/** Options of `deleteMyFreelancer`. */
export interface DeleteMyFreelancerOptions extends CallOptions {
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

/** Options of `deleteProject`. */
export interface DeleteProjectOptions extends CallOptions {
  /**
   * The `ETag` of the version that the change is based on, or `*` for any version. If it is not the current one,
   * the answer is 412.
   */
  ifMatch?: string | undefined;
  /** `*` writes only if nothing is stored yet. */
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
   * Delete my account.
   *
   * The account is erased after thirty days. Until then it is closing: its other sessions end at once, its profile
   * and its open projects are withdrawn within a minute, and it can post nothing. Its owner can sign in and keep
   * it: `POST /accounts/me/restore`. Repeating this changes nothing. It needs a recent proof of identity.
   */
  deleteMyAccount(options: CallOptions = {}): Promise<Closing> {
    return this.call<Closing>(
      {
        method: "DELETE",
        path: "/accounts/me",
        signIn: true,
      },
      options,
    );
  }

  /**
   * List my activity.
   *
   * It shows the acts on your account that matter for its security, newest first. Nobody can change or delete an
   * entry.
   */
  listMyActivity(options: ListMyActivityOptions = {}): Promise<ActivityPage> {
    return this.call<ActivityPage>(
      {
        method: "GET",
        path: "/accounts/me/audit",
        signIn: true,
        query: {
          limit: options.limit,
          cursor: options.cursor,
        },
      },
      options,
    );
  }

  /** Every item of `listMyActivity`. Reads a page when the loop asks for it; `limit` is its size. */
  iterMyActivity(options: ListMyActivityOptions = {}): AsyncGenerator<Activity, void, void> {
    const read = (cursor: string | undefined) => this.listMyActivity({ ...options, cursor });
    return eachItem(read, options.cursor);
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
   * Download my data.
   *
   * Everything that the market keeps about the account, without secrets. The answer holds at most 100 projects,
   * and fewer if their texts are long. `next_cursor` then leads to the next part. It needs a recent proof of
   * identity.
   */
  exportMyAccount(options: ExportMyAccountOptions = {}): Promise<AccountExport> {
    return this.call<AccountExport>(
      {
        method: "GET",
        path: "/accounts/me/export",
        signIn: true,
        query: {
          limit: options.limit,
          cursor: options.cursor,
        },
      },
      options,
    );
  }

  /** List my accounts at providers. */
  listMyIdentities(options: CallOptions = {}): Promise<Identities> {
    return this.call<Identities>(
      {
        method: "GET",
        path: "/accounts/me/identities",
        signIn: true,
      },
      options,
    );
  }

  /**
   * Link an account at a provider.
   *
   * Begin with `POST /accounts/me/identities/{id}/authorizations` and `"purpose": "link"`. It needs a recent proof
   * of identity.
   */
  linkIdentity(id: string, body: ProviderReply, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "POST",
        path: `/accounts/me/identities/${segment(id)}`,
        signIn: true,
        body,
      },
      options,
    );
  }

  /**
   * Unlink an account at a provider.
   *
   * Its sessions stay. The last way to sign in cannot be removed. It needs a recent proof of identity.
   */
  unlinkIdentity(id: string, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "DELETE",
        path: `/accounts/me/identities/${segment(id)}`,
        signIn: true,
      },
      options,
    );
  }

  /**
   * Begin a round trip to a provider.
   *
   * It is for people who have signed in: to link an account at the provider, or to prove who they are. The rest is
   * as with `POST /sign-in-providers/{id}/authorizations`.
   */
  beginWithProvider(id: string, body: RoundTripInput, options: CallOptions = {}): Promise<ProviderAuthorization> {
    return this.call<ProviderAuthorization>(
      {
        method: "POST",
        path: `/accounts/me/identities/${segment(id)}/authorizations`,
        signIn: true,
        body,
      },
      options,
    );
  }

  /** List my passkeys. */
  listMyPasskeys(options: CallOptions = {}): Promise<Passkeys> {
    return this.call<Passkeys>(
      {
        method: "GET",
        path: "/accounts/me/passkeys",
        signIn: true,
      },
      options,
    );
  }

  /**
   * Add a passkey.
   *
   * From now on, it signs in alone. It needs a recent proof of identity.
   */
  addMyPasskey(body: NewPasskey, options: AddMyPasskeyOptions = {}): Promise<Passkey> {
    return this.call<Passkey>(
      {
        method: "POST",
        path: "/accounts/me/passkeys",
        signIn: true,
        headers: {
          "Idempotency-Key": options.idempotencyKey ?? newIdempotencyKey(),
        },
        body,
      },
      options,
    );
  }

  /**
   * Ask for a challenge to add a passkey.
   *
   * The challenge counts once, within five minutes, for `POST /accounts/me/passkeys`. It needs a recent proof of
   * identity.
   */
  beginMyPasskey(options: CallOptions = {}): Promise<PasskeyCreationOptions> {
    return this.call<PasskeyCreationOptions>(
      {
        method: "POST",
        path: "/accounts/me/passkeys/challenges",
        signIn: true,
      },
      options,
    );
  }

  /**
   * Remove a passkey.
   *
   * It signs in no more. The account keeps its password or a provider, so no removal locks its owner out. It needs
   * a recent proof of identity.
   */
  removeMyPasskey(id: string, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "DELETE",
        path: `/accounts/me/passkeys/${segment(id)}`,
        signIn: true,
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
   * Read my personal data.
   *
   * Every part may be absent. Of the payout account, only the last four characters are shown.
   */
  getMyPersonalData(options: GetMyPersonalDataOptions = {}): Promise<PersonalData> {
    return this.call<PersonalData>(
      {
        method: "GET",
        path: "/accounts/me/personal-data",
        signIn: true,
        headers: {
          "If-None-Match": options.ifNoneMatch,
        },
      },
      options,
    );
  }

  /**
   * Save my personal data.
   *
   * It replaces all of them. The masked payout account that was read keeps the stored one. It needs a recent proof
   * of identity.
   */
  putMyPersonalData(body: PersonalDataInput, options: PutMyPersonalDataOptions = {}): Promise<PersonalData> {
    return this.call<PersonalData>(
      {
        method: "PUT",
        path: "/accounts/me/personal-data",
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
   * Keep my account.
   *
   * The account is not erased, and within a minute its profile and its projects are shown again as they were.
   * Repeating this changes nothing.
   */
  restoreMyAccount(options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "POST",
        path: "/accounts/me/restore",
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
   * It takes a code of the app, or a recovery code. It needs a recent proof of identity.
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
   * Read an account.
   *
   * For the market's support. The reading is recorded in the account's trail. It needs a session with a second
   * factor.
   */
  getAccount(id: string, options: CallOptions = {}): Promise<AccountForStaff> {
    return this.call<AccountForStaff>(
      {
        method: "GET",
        path: `/accounts/${segment(id)}`,
        signIn: true,
      },
      options,
    );
  }

  /**
   * Lock an account.
   *
   * Its sessions end, and a sign-in with the right password answers 403 `account_locked`. Locking twice does no
   * harm. It needs a session with a second factor.
   */
  lockAccount(id: string, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "POST",
        path: `/accounts/${segment(id)}/lock`,
        signIn: true,
      },
      options,
    );
  }

  /**
   * Give a role.
   *
   * The account's sessions have the role at once. The last admin keeps the role. It needs a session with a second
   * factor.
   */
  giveRole(id: string, body: RoleInput, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "PUT",
        path: `/accounts/${segment(id)}/role`,
        signIn: true,
        body,
      },
      options,
    );
  }

  /**
   * Unlock an account.
   *
   * Its owner can sign in again. It needs a session with a second factor.
   */
  unlockAccount(id: string, options: CallOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "POST",
        path: `/accounts/${segment(id)}/unlock`,
        signIn: true,
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
   * Delete my profile.
   *
   * The freelancer leaves the lists and the matches, and the track record goes with the profile. The account
   * stays, and may put a new profile.
   */
  deleteMyFreelancer(options: DeleteMyFreelancerOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "DELETE",
        path: "/freelancers/me",
        signIn: true,
        headers: {
          "If-Match": options.ifMatch,
          "If-None-Match": options.ifNoneMatch,
        },
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
   * Delete my project.
   *
   * The project leaves the lists and the matches, and cannot be read any more.
   */
  deleteProject(id: string, options: DeleteProjectOptions = {}): Promise<undefined> {
    return this.call<undefined>(
      {
        method: "DELETE",
        path: `/projects/${segment(id)}`,
        signIn: true,
        headers: {
          "If-Match": options.ifMatch,
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
   * Prove who I am with a provider.
   *
   * It counts as `POST /sessions/current/proof`, and its answer is the same. Begin with `POST
   * /accounts/me/identities/{id}/authorizations` and `"purpose": "proof"`. The provider asks for a new sign-in; a
   * provider that does not tell its time proves nothing.
   */
  proveIdentityWith(id: string, body: ProviderReply, options: CallOptions = {}): Promise<SessionBody> {
    return this.call<SessionBody>(
      {
        method: "POST",
        path: `/sessions/current/proof/providers/${segment(id)}`,
        signIn: true,
        body,
      },
      options,
    );
  }

  /**
   * Ask for a challenge to prove who I am.
   *
   * The browser lets the person choose among the passkeys that the device has for this site. The challenge counts
   * once, within five minutes, for `POST /sessions/passkeys` or `POST /sessions/current/proof`.
   */
  beginPasskeySignIn(options: CallOptions = {}): Promise<PasskeyRequestOptions> {
    return this.call<PasskeyRequestOptions>(
      {
        method: "POST",
        path: "/sessions/passkey-challenges",
        signIn: false,
      },
      options,
    );
  }

  /**
   * Sign in with a passkey.
   *
   * It needs no address, no password and no code. Every answer that proves nothing is refused in the same way.
   */
  signInWithPasskey(body: PasskeySignInInput, options: CallOptions = {}): Promise<SessionBody> {
    return this.call<SessionBody>(
      {
        method: "POST",
        path: "/sessions/passkeys",
        signIn: false,
        body,
      },
      options,
    );
  }

  /**
   * Sign in with a provider.
   *
   * The first sign-in opens an account, if the provider vouches for an e-mail address that has none. An account
   * with this address is never taken over: its owner signs in otherwise and links the provider.
   *
   * If the account has a second factor, the first request answers `second_factor_required`. Repeat it with `code`.
   */
  signInWith(id: string, body: ProviderReply, options: CallOptions = {}): Promise<SessionBody> {
    return this.call<SessionBody>(
      {
        method: "POST",
        path: `/sessions/providers/${segment(id)}`,
        signIn: false,
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

  /**
   * List the providers to sign in with.
   *
   * The list is empty if the market has none.
   */
  listSignInProviders(options: CallOptions = {}): Promise<SignInProviders> {
    return this.call<SignInProviders>(
      {
        method: "GET",
        path: "/sign-in-providers",
        signIn: false,
      },
      options,
    );
  }

  /**
   * Begin to sign in with a provider.
   *
   * Send the browser to `authorization_url`. The provider sends it back, and `GET /sign-in-
   * providers/{id}/callback` leads it to the page with `state`, `authorization_code` and perhaps `iss`. Send these
   * to `POST /sessions/providers/{id}`. A cookie ties all of this to the browser.
   */
  beginSignInWith(id: string, options: CallOptions = {}): Promise<ProviderAuthorization> {
    return this.call<ProviderAuthorization>(
      {
        method: "POST",
        path: `/sign-in-providers/${segment(id)}/authorizations`,
        signIn: false,
      },
      options,
    );
  }
}
