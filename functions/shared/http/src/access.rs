//! The access table: it names the callers of every operation.
//!
//! [`ACCESS`] is the one statement of it. [`guard`] checks every request against it before a handler runs, and the
//! tests call every operation as everybody who may not. An operation that the table lacks is refused.

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use domain::account::Role;
use runtime::clock;
use tokens::{Authenticator, Freshness};

use crate::{ApiError, SignedIn, frame::no_method, watch::Concerned};

/// The callers of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed in or not.
    Anybody,
    /// The holder of a letter's secret or of a refresh token, which the request holds.
    Bearer,
    /// An account with this role, or a higher one: a member about its own things, the staff about those of others.
    Role(Role),
    /// The owner of the record that the path names. The handler knows the owner.
    Owner,
}

/// The access to one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// `METHOD /path/{parameter}`, as the template has it.
    pub route: &'static str,
    /// The allowed callers.
    pub who: Who,
    /// Whether it needs a proof of identity of the last ten minutes.
    pub needs_proof: bool,
    /// Whether it needs a session that was opened or proved with a second factor.
    pub needs_second_factor: bool,
    /// The reason.
    pub reason: &'static str,
}

/// The access to every operation.
#[rustfmt::skip] // A row each.
pub const ACCESS: &[Access] = {
    use Who::{Anybody, Bearer, Owner};
    const MEMBER: Who = Who::Role(Role::Member);
    const fn of(route: &'static str, who: Who, reason: &'static str) -> Access {
        Access { route, who, needs_proof: false, needs_second_factor: false, reason }
    }
    const fn proved(route: &'static str, reason: &'static str) -> Access {
        Access { route, who: MEMBER, needs_proof: true, needs_second_factor: false, reason }
    }
    const fn staff(route: &'static str, role: Role, reason: &'static str) -> Access {
        Access { route, who: Who::Role(role), needs_proof: false, needs_second_factor: true, reason }
    }
    &[
        of("GET /health", Anybody, "no personal data"),
        of("GET /.well-known/jwks.json", Anybody, "public keys"),
        of("POST /accounts", Anybody, "needed before sign-in; limited"),
        of("POST /sessions", Anybody, "needed before sign-in; limited"),
        of("POST /sessions/refresh", Bearer, "the refresh token is the credential; limited"),
        of("POST /sessions/passkey-challenges", Anybody, "needed before sign-in; limited"),
        of("POST /sessions/passkeys", Anybody, "needed before sign-in; limited"),
        of("GET /sessions", MEMBER, "own data"),
        of("DELETE /sessions/{id}", MEMBER, "own data; another's session is not found"),
        of("POST /sessions/current/proof", MEMBER, "proves the identity; limited"),
        of("GET /sign-in-providers", Anybody, "names of providers"),
        of("POST /sign-in-providers/{id}/authorizations", Anybody, "needed before sign-in; limited"),
        of("GET /sign-in-providers/{id}/callback", Anybody, "passes the provider's answer on to the page"),
        of("POST /sessions/providers/{id}", Bearer, "the state and the browser's cookie are the credential; limited"),
        of("POST /sessions/current/proof/providers/{id}", MEMBER, "proves the identity; limited"),
        of("GET /accounts/me/identities", MEMBER, "own data"),
        of("POST /accounts/me/identities/{id}/authorizations", MEMBER, "changes nothing of the account; limited"),
        proved("POST /accounts/me/identities/{id}", "decides who may sign in"),
        proved("DELETE /accounts/me/identities/{id}", "decides who may sign in"),
        of("POST /password-resets", Anybody, "for people who cannot sign in; limited; one answer for all"),
        of("PUT /password-resets/{token}", Bearer, "the secret of the letter is the credential"),
        of("PUT /email-confirmations/{token}", Bearer, "the secret of the letter is the credential"),
        of("GET /accounts/me", MEMBER, "own data"),
        of("GET /accounts/me/audit", MEMBER, "own data"),
        proved("GET /accounts/me/export", "everything about the account at once"),
        proved("DELETE /accounts/me", "erases the account after thirty days"),
        of("POST /accounts/me/restore", MEMBER, "own data; undoes a deletion"),
        proved("PUT /accounts/me/password", "takes over the account"),
        proved("PUT /accounts/me/email", "takes over the account"),
        of("GET /accounts/me/personal-data", MEMBER, "own data; the payout account is masked"),
        proved("PUT /accounts/me/personal-data", "decides where payouts go"),
        proved("POST /accounts/me/totp", "decides who may sign in"),
        proved("POST /accounts/me/totp/confirm", "decides who may sign in"),
        proved("POST /accounts/me/recovery-codes", "decides who may sign in"),
        proved("DELETE /accounts/me/totp", "decides who may sign in; needs a code, too"),
        proved("POST /accounts/me/passkeys/challenges", "decides who may sign in"),
        proved("POST /accounts/me/passkeys", "decides who may sign in"),
        of("GET /accounts/me/passkeys", MEMBER, "own data"),
        proved("DELETE /accounts/me/passkeys/{id}", "decides who may sign in"),
        of("GET /accounts/me/projects", MEMBER, "own data"),
        staff("GET /accounts/{id}", Role::Support, "for the support; recorded in the account's trail"),
        staff("POST /accounts/{id}/lock", Role::Support, "for the support; recorded in the account's trail"),
        staff("POST /accounts/{id}/unlock", Role::Support, "for the support; recorded in the account's trail"),
        staff("PUT /accounts/{id}/role", Role::Admin, "decides who belongs to the staff; recorded"),
        of("GET /freelancers", Anybody, "public list"),
        of("GET /freelancers/{id}", Anybody, "public profile"),
        of("GET /freelancers/me", MEMBER, "own data"),
        of("PUT /freelancers/me", MEMBER, "own data"),
        of("DELETE /freelancers/me", MEMBER, "own data"),
        of("GET /freelancers/me/matches", MEMBER, "own data"),
        of("GET /freelancers/me/matches/{project_id}/advice", MEMBER, "own data"),
        of("GET /projects", Anybody, "public list"),
        of("GET /projects/{id}", Anybody, "public project"),
        of("POST /projects", MEMBER, "own data"),
        of("PATCH /projects/{id}", Owner, "403 for others"),
        of("DELETE /projects/{id}", Owner, "403 for others"),
        of("GET /projects/{id}/matches", Owner, "403 for others"),
        of("POST /matches/score", Anybody, "stores nothing; at most 1,000 records; limited"),
        of("POST /matches/bids", Anybody, "stores nothing; at most 1,000 records; limited"),
    ]
};

