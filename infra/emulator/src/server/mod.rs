//! HTTP/1.1 on loopback: the one address that callers use, and the ports of the emulator's own processes.
//!
//! Connections are kept alive, bounded in number ([`connections`]) and in time ([`stream`]), and read strictly
//! ([`framing`]).

pub(crate) mod connections;
mod framing;
pub(crate) mod limits;
pub(crate) mod peer;
pub(crate) mod stream;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::task::JoinSet;
use tokio::time::timeout;

use self::connections::{Admitted, Connections};
use self::limits::HttpLimits;
use self::stream::{Activity, StrictStream};
use crate::cloudfront::Distribution;
use crate::http_api::gateway::Api;
use crate::http_api::head;
use crate::http_api::reply::{HttpResponse, refusal};
use crate::local::Local;

/// How long to wait when no connection can be accepted, most likely because all file handles are in use.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The services behind the address: the distribution if the template has one, else the API itself.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) distribution: Option<Distribution>,
    pub(crate) api: Arc<Api>,
    /// The pages for this machine alone.
    pub(crate) local: Option<Local>,
}

impl Site {
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> HttpResponse {
        if let Err(status) = head::check_host(request.version(), request.headers()) {
            return refusal(status);
        }
        if let Some(local) = self.local.as_ref().filter(|local| local.pages.takes(request.uri().path())) {
            return local.answer(request, peer).await;
        }
        match &self.distribution {
            Some(distribution) => distribution.answer(request, peer, &self.api).await,
            None => self.api.answer(request, peer).await,
        }
    }
}

/// The server; [`Server::stop`] ends it.
#[derive(Debug)]
pub(crate) struct Server {
    stopping: watch::Sender<bool>,
    /// Says nothing, and ends when the last connection has ended.
    connections: mpsc::Receiver<Infallible>,
    server: JoinHandle<()>,
}

impl Server {
    /// Serves a site.
    pub(crate) fn serve(listener: TcpListener, site: Site, limits: HttpLimits) -> Self {
        let (stopping, stop) = watch::channel(false);
        let (alive, connections) = mpsc::channel(1);
        let server = tokio::spawn(accept(listener, Arc::new(site), limits, stop, alive));
        Self { stopping, connections, server }
    }

    /// Takes no more connections, and waits up to `grace` for the requests that run.
    pub(crate) async fn stop(mut self, grace: Duration) {
        self.stopping.send_replace(true);
        if timeout(grace, self.connections.recv()).await.is_err() {
            tracing::warn!("requests were still running when the server stopped");
        }
        self.server.abort();
        // Ended, it has let go of everything that it served from.
        let _ = self.server.await;
    }
}

async fn accept(
    listener: TcpListener,
    site: Arc<Site>,
    limits: HttpLimits,
    mut stop: watch::Receiver<bool>,
    alive: mpsc::Sender<Infallible>,
) {
    let connections = Connections::new(limits.connections);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Dropped, it is closed.
                let Some(admitted) = connections.admit() else { continue };
                let stream = StrictStream::new(stream, limits, Arc::clone(&admitted.activity));
                let (site, stop, alive) = (Arc::clone(&site), stop.clone(), alive.clone());
                tokio::spawn(connection(stream, peer, site, admitted, stop, alive));
            }
            Err(problem) => {
                // Out of file handles, most likely: those in use must be given back first.
                tracing::warn!(%problem, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(
    stream: StrictStream<TcpStream>,
    peer: SocketAddr,
    site: Arc<Site>,
    admitted: Admitted,
    mut stop: watch::Receiver<bool>,
    _alive: mpsc::Sender<Infallible>,
) {
    let service = service_fn(|request| {
        let (site, activity) = (Arc::clone(&site), Arc::clone(&admitted.activity));
        async move {
            activity.begin();
            let answer = site.answer(request, peer).await;
            activity.end();
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let stopped = async {
        // An error means that the server is gone, which is a reason to stop, too.
        let _ = stop.wait_for(|stopping| *stopping).await;
    };
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        () = admitted.closed() => return,
        () = stopped => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(problem) = ended {
        tracing::trace!(%problem, "a client's connection broke");
    }
}

/// Serves a port of the emulator's own processes until the future is dropped. `admits` says whether a peer is served.
/// An error of `answer` ends the connection without an answer.
pub(crate) async fn internal<A, E>(
    listener: TcpListener,
    name: &'static str,
    admits: impl Fn(SocketAddr) -> bool,
    answer: impl Fn(Request<Incoming>) -> A + Clone + Send + Sync + 'static,
) where
    A: Future<Output = Result<HttpResponse, E>> + Send + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    let limits = HttpLimits::internal();
    // Dropped, and its tasks with it, when the server is.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) if connections.len() < limits.connections && admits(peer) => {
                    _ = connections.spawn(internal_connection(stream, name, limits, answer.clone()));
                }
                Ok(_) => tracing::warn!("a connection to {name} was refused"),
                Err(problem) => {
                    tracing::warn!(%problem, "a connection to {name} could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn internal_connection<A, E>(
    stream: TcpStream,
    name: &'static str,
    limits: HttpLimits,
    answer: impl Fn(Request<Incoming>) -> A,
) where
    A: Future<Output = Result<HttpResponse, E>>,
    E: std::error::Error + Send + Sync + 'static,
{
    let stream = StrictStream::new(stream, limits, Activity::new());
    let service = service_fn(answer);
    let served = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    if let Err(problem) = served {
        tracing::trace!(%problem, "a connection to {name} broke");
    }
}
