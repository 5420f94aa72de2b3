//! `/docs`: the description of the HTTP API as a page from which calls can be tried. The renderer is Swagger UI, whose
//! files come with the crate `utoipa-swagger-ui`.

use std::sync::Arc;

use hyper::StatusCode;
use hyper::header::LOCATION;
use serde_json::Value;
use utoipa_swagger_ui::Config;

use super::{Answer, content, problem};
use crate::openapi;

/// Swagger UI writes markup and styles by itself, and its pictures are data. It runs no script from elsewhere.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                                 img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                                 form-action 'none'; frame-ancestors 'none'";

/// A file by its path below `/docs`.
pub(super) fn answer(path: &str) -> Answer {
    match path {
        // The files of the page are relative to its folder.
        "" => {
            let mut answer = content("text/plain", "/docs/\n");
            *answer.status_mut() = StatusCode::PERMANENT_REDIRECT;
            answer.headers_mut().insert(LOCATION, hyper::header::HeaderValue::from_static("/docs/"));
            answer
        }
        "/openapi.json" => content("application/json", document()),
        _ => {
            let config = Config::from("/docs/openapi.json").try_it_out_enabled(true).deep_linking(true);
            match utoipa_swagger_ui::serve(path.trim_start_matches('/'), Arc::new(config)) {
                Ok(Some(file)) => content(&file.content_type, file.bytes.into_owned()),
                Ok(None) => problem(StatusCode::NOT_FOUND, "there is no such file"),
                Err(problem_of_file) => problem(StatusCode::INTERNAL_SERVER_ERROR, &problem_of_file.to_string()),
            }
        }
    }
}

/// The description, with this market as the only server: the page may call no other.
fn document() -> String {
    let text = openapi::document();
    let Ok(mut document) = serde_json::from_str::<Value>(&text) else { return text };
    document["servers"] = serde_json::json!([{ "url": "/", "description": "This market." }]);
    document.to_string()
}
