use tokio::signal::unix::{Signal, SignalKind, signal};

/// Comes back with a signal's name when somebody asks this program to end.
pub async fn asked_to_end() -> &'static str {
    let mut interrupt = listen(SignalKind::interrupt());
    tokio::select! {
        name = terminated() => name,
        () = received(interrupt.as_mut()) => "SIGINT",
    }
}

/// The same while another program has the terminal: Ctrl-C is then meant for that one, and is no end for this.
pub async fn asked_to_end_for_good() -> &'static str {
    let mut interrupt = listen(SignalKind::interrupt());
    let ignored = async {
        loop {
            received(interrupt.as_mut()).await;
        }
    };
    tokio::select! {
        name = terminated() => name,
        () = ignored => "SIGINT",
    }
}

async fn terminated() -> &'static str {
    let (mut terminate, mut hangup) = (listen(SignalKind::terminate()), listen(SignalKind::hangup()));
    tokio::select! {
        () = received(terminate.as_mut()) => "SIGTERM",
        () = received(hangup.as_mut()) => "SIGHUP",
    }
}

fn listen(kind: SignalKind) -> Option<Signal> {
    signal(kind).ok()
}

async fn received(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        // A machine that can't tell us of a signal never sends it.
        None => std::future::pending().await,
    }
}
