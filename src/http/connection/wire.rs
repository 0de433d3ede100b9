use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use super::opening::Opening;
use super::refusal::{self, Bare};
use super::turn::Turn;

/// How long a client may go on sending what nobody reads, after its answer was written.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much of that is passed over at a time.
const PASSED_OVER: usize = 16 * 1024;

/// The bytes of a connection.
///
/// Where hyper refuses by itself, a refusal of ours is written in the place of its bare one. And a connection whose client
/// is still sending isn't closed at once: the system would answer the rest with a reset, and the client might lose the
/// answer over it.
pub(super) struct Wire {
    stream: TcpStream,
    peer: SocketAddr,
    url_limit: usize,
    turn: Arc<Turn>,
    opening: Opening,
    refusal: Bytes,
    is_shut: bool,
    patience: Option<Pin<Box<Sleep>>>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, peer: SocketAddr, url_limit: usize, turn: Arc<Turn>) -> Self {
        let opening = Opening::default();
        Self { stream, peer, url_limit, turn, opening, refusal: Bytes::new(), is_shut: false, patience: None }
    }

    /// Puts a refusal of ours in the place of hyper's, where these bytes are one.
    fn is_refusal(&mut self, bytes: &[u8]) -> bool {
        if self.turn.is_free()
            && let Some(bare) = Bare::read(bytes)
        {
            self.refusal = refusal::written(bare, &self.opening, self.url_limit, self.peer);
            self.turn.refused();
        }
        self.turn.is_refused()
    }

    fn poll_refusal(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.refusal.has_remaining() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, &self.refusal))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.refusal.advance(written);
        }
        Poll::Ready(Ok(()))
    }

    /// Passes over what the client still sends, until it ends or its time is up.
    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let patience = self.patience.get_or_insert_with(|| Box::pin(tokio::time::sleep(PATIENCE)));
        if patience.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        let mut room = [0; PASSED_OVER];
        loop {
            let mut passed_over = ReadBuf::new(&mut room);
            let read = ready!(Pin::new(&mut self.stream).poll_read(context, &mut passed_over));
            if read.is_err() || passed_over.filled().is_empty() {
                return Poll::Ready(());
            }
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if self.turn.is_free() {
            self.opening.read(&buffer.filled()[before..]);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_refusal(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.is_refusal(parts.first().map(|part| &**part).unwrap_or_default()) {
            return Poll::Ready(Ok(parts.iter().map(|part| part.len()).sum()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_refusal(context))?;
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        if self.turn.written() {
            self.opening.clear();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_refusal(context))?;
        if !self.is_shut {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
            self.is_shut = true;
        }
        if self.turn.is_unread() {
            ready!(self.poll_rest(context));
        }
        Poll::Ready(Ok(()))
    }
}
