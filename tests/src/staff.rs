//! The market's staff: every operation of theirs asks for the role and for a second factor, and leaves a row.

use http_api::access::{ACCESS, Access, Who};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::process::Command;
use totp_rs::{Builder, Secret};

use crate::support::{ApiResponse, Market, PASSWORD};

/// The code of an app, for the step that is `steps` away from now.
fn code(secret: &str, steps: i64) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).expect("base32")).build_noncompliant();
    let seconds = jiff::Timestamp::now().as_second() + 30 * steps;
    totp.generate(u64::try_from(seconds).expect("after 1970")).to_string()
}

async fn call(market: &Market, access: &Access, id: &str, token: &str) -> ApiResponse {
    let (method, path) = access.route.split_once(' ').expect("a method and a path");
    let method: Method = method.parse().expect("a method");
    let request = market.request(method.clone(), &path.replace("{id}", id));
    let request = request.header("authorization", &format!("Bearer {token}"));
    // Every body is of the one operation that takes one.
    if method == Method::PUT { request.json(&json!({"role": "member"})).send().await } else { request.send().await }
}

/// Gives a role as an operator does.
async fn operator_gives(data: &str, email: &str, role: &str) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pairwork-under-test"));
    command.args(["role", "--data", data, email, role]).output().await.expect("the command runs")
}

/// Adds an app to an account, and signs in with its code.
async fn with_factor(market: &Market, email: &str) -> (String, String) {
    let bearer = format!("Bearer {}", market.sign_in(email).await);
    let added = market.request(Method::POST, "/accounts/me/totp").header("authorization", &bearer).send().await;
    let secret = added.expect(StatusCode::CREATED).text("/secret");
    let confirm = market.request(Method::POST, "/accounts/me/totp/confirm").header("authorization", &bearer);
    confirm.json(&json!({"code": code(&secret, -1)})).send().await.expect(StatusCode::OK);
    (sign_in_with(market, email, &code(&secret, 0)).await, secret)
}

