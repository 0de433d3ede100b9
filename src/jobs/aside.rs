use std::io;
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// A job on a thread of its own, of the lowest priority; dropped, it ends.
///
/// For work that takes long at one stretch: on the threads that answer requests, requests would wait for it.
pub(super) struct Aside {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Aside {
    /// Begins a job; fails where the system has no thread for it.
    pub(super) fn begin<F>(name: &str, job: impl FnOnce() -> F + Send + 'static) -> io::Result<Self>
    where
        F: Future<Output = ()>,
    {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            give_way();
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => {}
                    () = job() => {}
                }
            });
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Aside {
    /// Waits for it, for as long as it goes without a pause, so that its connection is closed then.
    fn drop(&mut self) {
        self.stop.take();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("a job ended early");
        }
    }
}

/// Leaves the processor to other threads. Where priorities are of whole processes only, it goes without.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, LOWEST) {
        tracing::warn!(%error, "a job can't be given a low priority");
    }
}

/// The lowest priority that there is; on Linux it is that of the thread that asks for it.
#[cfg(target_os = "linux")]
const LOWEST: i32 = 19;

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn it_gives_way_and_others_dont() {
        let priority = || rustix::process::getpriority_process(None).expect("a priority");
        let (tell, told) = mpsc::channel();
        let before = priority();
        let aside = Aside::begin("test", move || async move { tell.send(priority()).expect("somebody asks") });
        assert_eq!(told.recv(), Ok(LOWEST));
        drop(aside.expect("a thread"));
        assert_eq!(priority(), before);
    }

    #[test]
    fn dropped_it_has_ended() {
        let (tell, told) = mpsc::channel::<()>();
        let aside = Aside::begin("test", move || async move {
            tell.send(()).expect("somebody asks");
            std::future::pending::<()>().await;
        });
        told.recv().expect("it has begun");
        drop(aside.expect("a thread"));
        assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Disconnected), "what it held is gone");
    }
}
