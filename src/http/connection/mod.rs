//! One connection, from its first request to its last.
//!
//! Three parts know of each other only by the [`Turn`]: [`body`] notes where requests and answers end, [`wire`] reads and
//! writes the bytes, and [`refusal`] says what is wrong where the bytes aren't a request.

mod body;
mod opening;
mod refusal;
mod turn;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::connect_info::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tower::ServiceExt as _;

use crate::settings::Limits;
use body::{Answered, Asked};
use turn::Turn;
use wire::Wire;

/// Answers what comes over a connection, for as long as it lasts.
pub(super) fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: &Limits,
    connections: &GracefulShutdown,
) -> impl Future<Output = ()> + use<> {
    // An answer is written whole: waiting for more to send along would only make it late.
    let _ = stream.set_nodelay(true);
    let turn = Arc::new(Turn::default());
    let service = router
        .map_request({
            let turn = turn.clone();
            move |mut request: hyper::Request<_>| {
                request.extensions_mut().insert(ConnectInfo(peer));
                request.map(|body| Asked::new(body, turn.clone()))
            }
        })
        .map_response({
            let turn = turn.clone();
            move |answer: hyper::Response<_>| answer.map(|body| Answered::new(body, turn.clone()))
        });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout())
        .max_header_size(limits.header_limit)
        .serve_connection(
            TokioIo::new(Wire::new(stream, peer, limits.url_limit, turn)),
            TowerToHyperService::new(service),
        );
    let watched = connections.watch(connection);
    async move {
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended");
        }
    }
}
