//! The one address that callers use. It serves HTTP/1.1 on loopback with connections kept alive.

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
use tokio::time::timeout;

use crate::cloudfront::Distribution;
use crate::http_api::gateway::Api;
use crate::http_api::reply::HttpResponse;
use crate::local::Local;

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
    pub(crate) fn serve(listener: TcpListener, site: Site) -> Self {
        let (stopping, stop) = watch::channel(false);
        let (alive, connections) = mpsc::channel(1);
        let server = tokio::spawn(accept(listener, Arc::new(site), stop, alive));
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
    mut stop: watch::Receiver<bool>,
    alive: mpsc::Sender<Infallible>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                tokio::spawn(connection(stream, peer, Arc::clone(&site), stop.clone(), alive.clone()));
            }
            Err(problem) => {
                // Out of file handles, most likely: those in use must be given back first.
                tracing::warn!(%problem, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    site: Arc<Site>,
    mut stop: watch::Receiver<bool>,
    _alive: mpsc::Sender<Infallible>,
) {
    let service = service_fn(|request| {
        let site = Arc::clone(&site);
        async move { Ok::<_, Infallible>(site.answer(request, peer).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let stopped = async {
        // An error means that the server is gone, which is a reason to stop, too.
        let _ = stop.wait_for(|stopping| *stopping).await;
    };
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
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
