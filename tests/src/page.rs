//! The page is served at the address of the API.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::golden::repository;
use crate::support::Market;

async fn get(market: &Market, path: &str) -> (StatusCode, HeaderMap, String) {
    let response = reqwest::get(format!("{}{path}", market.url())).await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    (status, headers, response.text().await.expect("a body"))
}

#[tokio::test]
async fn the_page_and_the_api_share_an_address() {
    let market = Market::start().await;
    let (status, headers, index) = get(&market, "/").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(index, std::fs::read_to_string(repository().join("web/index.html")).expect("a page"));
    for header in ["content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"] {
        assert!(headers.contains_key(header), "{header}");
    }

    // Every file that the page names is there.
    let named = index.split(['"', '\'']).filter(|text| text.starts_with("/web/"));
    let mut count = 0;
    for path in named {
        assert_eq!(get(&market, path).await.0, StatusCode::OK, "{path}");
        count += 1;
    }
    assert!(count >= 2, "a script and a style sheet");
    // Files that the page does not load are not served.
    assert_eq!(get(&market, "/web/README.md").await.0, StatusCode::FORBIDDEN);

    let (status, headers, _) = get(&market, "/health").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    // An answer of the gateway's own.
    let (status, headers, _) = get(&market, "/nothing").await;
    assert_eq!(
        (status, &headers["content-type"]),
        (StatusCode::NOT_FOUND, &"application/json".parse().expect("a value"))
    );
    assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn texts_name_their_charset() {
    let market = Market::start().await;
    for (path, expected) in [
        ("/", "text/html; charset=utf-8"),
        ("/web/app.js", "text/javascript; charset=utf-8"),
        ("/web/style/base.css", "text/css; charset=utf-8"),
        ("/web/icon.svg", "image/svg+xml; charset=utf-8"),
    ] {
        assert_eq!(get(&market, path).await.1["content-type"], expected, "{path}");
    }
    // JSON is always UTF-8, so its types have no charset (RFC 8259, section 11).
    assert_eq!(get(&market, "/projects").await.1["content-type"], "application/json");
    assert_eq!(get(&market, "/projects/x").await.1["content-type"], "application/problem+json");
    assert_eq!(get(&market, "/web/manifest.webmanifest").await.1["content-type"], "application/manifest+json");
}

#[tokio::test]
async fn the_page_can_be_served_from_a_folder_that_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("index.html"), "one").expect("a file");
    let market = Market::start_with(&["--web", folder.path().to_str().expect("a UTF-8 path")]).await;
    assert_eq!(get(&market, "/").await.2, "one");
    std::fs::write(folder.path().join("index.html"), "two").expect("a file");
    assert_eq!(get(&market, "/").await.2, "two");
}
