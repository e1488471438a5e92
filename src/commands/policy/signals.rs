//! Signals while `policy apply` works.
//!
//! A process that a signal ends has no status of its own: a shell makes one of 128 and above of it,
//! at which mail servers return mail. So those that can be caught end in 75.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::process;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use signal_hook::consts::{SIGABRT, SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::{flag, low_level};

use crate::commands::policy::mail_server::first_line;
use crate::error::ExitStatus;

/// Octets of the stack of the thread that waits: it does next to nothing.
const STACK: usize = 64 << 10;

/// From now on, whoever ends this process with a signal gets status 75.
///
/// # Errors
/// The system has no descriptor or thread left.
pub(in crate::commands) fn defer_mail() -> io::Result<()> {
    // The runtime aborts when memory or stack is used up, and has told so before.
    let always = Arc::new(AtomicBool::new(true));
    let temporary = ExitStatus::TEMPORARY.code();
    flag::register_conditional_shutdown(SIGABRT, temporary.into(), always)?;
    // Caught, it is an error of the write, which has a text.
    flag::register(SIGXFSZ, Arc::default())?;

    let (mut signals, sender) = UnixStream::pair()?;
    for signal in [SIGTERM, SIGINT, SIGHUP] {
        low_level::pipe::register(signal, sender.try_clone()?)?;
    }
    let wait = move || {
        if signals.read_exact(&mut [0]).is_ok() {
            let why = "ended by a signal; try again later";
            let line = first_line(ExitStatus::TEMPORARY, why);
            let _ = io::stderr().write_all(line.as_bytes());
            process::exit(temporary.into());
        }
    };
    thread::Builder::new().stack_size(STACK).spawn(wait)?;
    Ok(())
}
