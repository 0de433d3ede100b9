//! `/healthz` says that the server is alive.

use hyper::StatusCode;

use crate::support::Server;

#[tokio::test]
async fn a_server_is_alive() {
    let server = Server::start().await;
    let answer = server.get("/healthz").await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, "ok\n"));
    server.end().await;
}
