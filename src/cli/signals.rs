use tokio::signal::unix::{SignalKind, signal};

/// Comes back with a signal's name when somebody asks this program to end.
pub async fn asked_to_end() -> &'static str {
    let listen = |kind| signal(kind).ok();
    let (mut terminate, mut interrupt, mut hangup) =
        (listen(SignalKind::terminate()), listen(SignalKind::interrupt()), listen(SignalKind::hangup()));
    tokio::select! {
        () = received(terminate.as_mut()) => "SIGTERM",
        () = received(interrupt.as_mut()) => "SIGINT",
        () = received(hangup.as_mut()) => "SIGHUP",
    }
}

async fn received(signal: Option<&mut tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        // A machine that can't tell us of a signal never sends it.
        None => std::future::pending().await,
    }
}
