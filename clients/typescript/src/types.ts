// Generated from infra/openapi.json by clients/generate. Do not edit.

export interface components {
    schemas: {
        /**
         * @description An account, as its owner reads it.
         * @example {
         *       "created_at": "2026-11-01T09:00:00Z",
         *       "display_name": "김민아",
         *       "email": "mina@example.com",
         *       "id": "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B"
         *     }
         */
        Account: {
            /**
             * Format: date-time
             * @description The time of registration.
             */
            created_at: string;
            /** @description The name shown to others. */
            display_name: components["schemas"]["DisplayName"];
            /** @description The address as it was sent. */
            email: components["schemas"]["Email"];
            /**
             * Format: date-time
             * @description When the account is erased. Absent unless it is closing.
             */
            erased_at?: string | null;
            /** @description The account. */
            id: components["schemas"]["AccountId"];
        };
        /** @description Everything that the market keeps about an account. */
        AccountExport: {
            /** @description The account. */
            account: components["schemas"]["Account"];
            /**
             * Format: date-time
             * @description The time of this export.
             */
            exported_at: string;
            freelancer: components["schemas"]["FreelancerExport"] | null;
            /** @description The accounts at providers that the account signs in with. */
            identities: components["schemas"]["Identity"][];
            /** @description The `cursor` of the next part, which holds further projects; null if this is the last part. */
            next_cursor: string | null;
            /** @description The passkeys without their keys. */
            passkeys: components["schemas"]["Passkey"][];
            /** @description Legal name, phone and payout account, as they were given. */
            personal_data: components["schemas"]["PersonalData"];
            /** @description The projects, open or closed, newest first, as they are stored. */
            projects: Record<string, never>[];
            /**
             * @description The role of the account in the market.
             * @example member
             */
            role: string;
            second_factor: components["schemas"]["SecondFactorExport"] | null;
            /** @description The devices that are signed in. */
            sessions: components["schemas"]["SessionExport"][];
        };
        /**
         * @description An account, as the support reads it.
         * @example {
         *       "created_at": "2026-11-01T09:00:00Z",
         *       "display_name": "김민아",
         *       "email": "m•••@example.com",
         *       "has_second_factor": true,
         *       "id": "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
         *       "is_locked": false,
         *       "role": "member",
         *       "sessions": 2
         *     }
         */
        AccountForStaff: {
            /**
             * Format: date-time
             * @description The time of registration.
             */
            created_at: string;
            /** @description The name shown to others. */
            display_name: components["schemas"]["DisplayName"];
            /** @description The address, with all but the first character and the domain hidden. */
            email?: string | null;
            /** @description Whether signing in takes a code. */
            has_second_factor: boolean;
            /** @description The account. */
            id: components["schemas"]["AccountId"];
            /** @description Whether the support locked it. */
            is_locked: boolean;
            /** @description The role. */
            role: components["schemas"]["Role"];
            /** @description The number of devices that are signed in. */
            sessions: number;
        };
        /** @description The id of an account. */
        AccountId: string;
        /**
         * @description An act on the account.
         * @example {
         *       "act": "signed_in",
         *       "at": "2026-11-01T09:00:00Z",
         *       "by": "owner",
         *       "is_same_network": true,
         *       "network": "b0mYx4mWyzK2Qn1d",
         *       "sequence": 7,
         *       "session_id": "ses_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
         *       "subject": "password+totp"
         *     }
         */
        Activity: {
            /** @description The act, such as `signed_in`, `session_ended`, `password_changed`. Later versions may add names. */
            act: string;
            /**
             * Format: date-time
             * @description The time.
             */
            at: string;
            /** @description The actor. */
            by: components["schemas"]["By"];
            /** @description Whether this request comes from the same network. */
            is_same_network: boolean;
            /** @description A pseudonym of the actor's network. Equal networks have equal pseudonyms. */
            network: string;
            /**
             * Format: int64
             * @description The number of the act in the account's trail, from 1.
             */
            sequence: number;
            /** @description The session of the act. */
            session_id?: string | null;
            /** @description The thing that the act concerns: the factors of a sign-in, the session that ended. */
            subject?: string | null;
        };
        /** @description One page of the acts on an account. */
        ActivityPage: {
            /** @description The acts, newest first. */
            items: components["schemas"]["Activity"][];
            /** @description The `cursor` of the next page; null at the end of the list. */
            next_cursor: string | null;
        };
        /** @description The freelancer's rank for a project, and the rank with each wanted skill that the profile does not name. */
        Advice: {
            /** @description The model that ranked. */
            model: components["schemas"]["Model"];
            /**
             * @description Why the project does not list the freelancer at any rank: `project_closed`, `own_project`, `unavailable`,
             *     `no_shared_language`, `other_currency`, `above_budget` or `too_few_skills`. Null if it does.
             * @example above_budget
             */
            obstacle: string | null;
            /**
             * @description The obstacle as a sentence in the language that `Accept-Language` prefers.
             * @example You charge more than the project pays
             */
            obstacle_sentence: string | null;
            /**
             * @description The project.
             * @example prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0
             */
            project_id: string;
            /**
             * @description The freelancer's rank among all eligible freelancers with enough of the skills; 1 is the best. A closed project
             *     is ranked as if it were open. A freelancer with `too_few_skills` is not listed at this rank.
             * @example 14
             */
            rank: number;
            /**
             * Format: float
             * @description The freelancer's score.
             * @example 0.12
             */
            score: number;
            /** @description The wanted skills that the profile does not name, the most helpful first. */
            skills: components["schemas"]["SkillAdvice"][];
        };
        /** Format: int64 */
        Amount: number;
        /** @description A bid among the others. */
        Award: {
            /** @description Whether the market would match the two: by languages, budget, the project's status and availability. */
            eligible: boolean;
            /** @description The bidder. */
            freelancer: components["schemas"]["FreelancerRecordSummary"];
            /** @description The bid's index in the request, from 0. */
            index: number;
            /**
             * Format: float
             * @description The probability that the client hires this bidder, if one of them is hired. The probabilities of all bids add up
             *     to 1.
             * @example 0.64
             */
            probability: number;
            /** @description The fourteen numbers behind the probability. */
            reasons: components["schemas"]["AwardReason"][];
        };
        /**
         * @description The effect of one of fourteen numbers on a bid's probability.
         * @example {
         *       "contribution": 0.41,
         *       "feature": "words",
         *       "sentence": "A message of 73 different words",
         *       "value": 4.3
         *     }
         */
        AwardReason: {
            /**
             * Format: float
             * @description How much the number raises the log-odds of the bid above the mean of all bids. A negative number lowers them.
             * @example 0.41
             */
            contribution: number;
            /**
             * @description The ten numbers of a match, then `delay` (ln(1 + minutes)), `words` (ln(1 + different words), at most 150
             *     words), `similarity` (of the message and the project, 0 to 1) and `earlier_bids` (ln(1 + bids)). All fourteen
             *     are always there, in this order.
             * @example words
             */
            feature: string;
            /**
             * @description The number as a sentence in the language that `Accept-Language` prefers: English or Korean.
             * @example A message of 73 different words
             */
            sentence: string;
            /**
             * Format: float
             * @description The number; null if it is unknown.
             * @example 4.3
             */
            value: number | null;
        };
        /** @description The bids of the request, the likeliest to be hired first. */
        Awards: {
            /** @description One item for each bid. Equally likely bids stay in the order of the request. */
            items: components["schemas"]["Award"][];
            /** @description The model that compared them. */
            model: components["schemas"]["Model"];
        };
        /**
         * @description A bid to be compared with others.
         * @example {
         *       "delay_minutes": 95,
         *       "freelancer": {
         *         "headline": "Payment back ends in Rust",
         *         "id": "crm-4711",
         *         "skills": [
         *           "Rust",
         *           "DynamoDB"
         *         ]
         *       },
         *       "message": "I moved a payment gateway to Rust last year and can start on Monday. First I would …"
         *     }
         */
        Bid: {
            delay_minutes?: components["schemas"]["Minutes"] | null;
            /** @description The freelancer who bids. */
            freelancer: components["schemas"]["FreelancerRecord"];
            message?: components["schemas"]["Message"] | null;
        };
        BidBatch: components["schemas"]["Bid"][];
        /** @description A project and all the bids for it. */
        BidsInput: {
            /** @description All the bids for it, in any order. */
            bids: components["schemas"]["BidBatch"];
            /** @description The project. */
            project: components["schemas"]["ProjectRecord"];
        };
        Bio: string;
        /**
         * @description The client's budget, by the hour or for the whole: a range, or an upper limit alone.
         * @example {
         *       "currency": "KRW",
         *       "kind": "hourly",
         *       "max": 60000,
         *       "min": 30000
         *     }
         */
        Budget: {
            /** @description The currency of both. */
            currency: components["schemas"]["Currency"];
            /** @description Whether the budget pays for an hour or for the project. */
            kind: components["schemas"]["BudgetKind"];
            /** @description The most the client pays, in minor units of the currency. At least `min`. */
            max: components["schemas"]["Amount"];
            min?: components["schemas"]["Amount"] | null;
        };
        /**
         * @description The work that a budget pays.
         * @enum {string}
         */
        BudgetKind: "hourly" | "fixed";
        /**
         * @description The actor of an act, as the owner of the account reads it.
         * @enum {string}
         */
        By: "owner" | "staff" | "system";
        Category: string;
        /**
         * @description When the account is erased.
         * @example {
         *       "erased_at": "2026-12-30T09:00:00Z"
         *     }
         */
        Closing: {
            /**
             * Format: date-time
             * @description From then on nobody can sign in, and everything of the account is erased.
             */
            erased_at: string;
        };
        /**
         * @description A code.
         * @example {
         *       "code": "287082"
         *     }
         */
        CodeInput: {
            /** @description Six digits of the app, or a recovery code. */
            code: string;
        };
        /**
         * @description The password that belongs to the confirmed address.
         * @example {
         *       "password": "열려라 참깨 2026"
         *     }
         */
        ConfirmationInput: {
            /**
             * Format: password
             * @description The password of the registration, or of the account that moves.
             */
            password: string;
        };
        /**
         * @description A country, two letters of ISO 3166-1.
         * @example KR
         */
        Country: string;
        /** @description An active ISO 4217 currency code, in capitals. */
        Currency: string;
        /**
         * Format: date
         * @description A calendar day, in the one spelling of an RFC 3339 full-date: `2026-12-01`.
         */
        Day: string;
        Description: string;
        DisplayName: string;
        /** Format: email */
        Email: string;
        ForeignId: string;
        /**
         * @description The address whose password was forgotten.
         * @example {
         *       "email": "mina@example.com"
         *     }
         */
        ForgottenPassword: {
            email: components["schemas"]["Email"];
        };
        /**
         * @description A freelancer.
         * @example {
         *       "bio": "12년째 금융권 서버를 만들고 있습니다. I answer in Korean and English.",
         *       "category": "Software",
         *       "completed_jobs": 31,
         *       "created_at": "2026-11-01T09:00:00Z",
         *       "display_name": "김민아",
         *       "headline": "Rust로 결제 시스템을 만드는 백엔드 개발자",
         *       "hire_rate": 0.42,
         *       "hourly_rate": {
         *         "amount": 65000,
         *         "currency": "KRW"
         *       },
         *       "id": "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
         *       "languages": [
         *         "ko",
         *         "en-GB"
         *       ],
         *       "last_active_at": "2026-11-20T08:30:00Z",
         *       "rating": 4.8,
         *       "response_minutes": 35,
         *       "skills": [
         *         "Rust",
         *         "DynamoDB",
         *         "결제 시스템"
         *       ],
         *       "timezone": "Asia/Seoul",
         *       "updated_at": "2026-11-20T08:30:00Z",
         *       "weekly_hours": 30,
         *       "years_experience": 12
         *     }
         */
        Freelancer: components["schemas"]["FreelancerInput"] & {
            /**
             * Format: int32
             * @description How many jobs were completed here.
             */
            completed_jobs: number;
            /**
             * Format: date-time
             * @description The time when the profile was first saved.
             */
            created_at: string;
            /** @description The account's name. */
            display_name: components["schemas"]["DisplayName"];
            /**
             * Format: double
             * @description The share of bids that were won, 0 to 1; null before the first bid.
             */
            hire_rate: number | null;
            /** @description The freelancer's id, which is the account's id. */
            id: components["schemas"]["AccountId"];
            /**
             * Format: date-time
             * @description The last time the freelancer did something in the market.
             */
            last_active_at: string | null;
            /**
             * Format: double
             * @description The mean rating, 0 to 5 stars; null before the first.
             */
            rating: number | null;
            /**
             * Format: double
             * @description The median time to an answer, in minutes; null before the first.
             */
            response_minutes: number | null;
            /**
             * Format: date-time
             * @description The last change of any of these fields.
             */
            updated_at: string;
        };
        /** @description A freelancer, as it is stored. */
        FreelancerExport: {
            /** @description The profile, with its times. */
            profile: Record<string, never>;
            /** @description The numbers of the past. */
            track_record: Record<string, never>;
            /** @description The rest of the past, by which projects are matched. */
            work_history: Record<string, never>;
        };
        /**
         * @description The complete profile. It replaces the previous one.
         * @example {
         *       "bio": "12년째 금융권 서버를 만들고 있습니다. I answer in Korean and English.",
         *       "category": "Software",
         *       "headline": "Rust로 결제 시스템을 만드는 백엔드 개발자",
         *       "hourly_rate": {
         *         "amount": 65000,
         *         "currency": "KRW"
         *       },
         *       "languages": [
         *         "ko",
         *         "en-GB"
         *       ],
         *       "skills": [
         *         "Rust",
         *         "DynamoDB",
         *         "결제 시스템"
         *       ],
         *       "timezone": "Asia/Seoul",
         *       "weekly_hours": 30,
         *       "years_experience": 12
         *     }
         */
        FreelancerInput: {
            bio?: components["schemas"]["Bio"] | null;
            /** @description The field of work: any words. */
            category: components["schemas"]["Category"];
            /** @description The offer in one line. Any text that is not blank. */
            headline: components["schemas"]["Headline"];
            hourly_rate?: components["schemas"]["Money"] | null;
            languages?: components["schemas"]["Languages"] | null;
            /** @description The freelancer's skills. */
            skills: components["schemas"]["Skills"];
            timezone?: components["schemas"]["Timezone"] | null;
            weekly_hours?: components["schemas"]["WeeklyHours"] | null;
            years_experience?: components["schemas"]["YearsOfExperience"] | null;
        };
        /** @description A project for the freelancer. */
        FreelancerMatch: components["schemas"]["Judgement"] & {
            /** @description The project. */
            project: components["schemas"]["ProjectSummary"];
        };
        /** @description Projects for a freelancer, best first. */
        FreelancerMatches: {
            /**
             * @description The freelancer.
             * @example usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B
             */
            freelancer_id: string;
            /** @description The page, best first. */
            items: components["schemas"]["FreelancerMatch"][];
            /** @description The model that ranked. */
            model: components["schemas"]["Model"];
            /** @description The `cursor` of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * @description The number of scored projects: the open ones that the freelancer is eligible for and has enough of the skills
             *     for (`min_skill_overlap`).
             * @example 57
             */
            pool_size: number;
        };
        /** @description One page of a list. */
        FreelancerPage: {
            /** @description Newest first. A page may hold fewer than `limit` before the end is reached. */
            items: components["schemas"]["Freelancer"][];
            /** @description The `cursor` of the next page; null at the end of the list. */
            next_cursor: string | null;
        };
        /**
         * @description A freelancer to be scored. The skills are enough; the rest makes scores better.
         * @example {
         *       "completed_jobs": 31,
         *       "display_name": "Mina Kim",
         *       "headline": "Payment back ends in Rust",
         *       "hire_rate": 0.42,
         *       "hourly_rate": {
         *         "amount": 65000,
         *         "currency": "KRW"
         *       },
         *       "id": "crm-4711",
         *       "languages": [
         *         "ko",
         *         "en"
         *       ],
         *       "last_active_at": "2026-11-20T08:30:00Z",
         *       "rating": 4.8,
         *       "response_minutes": 35,
         *       "skills": [
         *         "Rust",
         *         "DynamoDB"
         *       ]
         *     }
         */
        FreelancerRecord: {
            bio?: components["schemas"]["Bio"] | null;
            category?: components["schemas"]["Category"] | null;
            completed_jobs?: components["schemas"]["JobCount"] | null;
            display_name?: components["schemas"]["DisplayName"] | null;
            headline?: components["schemas"]["Headline"] | null;
            hire_rate?: components["schemas"]["Share"] | null;
            hourly_rate?: components["schemas"]["Money"] | null;
            id?: components["schemas"]["ForeignId"] | null;
            languages?: components["schemas"]["Languages"] | null;
            last_active_at?: components["schemas"]["Time"] | null;
            rating?: components["schemas"]["Stars"] | null;
            response_minutes?: components["schemas"]["Minutes"] | null;
            /** @description The freelancer's skills. */
            skills: components["schemas"]["Skills"];
            timezone?: components["schemas"]["Timezone"] | null;
            weekly_hours?: components["schemas"]["WeeklyHours"] | null;
            years_experience?: components["schemas"]["YearsOfExperience"] | null;
        };
        FreelancerRecordBatch: components["schemas"]["FreelancerRecord"][];
        /** @description A freelancer of the request in brief. */
        FreelancerRecordSummary: {
            display_name: components["schemas"]["DisplayName"] | null;
            headline: components["schemas"]["Headline"] | null;
            hourly_rate: components["schemas"]["Money"] | null;
            id: components["schemas"]["ForeignId"] | null;
            /** @description The freelancer's skills. */
            skills: components["schemas"]["Skills"];
        };
        /** @description A freelancer in brief. */
        FreelancerSummary: {
            /** @description The account's name. */
            display_name: components["schemas"]["DisplayName"];
            /** @description The offer in one line. */
            headline: components["schemas"]["Headline"];
            hourly_rate: components["schemas"]["Money"] | null;
            /** @description The freelancer. */
            id: components["schemas"]["AccountId"];
            /** @description The freelancer's skills. */
            skills: components["schemas"]["Skills"];
        };
        Headline: string;
        /** @description The function is up. */
        Health: {
            /**
             * @description Always `ok`: a broken function does not answer.
             * @example ok
             */
            status: string;
            /**
             * @description The release that answers.
             * @example 0.1.0
             */
            version: string;
        };
        /** @description The ways to sign in. */
        Identities: {
            /** @description Whether the account has a password. */
            has_password: boolean;
            /** @description The accounts at providers, at most one of each. */
            items: components["schemas"]["Identity"][];
        };
        /**
         * @description An account at a provider.
         * @example {
         *       "email": "mina@example.com",
         *       "linked_at": "2026-11-01T09:00:00Z",
         *       "provider": {
         *         "id": "google",
         *         "name": "Google"
         *       }
         *     }
         */
        Identity: {
            /** @description The address there, at the time of linking. */
            email?: string | null;
            /**
             * Format: date-time
             * @description The time of linking.
             */
            linked_at: string;
            /** @description The provider. */
            provider: components["schemas"]["SignInProvider"];
        };
        /** Format: int64 */
        JobCount: number;
        /** @description The net's score of a pair, with reasons. */
        Judgement: {
            /**
             * Format: float
             * @description The log-odds of a pair without any known number.
             * @example -3.9
             */
            base_log_odds: number;
            /**
             * Format: float
             * @description The probability that the client hires if the freelancer proposes.
             * @example 0.57
             */
            client_choice: number;
            /**
             * Format: float
             * @description The probability that the freelancer proposes if this ranking invites them.
             * @example 0.55
             */
            freelancer_interest: number;
            /**
             * Format: float
             * @description ln(score / (1 − score)).
             * @example -0.8
             */
            log_odds: number;
            /** @description The ten numbers behind the score. Their contributions add up to `log_odds` − `base_log_odds`. */
            reasons: components["schemas"]["Reason"][];
            /**
             * Format: float
             * @description The probability that the freelancer proposes and the client hires: the product of the two probabilities below.
             * @example 0.31
             */
            score: number;
        };
        /** @description A public key as a JSON Web Key. */
        Jwk: {
            /**
             * @description The algorithm.
             * @example ES256
             */
            alg?: string | null;
            /**
             * @description The curve.
             * @example P-256
             */
            crv: string;
            /**
             * @description The id of the key. Tokens name it in their header.
             * @example oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U
             */
            kid?: string | null;
            /**
             * @description The key type.
             * @example EC
             */
            kty: string;
            /**
             * @description The use of the key.
             * @example sig
             */
            use?: string | null;
            /**
             * @description The first coordinate, base64url.
             * @example f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU
             */
            x: string;
            /**
             * @description The second coordinate, base64url.
             * @example x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0
             */
            y: string;
        };
        /** @description A JSON Web Key Set (RFC 7517). */
        JwksBody: {
            /** @description The keys, each with the `kid` that tokens name in their header. */
            keys: components["schemas"]["Jwk"][];
        };
        /** @description A BCP 47 tag of a registered language. Only the language itself is compared: `en-GB` and `en-US` share one, and so do `iw` and `he`. */
        LanguageTag: string;
        Languages: components["schemas"]["LanguageTag"][];
        LegalName: string;
        Message: string;
        /** Format: double */
        Minutes: number;
        /**
         * @description The model that ranked.
         * @example {
         *       "version": "1-5f3a9c1e"
         *     }
         */
        Model: {
            /** @description The version of the weights. Equal versions give equal scores. */
            version: string;
        };
        /**
         * @description An amount of money.
         * @example {
         *       "amount": 45000,
         *       "currency": "KRW"
         *     }
         */
        Money: {
            /** @description Minor units of the currency: cents of EUR, won of KRW. */
            amount: components["schemas"]["Amount"];
            /** @description The currency. */
            currency: components["schemas"]["Currency"];
        };
        /** @description One's own account. */
        MyAccount: components["schemas"]["Account"] & {
            /** @description Whether signing in takes a code. */
            has_second_factor: boolean;
            /** @description How many recovery codes are left. */
            recovery_codes_left: number;
        };
        /**
         * @description A new address.
         * @example {
         *       "email": "mina.kim@example.com"
         *     }
         */
        NewEmail: {
            email: components["schemas"]["Email"];
        };
        /**
         * @description A new passkey.
         * @example {
         *       "credential": {
         *         "clientExtensionResults": {},
         *         "id": "M9Rrh4i3R0…",
         *         "rawId": "M9Rrh4i3R0…",
         *         "response": {
         *           "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRo…",
         *           "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRl…",
         *           "transports": [
         *             "internal"
         *           ]
         *         },
         *         "type": "public-key"
         *       },
         *       "name": "My phone"
         *     }
         */
        NewPasskey: {
            /** @description What `toJSON()` of the answer to `navigator.credentials.create()` gives. */
            credential: Record<string, never>;
            name: components["schemas"]["PasskeyName"];
        };
        /**
         * @description A new password.
         * @example {
         *       "password": "열려라 참깨 2026"
         *     }
         */
        NewPassword: {
            /** @description 8 to 128 characters of any kind, and not easily guessed. */
            password: components["schemas"]["Password"];
        };
        /**
         * @description A passkey.
         * @example {
         *       "created_at": "2026-11-01T09:00:00Z",
         *       "id": "pky_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
         *       "last_used_at": "2026-11-02T09:00:00Z",
         *       "name": "My phone"
         *     }
         */
        Passkey: {
            /**
             * Format: date-time
             * @description When it was added.
             */
            created_at: string;
            /** @description The passkey. */
            id: components["schemas"]["PasskeyId"];
            /**
             * Format: date-time
             * @description The last sign-in or proof with it. Absent if there was none.
             */
            last_used_at?: string | null;
            /** @description The name that its owner gave it. */
            name: components["schemas"]["PasskeyName"];
        };
        /** @description The options of a new passkey, for `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
        PasskeyCreationOptions: Record<string, never>;
        /** @description The id of a passkey. */
        PasskeyId: string;
        PasskeyName: string;
        /** @description The options of a proof, for `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
        PasskeyRequestOptions: Record<string, never>;
        /**
         * @description A passkey's answer.
         * @example {
         *       "cookie": true,
         *       "credential": {
         *         "clientExtensionResults": {},
         *         "id": "M9Rrh4i3R0…",
         *         "rawId": "M9Rrh4i3R0…",
         *         "response": {
         *           "authenticatorData": "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLH…",
         *           "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0Iiwi…",
         *           "signature": "MEUCIQDw…",
         *           "userHandle": "3fA9…"
         *         },
         *         "type": "public-key"
         *       }
         *     }
         */
        PasskeySignInInput: {
            /** @description Whether the refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`. */
            cookie?: boolean | null;
            /** @description What `toJSON()` of the answer to `navigator.credentials.get()` gives. */
            credential: Record<string, never>;
        };
        /** @description The passkeys of an account, at most ten. */
        Passkeys: {
            /** @description The passkeys, oldest first. */
            items: components["schemas"]["Passkey"][];
        };
        /** Format: password */
        Password: string;
        /**
         * @description The present password and a new one.
         * @example {
         *       "current_password": "열려라 참깨 2026",
         *       "password": "새벽 기차와 노란 등대"
         *     }
         */
        PasswordChange: {
            /**
             * Format: password
             * @description The password that counts until now.
             */
            current_password: string;
            /** @description 8 to 128 characters of any kind, and not easily guessed. */
            password: components["schemas"]["Password"];
        };
        /** @description A bank account: an IBAN, or a country, a bank code and an account number. */
        PayoutAccount: {
            /**
             * @description Country, check digits and account, without spaces.
             * @example DE89370400440532013000
             */
            iban: string;
        } | {
            /**
             * @description The number of the account, without dashes.
             * @example 12345678901234
             */
            account_number: string;
            /**
             * @description The code of the bank in its country, such as `004` in Korea, or its BIC.
             * @example 004
             */
            bank_code: string;
            /**
             * @description The country, ISO 3166-1.
             * @example KR
             */
            country: string;
        };
        /**
         * @description The personal data of an account. Every part may be absent.
         * @example {
         *       "legal_name": "김민아",
         *       "payout_account": {
         *         "account_number": "12345678901234",
         *         "bank_code": "004",
         *         "country": "KR"
         *       },
         *       "phone": "+821012345678"
         *     }
         */
        PersonalData: {
            legal_name?: components["schemas"]["LegalName"] | null;
            payout_account?: components["schemas"]["PayoutAccount"] | null;
            phone?: components["schemas"]["Phone"] | null;
        };
        /**
         * @description Personal data, as a request holds them.
         * @example {
         *       "legal_name": "김민아",
         *       "payout_account": {
         *         "account_number": "123456-78-901234",
         *         "bank_code": "004",
         *         "country": "KR"
         *       },
         *       "phone": "010-1234-5678",
         *       "phone_country": "KR"
         *     }
         */
        PersonalDataInput: {
            legal_name?: components["schemas"]["LegalName"] | null;
            payout_account?: components["schemas"]["PayoutAccount"] | null;
            /** @description A phone number with its country code, such as `+82 10-1234-5678`, or as it is dialled in `phone_country`. */
            phone?: string | null;
            phone_country?: components["schemas"]["Country"] | null;
        };
        /**
         * @description A phone number, `+` and 7 to 15 digits.
         * @example +821012345678
         */
        Phone: string;
        /** @description An error as clients read it (RFC 9457). */
        Problem: {
            /**
             * @description The kind of problem as a stable name.
             * @example validation_failed
             */
            code: string;
            /**
             * @description A sentence about this request. It may change between releases.
             * @example 1 field is not acceptable
             */
            detail: string;
            /** @description The wrong fields of the body, the first 1,000 of them. Left out if the body's fields are not the problem. */
            errors?: components["schemas"]["Violation"][];
            /**
             * @description The id of the request, as the log has it.
             * @example JKJaXmPLvHcESHA=
             */
            request_id?: string | null;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 422
             */
            status: number;
            /**
             * @description The kind of problem as a sentence.
             * @example Some fields are not acceptable
             */
            title: string;
            /**
             * @description A URI that names the kind of problem.
             * @example https://pairwork.dev/problems/validation_failed
             */
            type: string;
        };
        /**
         * @description A project.
         * @example {
         *       "budget": {
         *         "currency": "KRW",
         *         "kind": "hourly",
         *         "max": 80000,
         *         "min": 40000
         *       },
         *       "category": "Software",
         *       "created_at": "2026-11-20T08:30:00Z",
         *       "description": "결제 API를 새로 만듭니다. 문서는 한국어와 영어로 씁니다.",
         *       "expires_at": null,
         *       "id": "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0",
         *       "languages": [
         *         "ko",
         *         "en"
         *       ],
         *       "owner_id": "usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
         *       "skills": [
         *         "Rust",
         *         "DynamoDB"
         *       ],
         *       "starts_on": "2030-01-07",
         *       "status": "open",
         *       "timezone": "Asia/Seoul",
         *       "title": "Payment back end in Rust",
         *       "updated_at": "2026-11-20T08:30:00Z",
         *       "weekly_hours": 20
         *     }
         */
        Project: components["schemas"]["ProjectInput"] & {
            /**
             * Format: date-time
             * @description When it was posted.
             */
            created_at: string;
            /** @description The project. */
            id: components["schemas"]["ProjectId"];
            /** @description The client's account. */
            owner_id: components["schemas"]["AccountId"];
            /** @description Whether the project is listed and matched. */
            status: components["schemas"]["ProjectStatus"];
            /**
             * Format: date-time
             * @description The last change of any of these fields.
             */
            updated_at: string;
        };
        /** @description The id of a project. */
        ProjectId: string;
        /**
         * @description A project as its client describes it.
         * @example {
         *       "budget": {
         *         "currency": "KRW",
         *         "kind": "hourly",
         *         "max": 80000,
         *         "min": 40000
         *       },
         *       "category": "Software",
         *       "description": "결제 API를 새로 만듭니다. 문서는 한국어와 영어로 씁니다.",
         *       "languages": [
         *         "ko",
         *         "en"
         *       ],
         *       "skills": [
         *         "Rust",
         *         "DynamoDB"
         *       ],
         *       "starts_on": "2030-01-07",
         *       "timezone": "Asia/Seoul",
         *       "title": "Payment back end in Rust",
         *       "weekly_hours": 20
         *     }
         */
        ProjectInput: {
            budget?: components["schemas"]["Budget"] | null;
            /** @description The field of work: any words. */
            category: components["schemas"]["Category"];
            description?: components["schemas"]["Description"] | null;
            expires_at?: components["schemas"]["Time"] | null;
            languages?: components["schemas"]["Languages"] | null;
            /** @description The required skills. */
            skills: components["schemas"]["Skills"];
            starts_on?: components["schemas"]["Day"] | null;
            timezone?: components["schemas"]["Timezone"] | null;
            /** @description The work in one line. Any text that is not blank. */
            title: components["schemas"]["Title"];
            weekly_hours?: components["schemas"]["WeeklyHours"] | null;
        };
        /** @description A freelancer for the project. */
        ProjectMatch: components["schemas"]["Judgement"] & {
            /** @description The freelancer. */
            freelancer: components["schemas"]["FreelancerSummary"];
            /** @description Whether the freelancer is a newcomer, who has made no proposal and done no job. */
            newcomer: boolean;
        };
        /** @description Freelancers for a project, best first. */
        ProjectMatches: {
            /** @description The page, best first. */
            items: components["schemas"]["ProjectMatch"][];
            /** @description The model that ranked. */
            model: components["schemas"]["Model"];
            /** @description The `cursor` of the next page; null at the end. */
            next_cursor: string | null;
            /**
             * @description The number of scored freelancers: the eligible ones with enough of the wanted skills (`min_skill_overlap`).
             * @example 412
             */
            pool_size: number;
            /**
             * @description The project.
             * @example prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0
             */
            project_id: string;
        };
        /** @description One page of a list. */
        ProjectPage: {
            /** @description Newest first. A page may hold fewer than `limit` before the end is reached. */
            items: components["schemas"]["Project"][];
            /** @description The `cursor` of the next page; null at the end of the list. */
            next_cursor: string | null;
        };
        /** @description The members to change. Null sets an optional member back to its default. */
        ProjectPatch: {
            budget?: components["schemas"]["Budget"] | null;
            /** @description The field of work: any words. */
            category?: components["schemas"]["Category"];
            description?: components["schemas"]["Description"] | null;
            expires_at?: components["schemas"]["Time"] | null;
            languages?: components["schemas"]["Languages"] | null;
            /** @description The required skills. */
            skills?: components["schemas"]["Skills"];
            starts_on?: components["schemas"]["Day"] | null;
            /**
             * @description Whether a project still looks for a freelancer.
             * @enum {string}
             */
            status?: "open" | "closed" | "withdrawn";
            timezone?: components["schemas"]["Timezone"] | null;
            /** @description The work in one line. Any text that is not blank. */
            title?: components["schemas"]["Title"];
            weekly_hours?: components["schemas"]["WeeklyHours"] | null;
        };
        /**
         * @description A project to score freelancers for. Its skills are enough; the rest makes scores better.
         * @example {
         *       "budget": {
         *         "currency": "KRW",
         *         "kind": "hourly",
         *         "max": 80000,
         *         "min": 40000
         *       },
         *       "description": "Rust로 결제 서버를 다시 만듭니다.",
         *       "languages": [
         *         "ko"
         *       ],
         *       "skills": [
         *         "Rust",
         *         "결제 시스템"
         *       ],
         *       "title": "결제 시스템 개편"
         *     }
         */
        ProjectRecord: {
            budget?: components["schemas"]["Budget"] | null;
            category?: components["schemas"]["Category"] | null;
            created_at?: components["schemas"]["Time"] | null;
            description?: components["schemas"]["Description"] | null;
            languages?: components["schemas"]["Languages"] | null;
            /** @description The required skills. */
            skills: components["schemas"]["Skills"];
            status?: components["schemas"]["ProjectStatus"] | null;
            timezone?: components["schemas"]["Timezone"] | null;
            title?: components["schemas"]["Title"] | null;
            weekly_hours?: components["schemas"]["WeeklyHours"] | null;
        };
        /**
         * @description Whether a project still looks for a freelancer.
         * @enum {string}
         */
        ProjectStatus: "open" | "closed" | "withdrawn";
        /** @description A project in brief. */
        ProjectSummary: {
            budget: components["schemas"]["Budget"] | null;
            /** @description The field of work. */
            category: components["schemas"]["Category"];
            /** @description The project. */
            id: components["schemas"]["ProjectId"];
            /** @description The required skills. */
            skills: components["schemas"]["Skills"];
            /** @description The work in one line. */
            title: components["schemas"]["Title"];
        };
        /**
         * @description A proof of identity: a passkey's answer, or the password.
         * @example {
         *       "code": "287082",
         *       "password": "열려라 참깨 2026"
         *     }
         */
        ProofInput: {
            /** @description A code of the app, or a recovery code. Needed if the account has a second factor. */
            code?: string | null;
            /** @description Whether the refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`. */
            cookie?: boolean | null;
            /**
             * @description What `toJSON()` of a passkey's answer to a challenge of `POST /sessions/passkey-challenges` gives. It needs
             *     neither password nor code.
             */
            credential?: Record<string, never> | null;
            /**
             * Format: password
             * @description The account's password. Needed without `credential`.
             */
            password?: string | null;
        };
        /**
         * @description The way to a provider.
         * @example {
         *       "authorization_url": "https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=…"
         *     }
         */
        ProviderAuthorization: {
            /** @description The address to send the browser to, within ten minutes. */
            authorization_url: string;
        };
        /**
         * @description The answer that a browser brings back from a provider.
         * @example {
         *       "authorization_code": "SplxlOBeZQQYbYS6WxSbIA",
         *       "cookie": true,
         *       "iss": "https://accounts.google.com",
         *       "state": "hB3…"
         *     }
         */
        ProviderReply: {
            /** @description The `code` of the answer. A repeat with `code` needs no other one. */
            authorization_code: string;
            /**
             * @description A code of the authenticator app, or a recovery code. Needed to sign in or to prove the identity if the account
             *     has a second factor.
             */
            code?: string | null;
            /** @description Whether a refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`. */
            cookie?: boolean | null;
            /** @description The `iss` of the answer, if it has one. */
            iss?: string | null;
            /** @description The `state` of the answer. */
            state: string;
        };
        /**
         * @description One of the ten inputs of the net, and its effect on the score.
         * @example {
         *       "contribution": 1.31,
         *       "feature": "skill_overlap",
         *       "sentence": "82% of the wanted skills, rare skills count more",
         *       "value": 0.82
         *     }
         */
        Reason: {
            /**
             * Format: float
             * @description The number's share of the difference between `log_odds` and `base_log_odds`: its exact Shapley value. A positive
             *     value speaks for the match.
             * @example 1.31
             */
            contribution: number;
            /**
             * @description `skill_overlap`, `skill_experience`, `text_similarity`, `rating`, `hire_rate`, `response_time`, `last_seen`,
             *     `activity_week`, `activity_month` or `activity_half_year`. All ten are always there, in this order.
             * @example skill_overlap
             */
            feature: string;
            /**
             * @description The number as a sentence in the language that `Accept-Language` prefers: English or Korean.
             * @example 82% of the wanted skills, rare skills count more
             */
            sentence: string;
            /**
             * Format: float
             * @description The number; null if it is unknown.
             * @example 0.82
             */
            value: number | null;
        };
        /** @description The codes for the day when the app is lost. Nobody can read them again. */
        RecoveryCodesBody: {
            /**
             * @description Ten codes, each good for one sign-in.
             * @example [
             *       "k7mq3x-9w2pfa-hd65tr-40ysen"
             *     ]
             */
            recovery_codes: string[];
        };
        /**
         * @description A refresh token. A page that keeps it in the cookie sends `{}`.
         * @example {
         *       "refresh_token": "prt_AZNOj…"
         *     }
         */
        RefreshInput: {
            /** @description The token of the last answer. */
            refresh_token?: string | null;
        };
        /**
         * @description A registration.
         * @example {
         *       "display_name": "김민아",
         *       "email": "mina@example.com",
         *       "password": "열려라 참깨 2026"
         *     }
         */
        RegistrationInput: {
            /** @description The name to show to others. Any text that is not blank and does not look like a name of the market's own. */
            display_name: components["schemas"]["DisplayName"];
            /** @description The address to sign in with. All spellings of an address belong to one account. */
            email: components["schemas"]["Email"];
            /** @description 8 to 128 characters of any kind, and not easily guessed. */
            password: components["schemas"]["Password"];
        };
        /**
         * @description The rights of an account beyond its own things. Each role has the rights of the roles before it.
         * @enum {string}
         */
        Role: "member" | "support" | "admin";
        /**
         * @description A role.
         * @example {
         *       "role": "support"
         *     }
         */
        RoleInput: {
            role: components["schemas"]["Role"];
        };
        /**
         * @description The reason for a round trip of a signed-in person.
         * @enum {string}
         */
        RoundTrip: "link" | "proof";
        /**
         * @description A round trip to begin.
         * @example {
         *       "purpose": "link"
         *     }
         */
        RoundTripInput: {
            /** @description Its reason. */
            purpose: components["schemas"]["RoundTrip"];
        };
        /**
         * @description The rule that a value broke. Clients see the name in snake_case and may rely on it.
         * @enum {string}
         */
        Rule: "required" | "wrong_type" | "blank" | "forbidden_character" | "reserved_name" | "too_long" | "too_short" | "too_many" | "too_few" | "duplicate" | "out_of_range" | "unknown_value" | "unknown_currency" | "unknown_timezone" | "invalid_language" | "invalid_date" | "invalid_time" | "invalid_email" | "invalid_phone" | "invalid_bank_account" | "guessable" | "in_the_past" | "min_above_max";
        /** @description The score of one freelancer. */
        Score: components["schemas"]["Judgement"] & {
            /** @description Whether the market would match the two: by languages, budget, the project's status and availability. */
            eligible: boolean;
            /** @description The freelancer. */
            freelancer: components["schemas"]["FreelancerRecordSummary"];
            /** @description The freelancer's index in the request, from 0. */
            index: number;
        };
        /** @description A project and the freelancers to score for it. */
        ScoreInput: {
            /** @description The freelancers. Answered in the same order. */
            freelancers: components["schemas"]["FreelancerRecordBatch"];
            /** @description The project. */
            project: components["schemas"]["ProjectRecord"];
        };
        /** @description The scores of the freelancers of the request. */
        Scores: {
            /** @description One item for each freelancer, in the order of the request. */
            items: components["schemas"]["Score"][];
            /** @description The model that scored. */
            model: components["schemas"]["Model"];
        };
        /** @description A second factor without its secrets, for the account's export. */
        SecondFactorExport: {
            /** @description Whether signing in takes a code. */
            is_confirmed: boolean;
            /**
             * Format: date-time
             * @description The time of the last code that was used; null if none was.
             */
            last_used_at: string | null;
            /** @description How many recovery codes are left. */
            recovery_codes_left: number;
        };
        /**
         * @description A device that is signed in.
         * @example {
         *       "created_at": "2026-11-01T09:00:00Z",
         *       "device": "Mozilla/5.0 (Linux; Android 16) …",
         *       "id": "ses_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
         *       "is_current": true,
         *       "last_used_at": "2026-11-02T09:00:00Z",
         *       "place": "203.0.113.7"
         *     }
         */
        Session: {
            /**
             * Format: date-time
             * @description The time of the sign-in.
             */
            created_at: string;
            /** @description The `User-Agent` of the sign-in. */
            device?: string | null;
            /** @description The session. */
            id: components["schemas"]["SessionId"];
            /** @description Whether this request belongs to it. */
            is_current: boolean;
            /**
             * Format: date-time
             * @description The time of its last refresh.
             */
            last_used_at: string;
            /** @description The IP address of the sign-in. */
            place?: string | null;
        };
        /**
         * @description The tokens of a session.
         * @example {
         *       "access_token": "eyJhbGciOiJFUzI1NiIs…",
         *       "expires_in": 600,
         *       "refresh_token": "prt_AZNOj…",
         *       "session_id": "ses_01JD8Z3V9K8Y2N6Q4T7W5X1A0B",
         *       "token_type": "Bearer"
         *     }
         */
        SessionBody: {
            /** @description Send it as `Authorization: Bearer <token>`. An ES256 JWT; its keys are at `/.well-known/jwks.json`. */
            access_token: string;
            /**
             * Format: int32
             * @description Seconds until the access token expires.
             */
            expires_in: number;
            /** @description Exchange it for new tokens at `POST /sessions/refresh`, once. Absent if it is in the cookie. */
            refresh_token?: string | null;
            /** @description The session. */
            session_id: components["schemas"]["SessionId"];
            /** @description `Bearer`. */
            token_type: string;
        };
        /** @description A device that is signed in. */
        SessionExport: {
            /**
             * Format: date-time
             * @description The time of the sign-in.
             */
            created_at: string;
            /** @description The `User-Agent` of the sign-in. */
            device: string | null;
            /** @description The session. */
            id: components["schemas"]["SessionId"];
            /**
             * Format: date-time
             * @description The time of its last refresh.
             */
            last_used_at: string;
            /** @description The IP address of the sign-in. */
            place: string | null;
        };
        /** @description The id of a session. */
        SessionId: string;
        /** @description The devices that are signed in, at most 50. */
        Sessions: {
            /** @description The devices, last used first. */
            items: components["schemas"]["Session"][];
        };
        /** Format: double */
        Share: number;
        /**
         * @description The credentials of a sign-in.
         * @example {
         *       "email": "mina@example.com",
         *       "password": "열려라 참깨 2026"
         *     }
         */
        SignInInput: {
            /** @description A code of the authenticator app, or a recovery code. Needed if the account has a second factor. */
            code?: string | null;
            /** @description Whether the refresh token goes into an `HttpOnly` cookie and not into the answer. A page sends `true`. */
            cookie?: boolean | null;
            /**
             * Format: email
             * @description The account's address, in any case.
             */
            email: string;
            /**
             * Format: password
             * @description The account's password.
             */
            password: string;
        };
        /**
         * @description A provider.
         * @example {
         *       "id": "google",
         *       "name": "Google"
         *     }
         */
        SignInProvider: {
            /** @description The provider, as paths name it. */
            id: string;
            /** @description The name for people. */
            name: string;
        };
        /** @description The providers. */
        SignInProviders: {
            /** @description The providers in the order in which to show them. */
            items: components["schemas"]["SignInProvider"][];
        };
        Skill: string;
        /** @description The effect of one more skill. */
        SkillAdvice: {
            /**
             * @description The freelancer's rank with this skill.
             * @example 3
             */
            rank: number;
            /**
             * Format: float
             * @description The freelancer's score with this skill.
             * @example 0.29
             */
            score: number;
            /**
             * @description The effect as a sentence in the language that `Accept-Language` prefers.
             * @example With DynamoDB you would rank 3rd instead of 14th
             */
            sentence: string;
            /**
             * @description Whether the freelancer would then have enough of the skills to be listed at this rank.
             * @example true
             */
            shown: boolean;
            /**
             * @description The skill, as the project spells it.
             * @example DynamoDB
             */
            skill: string;
        };
        /** @description Different skills. Case, width and the way words are joined make no difference. Synonyms count as one skill: `js`, `JavaScript` and `자바스크립트`. The file `matching/vocabulary/skills.toml` lists them. */
        Skills: components["schemas"]["Skill"][];
        /** Format: double */
        Stars: number;
        /**
         * Format: date-time
         * @description A date and time, RFC 3339.
         */
        Time: string;
        /**
         * @description The name of a zone or of a link to one, in small or capital letters, kept as sent: `Asia/Seoul`, `UTC`.
         * @example Asia/Seoul
         */
        Timezone: string;
        Title: string;
        /** @description A new authenticator app. Nobody can read its secret again. */
        TotpBody: {
            /**
             * @description The same as an address that apps open.
             * @example otpauth://totp/Pairwork:mina%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
             */
            otpauth_uri: string;
            /** @description The address as a QR code, an SVG image. */
            qr_svg: string;
            /**
             * @description The shared secret, base32, for typing into an app.
             * @example GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
             */
            secret: string;
        };
        /** @description One wrong field. */
        Violation: {
            /** @description The broken rule; stable. */
            code: components["schemas"]["Rule"];
            /**
             * @description A sentence for the person who sent the value; may change between releases.
             * @example must be at most 50 characters long
             */
            detail: string;
            /**
             * @description JSON pointer (RFC 6901) into the request body; empty for the body itself.
             * @example /skills/0
             */
            pointer: string;
        };
        /** Format: int64 */
        WeeklyHours: number;
        /** Format: int64 */
        YearsOfExperience: number;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Account = components['schemas']['Account'];
export type AccountExport = components['schemas']['AccountExport'];
export type AccountForStaff = components['schemas']['AccountForStaff'];
export type AccountId = components['schemas']['AccountId'];
export type Activity = components['schemas']['Activity'];
export type ActivityPage = components['schemas']['ActivityPage'];
export type Advice = components['schemas']['Advice'];
export type Amount = components['schemas']['Amount'];
export type Award = components['schemas']['Award'];
export type AwardReason = components['schemas']['AwardReason'];
export type Awards = components['schemas']['Awards'];
export type Bid = components['schemas']['Bid'];
export type BidBatch = components['schemas']['BidBatch'];
export type BidsInput = components['schemas']['BidsInput'];
export type Bio = components['schemas']['Bio'];
export type Budget = components['schemas']['Budget'];
export type BudgetKind = components['schemas']['BudgetKind'];
export type By = components['schemas']['By'];
export type Category = components['schemas']['Category'];
export type Closing = components['schemas']['Closing'];
export type CodeInput = components['schemas']['CodeInput'];
export type ConfirmationInput = components['schemas']['ConfirmationInput'];
export type Country = components['schemas']['Country'];
export type Currency = components['schemas']['Currency'];
export type Day = components['schemas']['Day'];
export type Description = components['schemas']['Description'];
export type DisplayName = components['schemas']['DisplayName'];
export type Email = components['schemas']['Email'];
export type ForeignId = components['schemas']['ForeignId'];
export type ForgottenPassword = components['schemas']['ForgottenPassword'];
export type Freelancer = components['schemas']['Freelancer'];
export type FreelancerExport = components['schemas']['FreelancerExport'];
export type FreelancerInput = components['schemas']['FreelancerInput'];
export type FreelancerMatch = components['schemas']['FreelancerMatch'];
export type FreelancerMatches = components['schemas']['FreelancerMatches'];
export type FreelancerPage = components['schemas']['FreelancerPage'];
export type FreelancerRecord = components['schemas']['FreelancerRecord'];
export type FreelancerRecordBatch = components['schemas']['FreelancerRecordBatch'];
export type FreelancerRecordSummary = components['schemas']['FreelancerRecordSummary'];
export type FreelancerSummary = components['schemas']['FreelancerSummary'];
export type Headline = components['schemas']['Headline'];
export type Health = components['schemas']['Health'];
export type Identities = components['schemas']['Identities'];
export type Identity = components['schemas']['Identity'];
export type JobCount = components['schemas']['JobCount'];
export type Judgement = components['schemas']['Judgement'];
export type Jwk = components['schemas']['Jwk'];
export type JwksBody = components['schemas']['JwksBody'];
export type LanguageTag = components['schemas']['LanguageTag'];
export type Languages = components['schemas']['Languages'];
export type LegalName = components['schemas']['LegalName'];
export type Message = components['schemas']['Message'];
export type Minutes = components['schemas']['Minutes'];
export type Model = components['schemas']['Model'];
export type Money = components['schemas']['Money'];
export type MyAccount = components['schemas']['MyAccount'];
export type NewEmail = components['schemas']['NewEmail'];
export type NewPasskey = components['schemas']['NewPasskey'];
export type NewPassword = components['schemas']['NewPassword'];
export type Passkey = components['schemas']['Passkey'];
export type PasskeyCreationOptions = components['schemas']['PasskeyCreationOptions'];
export type PasskeyId = components['schemas']['PasskeyId'];
export type PasskeyName = components['schemas']['PasskeyName'];
export type PasskeyRequestOptions = components['schemas']['PasskeyRequestOptions'];
export type PasskeySignInInput = components['schemas']['PasskeySignInInput'];
export type Passkeys = components['schemas']['Passkeys'];
export type Password = components['schemas']['Password'];
export type PasswordChange = components['schemas']['PasswordChange'];
export type PayoutAccount = components['schemas']['PayoutAccount'];
export type PersonalData = components['schemas']['PersonalData'];
export type PersonalDataInput = components['schemas']['PersonalDataInput'];
export type Phone = components['schemas']['Phone'];
export type Problem = components['schemas']['Problem'];
export type Project = components['schemas']['Project'];
export type ProjectId = components['schemas']['ProjectId'];
export type ProjectInput = components['schemas']['ProjectInput'];
export type ProjectMatch = components['schemas']['ProjectMatch'];
export type ProjectMatches = components['schemas']['ProjectMatches'];
export type ProjectPage = components['schemas']['ProjectPage'];
export type ProjectPatch = components['schemas']['ProjectPatch'];
export type ProjectRecord = components['schemas']['ProjectRecord'];
export type ProjectStatus = components['schemas']['ProjectStatus'];
export type ProjectSummary = components['schemas']['ProjectSummary'];
export type ProofInput = components['schemas']['ProofInput'];
export type ProviderAuthorization = components['schemas']['ProviderAuthorization'];
export type ProviderReply = components['schemas']['ProviderReply'];
export type Reason = components['schemas']['Reason'];
export type RecoveryCodesBody = components['schemas']['RecoveryCodesBody'];
export type RefreshInput = components['schemas']['RefreshInput'];
export type RegistrationInput = components['schemas']['RegistrationInput'];
export type Role = components['schemas']['Role'];
export type RoleInput = components['schemas']['RoleInput'];
export type RoundTrip = components['schemas']['RoundTrip'];
export type RoundTripInput = components['schemas']['RoundTripInput'];
export type Rule = components['schemas']['Rule'];
export type Score = components['schemas']['Score'];
export type ScoreInput = components['schemas']['ScoreInput'];
export type Scores = components['schemas']['Scores'];
export type SecondFactorExport = components['schemas']['SecondFactorExport'];
export type Session = components['schemas']['Session'];
export type SessionBody = components['schemas']['SessionBody'];
export type SessionExport = components['schemas']['SessionExport'];
export type SessionId = components['schemas']['SessionId'];
export type Sessions = components['schemas']['Sessions'];
export type Share = components['schemas']['Share'];
export type SignInInput = components['schemas']['SignInInput'];
export type SignInProvider = components['schemas']['SignInProvider'];
export type SignInProviders = components['schemas']['SignInProviders'];
export type Skill = components['schemas']['Skill'];
export type SkillAdvice = components['schemas']['SkillAdvice'];
export type Skills = components['schemas']['Skills'];
export type Stars = components['schemas']['Stars'];
export type Time = components['schemas']['Time'];
export type Timezone = components['schemas']['Timezone'];
export type Title = components['schemas']['Title'];
export type TotpBody = components['schemas']['TotpBody'];
export type Violation = components['schemas']['Violation'];
export type WeeklyHours = components['schemas']['WeeklyHours'];
export type YearsOfExperience = components['schemas']['YearsOfExperience'];