impl Access {
    /// The access to an operation; `None` if the table lacks it.
    pub fn to(method: &str, path: &str) -> Option<&'static Self> {
        ACCESS.iter().find(|access| access.route.split_once(' ') == Some((method, path)))
    }

    /// The role that the operation asks for; `None` if it asks for no access token.
    pub fn role(&self) -> Option<Role> {
        match self.who {
            Who::Anybody | Who::Bearer => None,
            Who::Role(role) => Some(role),
            Who::Owner => Some(Role::Member),
        }
    }
}

/// Checks every request to these routes against the table. A handler finds the caller as [`SignedIn`].
pub fn guard(routes: Router, authenticator: Authenticator) -> Router {
    routes.route_layer(from_fn_with_state(authenticator, check))
}

async fn check(State(authenticator): State<Authenticator>, mut request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let access = Access::to(method.as_str(), path);
    let role = match access {
        Some(access) => access.role(),
        None => return not_stated(method, path).into_response(),
    };
    if let Some(role) = role {
        // A role that was taken away must count no more, not even for reading.
        let reads_own = request.method().is_safe() && role == Role::Member;
        let freshness = if reads_own { Freshness::Recent } else { Freshness::Now };
        let signed_in = match SignedIn::of(freshness, request.headers(), &authenticator, clock::now()).await {
            Ok(signed_in) => signed_in,
            Err(refusal) => return refusal.into_response(),
        };
        if let Some(concerned) = request.extensions().get::<Concerned>() {
            concerned.account(&signed_in.account_id.to_string());
        }
        if signed_in.session.role < role {
            return ApiError::forbidden("Your account does not have the role for this.").into_response();
        }
        if access.is_some_and(|access| access.needs_second_factor) && !signed_in.session.second_factor {
            let detail = "This needs a second factor: add an app, then sign in with its code.";
            return ApiError::forbidden(detail).into_response();
        }
        request.extensions_mut().insert(signed_in);
    }
    next.run(request).await
}

/// The refusal of a method that the table lacks, whether the router has a handler for it or not.
fn not_stated(method: &Method, path: &str) -> ApiError {
    let allowed: Vec<&str> = methods(path).collect();
    match HeaderValue::from_str(&allowed.join(",")) {
        Ok(allowed) if !allowed.is_empty() => no_method().with_header(header::ALLOW, allowed),
        _ => ApiError::internal(format!("no access is stated for {method} {path}")),
    }
}

/// The methods that a path takes. A path that is read takes `HEAD`, too.
fn methods(path: &str) -> impl Iterator<Item = &'static str> {
    let routes = ACCESS.iter().filter_map(|access| access.route.split_once(' '));
    let methods = routes.filter(move |(_, stated)| *stated == path).map(|(method, _)| method);
    methods.flat_map(|method| [Some(method), (method == "GET").then_some("HEAD")]).flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::{
        body::Body,
        routing::{get, put},
    };
    use lambda_runtime::tower::ServiceExt;
    use runtime::Config;
    use store::Store;
    use tokens::Terms;

    use super::*;

    #[test]
    fn every_operation_is_stated_once() {
        let routes: BTreeSet<_> = ACCESS.iter().map(|access| access.route).collect();
        assert_eq!(routes.len(), ACCESS.len());
        assert!(ACCESS.iter().all(|access| !access.reason.is_empty()));
        assert_eq!(Access::to("GET", "/sessions").map(|access| access.who), Some(Who::Role(Role::Member)));
        assert_eq!(Access::to("PUT", "/sessions"), None);
        assert_eq!(methods("/sessions").collect::<Vec<_>>(), ["POST", "GET", "HEAD"]);
        assert_eq!(methods("/nothing").count(), 0);
    }

    #[tokio::test]
    async fn a_method_that_the_table_lacks_runs_no_handler() {
        let handler = async || -> Response { panic!("the handler ran") };
        let routes = Router::new().route("/sessions", put(handler)).route("/nothing", get(handler));
        let config = Config::read(|_| None).unwrap();
        let authenticator = Authenticator::new(Store::connect(&config).await, Terms::from(&config));
        let routes = guard(routes, authenticator);
        for (method, path, status) in [("PUT", "/sessions", 405), ("PATCH", "/sessions", 405), ("GET", "/nothing", 500)]
        {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let response = routes.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status, "{method} {path}");
            let allowed = response.headers().get(header::ALLOW).map(|allowed| allowed.to_str().unwrap());
            assert_eq!(allowed, (status == 405).then_some("POST,GET,HEAD"), "{method} {path}");
        }
    }
}