async fn sign_in_with(market: &Market, email: &str, code: &str) -> String {
    let body = json!({"email": email, "password": PASSWORD, "code": code});
    market.post("/sessions", &body).await.expect(StatusCode::OK).text("/access_token")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_staff_needs_its_role_and_a_second_factor() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let market = Market::start_with(&["--data", data]).await;
    let (admin, support, member) =
        (market.person("Ada").await, market.person("Sam").await, market.person("Mina").await);
    let ids = [&admin, &support, &member].map(|person| person.id.clone());
    let emails = [&admin, &support, &member].map(|person| person.email.clone());
    let [_, support_id, member_id] = &ids;
    assert_eq!(market.terminate().await, Some(0));
    let unknown = operator_gives(data, "nobody@example.com", "admin").await;
    assert_eq!(unknown.status.code(), Some(1), "{unknown:?}");
    let given = operator_gives(data, &emails[0], "admin").await;
    assert_eq!(given.status.code(), Some(0), "{given:?}");
    let kept = operator_gives(data, &emails[0], "member").await;
    assert!(String::from_utf8_lossy(&kept.stderr).contains("last admin"), "{kept:?}");

    let market = Market::start_with(&["--data", data]).await;
    let staff: Vec<&Access> = ACCESS.iter().filter(|access| access.needs_second_factor).collect();
    assert_eq!(staff.len(), 4);
    let plain_admin = market.sign_in(&emails[0]).await;
    let plain_member = market.sign_in(&emails[2]).await;
    for access in &staff {
        assert!(matches!(access.who, Who::Role(role) if role > domain::account::Role::Member), "{}", access.route);
        for token in [&plain_admin, &plain_member] {
            let refused = call(&market, access, member_id, token).await;
            refused.expect_problem(StatusCode::FORBIDDEN, "forbidden");
        }
    }

    let (admin, _) = with_factor(&market, &emails[0]).await;
    let (support, _) = with_factor(&market, &emails[1]).await;
    let (member, _) = with_factor(&market, &emails[2]).await;
    for access in &staff {
        for token in [&support, &member] {
            // The support has no role yet.
            call(&market, access, member_id, token).await.expect_problem(StatusCode::FORBIDDEN, "forbidden");
        }
    }
    let give = async |id: &str, role: &str| {
        let request = market.request(Method::PUT, &format!("/accounts/{id}/role"));
        request.header("authorization", &format!("Bearer {admin}")).json(&json!({"role": role})).send().await
    };
    give(support_id, "owner").await.expect_problem(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    give("usr_01M44SW7R0000000000000000Z", "support").await.expect_problem(StatusCode::NOT_FOUND, "not_found");
    give(support_id, "support").await.expect(StatusCode::NO_CONTENT);
    give(&ids[0], "member").await.expect_problem(StatusCode::CONFLICT, "last_admin");

    // The session that was there before has the role at once. Only an admin gives roles.
    for access in &staff {
        let answer = call(&market, access, member_id, &support).await;
        let status = match access.route.split_once(' ').expect("a route").0 {
            "GET" => StatusCode::OK,
            "PUT" => StatusCode::FORBIDDEN,
            _ => StatusCode::NO_CONTENT,
        };
        answer.expect(status);
    }
    // Nobody locks a colleague.
    let lock = ACCESS.iter().find(|access| access.route == "POST /accounts/{id}/lock").expect("an operation");
    call(&market, lock, &ids[0], &support).await.expect_problem(StatusCode::FORBIDDEN, "forbidden");
    give(support_id, "member").await.expect(StatusCode::NO_CONTENT);
    call(&market, lock, member_id, &support).await.expect_problem(StatusCode::FORBIDDEN, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_account_opens_no_session_until_it_is_unlocked() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let market = Market::start_with(&["--data", data]).await;
    let (support, member) = (market.person("Sam").await, market.person("Mina").await);
    let (support, email, id) = (support.email.clone(), member.email.clone(), member.id.clone());
    assert_eq!(market.terminate().await, Some(0));
    assert_eq!(operator_gives(data, &support, "support").await.status.code(), Some(0));

    let market = Market::start_with(&["--data", data]).await;
    let (support, _) = with_factor(&market, &support).await;
    let by_support = async |method: Method, path: &str| {
        let request = market.request(method, &format!("/accounts/{id}{path}"));
        request.header("authorization", &format!("Bearer {support}")).send().await
    };
    let member = market.somebody(&email, &market.sign_in(&email).await);
    let read = by_support(Method::GET, "").await.expect(StatusCode::OK);
    assert_eq!(read.body["email"], "p•••@example.com");
    let expected = (json!("member"), json!(false), json!(2));
    assert_eq!(
        (&read.body["role"], &read.body["is_locked"], &read.body["sessions"]),
        (&expected.0, &expected.1, &expected.2)
    );

    for _ in 0..2 {
        by_support(Method::POST, "/lock").await.expect(StatusCode::NO_CONTENT);
    }
    // A write reads the session itself, so an ended one counts no more.
    member.request(Method::DELETE, "/sessions/current").send().await.expect(StatusCode::UNAUTHORIZED);
    let sign_in = |password: &str| json!({"email": email, "password": password});
    let locked = market.post("/sessions", &sign_in(PASSWORD)).await;
    locked.expect_problem(StatusCode::FORBIDDEN, "account_locked");
    // Only the right password learns of the lock.
    let wrong = market.post("/sessions", &sign_in("not the password")).await;
    wrong.expect_problem(StatusCode::UNAUTHORIZED, "invalid_credentials");
    by_support(Method::POST, "/unlock").await.expect(StatusCode::NO_CONTENT);
    let member = market.somebody(&email, &market.sign_in(&email).await);

    let page = member.get("/accounts/me/audit").await.expect(StatusCode::OK);
    let rows: Vec<(&Value, &Value)> =
        page.body["items"].as_array().expect("acts").iter().map(|row| (&row["act"], &row["by"])).collect();
    let staff = ["account_unlocked", "account_locked", "account_read"];
    assert_eq!((rows[0].0, rows[0].1), (&json!("signed_in"), &json!("owner")));
    for (row, act) in rows[1..].iter().zip(staff) {
        assert_eq!(*row, (&json!(act), &json!("staff")));
    }
}
