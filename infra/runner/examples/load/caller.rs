//! Callers: HTTP/1.1 clients that send one request after the other.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::routes::Route;

/// How long one request may take. The gateway itself gives up after 30 s.
const PATIENCE: Duration = Duration::from_secs(35);

/// Where a turn ends: at whichever bound is reached first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) time: Duration,
    pub(crate) requests: usize,
}

/// The cost of some requests to one route.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    /// From each request until its whole answer was read.
    pub(crate) times: Vec<Duration>,
    /// From the first request to the last answer.
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    pub(crate) read_units: f64,
    pub(crate) write_units: f64,
}

/// The address of the market.
#[derive(Debug)]
pub(crate) struct Client {
    /// `127.0.0.1:PORT`
    authority: String,
}

impl Client {
    pub(crate) fn new(base_url: &str) -> anyhow::Result<Self> {
        let authority = base_url.strip_prefix("http://").context("the market's address")?;
        Ok(Self { authority: authority.to_owned() })
    }

    /// Sends one request on a connection of its own and reads the answer as JSON.
    pub(crate) async fn ask(&self, request: &Message) -> anyhow::Result<Value> {
        let mut connection = self.connect().await?;
        Ok(serde_json::from_slice(&self.send(&mut connection, request).await?)?)
    }

    /// Calls a route from several connections at once until one of the bounds is reached.
    ///
    /// # Errors
    /// Any answer that is not a success, or is shorter than the route's usual one.
    pub(crate) async fn call(&self, route: &Route, callers: usize, bounds: Bounds) -> anyhow::Result<Turn> {
        let mut connections = Vec::with_capacity(callers);
        for _ in 0..callers {
            connections.push(self.connect().await?);
        }
        let sent = AtomicUsize::new(0);
        let started = Instant::now();
        let calls = connections.into_iter().map(|mut connection| {
            let sent = &sent;
            async move {
                let mut times = Vec::new();
                while started.elapsed() < bounds.time && sent.fetch_add(1, Ordering::Relaxed) < bounds.requests {
                    let message = route.next();
                    let began = Instant::now();
                    let answer = self.send(&mut connection, &message).await?;
                    times.push(began.elapsed());
                    ensure!(answer.len() >= route.least_bytes, "{} answered {} bytes", route.name, answer.len());
                }
                anyhow::Ok(times)
            }
        });
        let times = futures_util::future::try_join_all(calls).await?.concat();
        Ok(Turn { times, wall: started.elapsed(), ..Turn::default() })
    }

    async fn connect(&self) -> anyhow::Result<SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect(&self.authority).await.context("connecting to the market")?;
        stream.set_nodelay(true)?;
        let (sender, driver) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(driver);
        Ok(sender)
    }

    async fn send(&self, connection: &mut SendRequest<Full<Bytes>>, message: &Message) -> anyhow::Result<Bytes> {
        let what = || format!("{} {}", message.method, message.path);
        let mut request = Request::builder().method(&message.method).uri(&message.path).header("host", &self.authority);
        if let Some(token) = &message.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = &message.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if !message.body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(Full::new(message.body.clone()))?;
        let answered = tokio::time::timeout(PATIENCE, async {
            let (head, body) = connection.send_request(request).await?.into_parts();
            hyper::Result::Ok((head.status, body.collect().await?.to_bytes()))
        });
        let (status, body) = answered.await.with_context(what)?.with_context(what)?;
        ensure!(status.is_success(), "{} answered {status}: {}", what(), String::from_utf8_lossy(&body));
        Ok(body)
    }
}

/// One request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Message {
    pub(crate) method: Method,
    /// With the query.
    pub(crate) path: String,
    pub(crate) token: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    /// JSON, or nothing.
    pub(crate) body: Bytes,
}
