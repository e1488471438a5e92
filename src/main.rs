//! The `smime` program: parse, run, exit status.

use std::ffi::OsString;
use std::panic;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

static PANIC: Mutex<String> = Mutex::new(String::new());

#[allow(clippy::disallowed_methods, reason = "arguments come in here")]
fn main() -> ExitCode {
    panic::set_hook(Box::new(|info| {
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = info.to_string().replace("\n", " ");
    }));
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let status =
        panic::catch_unwind(|| smime::commands::run(arguments.clone())).unwrap_or_else(|_| {
            let what = PANIC.lock().unwrap_or_else(PoisonError::into_inner).clone();
            smime::commands::report_bug(&arguments, &what)
        });
    ExitCode::from(status.code())
}
