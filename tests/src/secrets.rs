//! Secrets stay where they are: in no log line of any level, and in no file that another user may read.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use pairwork::sample::SampleMarket;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, BufReader};
use tokio::process::Command;

use crate::support::{Market, designer};

/// Begins every secret of these tests, so that one search finds all of them.
const CANARY: &str = "canary-7f3a";

/// Starts a market that logs at `level`, lets `act` use it, and returns everything that it printed.
async fn printed(level: &str, act: impl AsyncFnOnce(&str)) -> String {
    let mut process = Command::new(env!("CARGO_BIN_EXE_pairwork-under-test"))
        .args(["up", "--port", "0", "--log", level])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the runner starts");
    let mut stderr = process.stderr.take().expect("stderr is piped");
    let logged = tokio::spawn(async move {
        let mut logged = Vec::new();
        stderr.read_to_end(&mut logged).await.expect("stderr is readable");
        String::from_utf8_lossy(&logged).into_owned()
    });
    let mut stdout = BufReader::new(process.stdout.take().expect("stdout is piped"));
    let mut said = String::new();
    while !said.ends_with('\n') {
        let mut byte = [0];
        assert_eq!(stdout.read(&mut byte).await.expect("stdout is readable"), 1, "the runner ended: {said}");
        said.push(char::from(byte[0]));
    }
    act(said.trim().strip_prefix("ready ").expect("the market is ready")).await;
    let id = process.id().expect("the runner is running").to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.expect("kill runs").success());
    process.wait().await.expect("the runner stops");
    stdout.read_to_string(&mut said).await.expect("stdout is readable");
    said + &logged.await.expect("the log was read")
}

#[tokio::test]
async fn no_log_line_of_any_level_holds_a_secret() {
    for level in ["trace", "debug", "info"] {
        let mut tokens = Vec::new();
        let output = printed(level, async |url: &str| {
            let client = reqwest::Client::new();
            let password = format!("{CANARY}-password horse");
            let account = json!({"email": "canary@example.com", "password": password, "display_name": "Canary"});
            let registered = client.post(format!("{url}/accounts")).json(&account).send().await.expect("an answer");
            assert!(registered.status().is_success(), "{:?}", registered.text().await);
            let credentials = json!({"email": "canary@example.com", "password": password});
            let session = client.post(format!("{url}/sessions")).json(&credentials).send().await.expect("an answer");
            assert_eq!(session.status(), StatusCode::OK);
            for cookie in session.headers().get_all("set-cookie") {
                let cookie = cookie.to_str().expect("a cookie is text");
                tokens.extend(
                    cookie.split(';').next().and_then(|pair| pair.split_once('=')).map(|(_, it)| it.to_owned()),
                );
            }
            let session: serde_json::Value = session.json().await.expect("JSON");
            let access = session["access_token"].as_str().expect("a token").to_owned();
            tokens.extend(
                ["access_token", "refresh_token"].iter().filter_map(|it| session[it].as_str()).map(str::to_owned),
            );
            let put = client
                .put(format!("{url}/freelancers/me"))
                .bearer_auth(&access)
                .header("cookie", format!("__Secure-refresh_token={CANARY}-cookie"))
                .json(&designer());
            assert!(put.send().await.expect("an answer").status().is_success());
            let wrong = json!({"email": "canary@example.com", "password": format!("{CANARY}-wrong password")});
            let refused = client.post(format!("{url}/sessions")).json(&wrong).send().await.expect("an answer");
            assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
            let forged = client.get(format!("{url}/accounts/me")).bearer_auth(format!("{CANARY}-token"));
            assert_eq!(forged.send().await.expect("an answer").status(), StatusCode::UNAUTHORIZED);
            let broken = client
                .post(format!("{url}/sessions"))
                .header("content-type", "application/json")
                .body(format!(r#"{{"email": "canary@example.com", "password": "{CANARY}-broken""#));
            assert!(broken.send().await.expect("an answer").status().is_client_error());
        })
        .await;
        let lines: Vec<_> = output.lines().filter(|line| line.contains(CANARY)).collect();
        assert!(lines.is_empty(), "at {level}: {lines:#?}");
        for token in tokens.iter().filter(|token| token.len() > 16) {
            assert!(!output.contains(token.as_str()), "at {level} a token was printed");
        }
        if level != "info" {
            assert!(output.contains("REPORT RequestId"), "at {level} the log must say something");
        }
    }
}

/// Every file and folder below a folder, with its mode.
fn modes(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mode = |path: &Path| std::fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
    let mut found = vec![(folder.to_owned(), mode(folder))];
    for entry in std::fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(modes(&path));
        } else {
            found.push((path.clone(), mode(&path)));
        }
    }
    found
}

#[tokio::test]
async fn everything_in_the_data_folder_is_closed_to_others() {
    let parent = tempfile::tempdir().expect("a folder");
    let (data, variables) = (parent.path().join("data"), parent.path().join("variables"));
    std::fs::write(&variables, "").expect("a file");
    let arguments = ["--data", data.to_str().expect("UTF-8"), "--env-file", variables.to_str().expect("UTF-8")];
    for is_first in [true, false] {
        let market = Market::start_with(&arguments).await;
        if is_first {
            market.person("Mina").await.put("/freelancers/me", &designer()).await.expect(StatusCode::CREATED);
        } else {
            market.sign_in("person-0@example.com").await;
        }
        let found = modes(&data);
        assert!(found.len() >= 4, "{found:?}");
        for (path, mode) in found {
            assert_eq!(mode & 0o077, 0, "{} has the mode {mode:o}", path.display());
        }
        assert_eq!(std::fs::metadata(&variables).expect("the file").permissions().mode() & 0o777, 0o600);
        market.terminate().await;
        // As an earlier version left them.
        for (path, _) in modes(&data) {
            let mode = if path.is_dir() { 0o755 } else { 0o644 };
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("the mode is set");
        }
    }
}

#[tokio::test]
async fn the_public_tokens_of_the_sample_market_end_with_a_start_without_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("UTF-8");
    let event = std::fs::read_to_string("../events/accounts/get-my-account.json").expect("the sample event");
    let event: Value = serde_json::from_str(&event).expect("JSON");
    let authorization = event["headers"]["authorization"].as_str().expect("a token");
    let sample = SampleMarket::read().expect("the sample market");
    let asked = async |arguments: &[&str]| {
        let market = Market::start_with(&[&["--data", data], arguments].concat()).await;
        let me = market.request(Method::GET, "/accounts/me").header("authorization", authorization).send().await;
        let keys = market.get("/.well-known/jwks.json").await.expect(StatusCode::OK).body;
        let keys = keys["keys"].as_array().expect("keys").clone();
        market.terminate().await;
        (me.status, keys.iter().any(SampleMarket::publishes))
    };
    let (_, account_id) = sample.people().next().expect("a person");
    let refresh = async |arguments: &[&str]| {
        let market = Market::start_with(&[&["--data", data], arguments].concat()).await;
        let token = json!({"refresh_token": SampleMarket::refresh_token_of(account_id)});
        let status = market.post("/sessions/refresh", &token).await.status;
        market.terminate().await;
        status
    };
    assert_eq!(asked(&["--samples"]).await, (StatusCode::OK, true));
    assert_eq!(asked(&[]).await, (StatusCode::UNAUTHORIZED, false));
    assert_eq!(refresh(&[]).await, StatusCode::UNAUTHORIZED);
    assert_eq!(asked(&["--samples"]).await, (StatusCode::OK, true), "they come back when they are asked for");
    assert_eq!(refresh(&["--samples"]).await, StatusCode::OK);
}
