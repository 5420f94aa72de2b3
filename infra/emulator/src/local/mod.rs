//! Pages of this machine alone: what a program that embeds the emulator serves beside the template's own addresses.
//!
//! They show what happens inside, so they answer only to the emulator's own user at this machine ([`guard`]). On AWS
//! there is nothing like them.

mod guard;

use std::fmt::Debug;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Request, StatusCode};

use crate::http_api::reply::HttpResponse;
use crate::inspector::Inspector;
use crate::server::peer;

/// The largest body that a local page is sent.
const BODY_LIMIT_BYTES: usize = 1024 * 1024;

/// An answer that is on its way.
pub type LocalAnswer = Pin<Box<dyn Future<Output = hyper::Response<Full<Bytes>>> + Send>>;

/// Answers requests to paths that exist on this machine alone.
pub trait LocalPages: Debug + Send + Sync {
    /// Whether the path, e.g. `/_local`, is one of its own. No route of the template may then have it.
    fn takes(&self, path: &str) -> bool;

    /// Answers a request from this machine. The caller has been checked already.
    fn answer(&self, request: Request<Bytes>, inspector: Inspector) -> LocalAnswer;
}

/// The pages, and what they look at.
#[derive(Debug)]
pub(crate) struct Local {
    pub(crate) pages: Arc<dyn LocalPages>,
    pub(crate) inspector: Inspector,
    /// The port that callers use.
    pub(crate) port: u16,
}

impl Local {
    /// Answers a request, or refuses it with 403 if it does not come from this machine and from these pages.
    pub(crate) async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> HttpResponse {
        if let Err(why) = guard::check(request.headers(), peer, self.port) {
            return refusal(StatusCode::FORBIDDEN, why);
        }
        if !peer::is_ours(peer, self.port) {
            return refusal(StatusCode::FORBIDDEN, "only the user who runs the emulator may see this page");
        }
        let (parts, body) = request.into_parts();
        match Limited::new(body, BODY_LIMIT_BYTES).collect().await {
            Ok(body) => self.pages.answer(Request::from_parts(parts, body.to_bytes()), self.inspector.clone()).await,
            Err(_) => refusal(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 1 MiB"),
        }
    }
}

fn refusal(status: StatusCode, why: &str) -> HttpResponse {
    let mut response = HttpResponse::new(Full::new(Bytes::from(format!("{why}\n"))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
