//! The memory of the process, which holds passphrases, private keys and plaintext, is nobody else's.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// From now on the memory of this process reaches no core dump and no other process of the user.
///
/// The limit alone does not do: dumps that the system pipes to a program are made in spite of it
/// (core(5)). A process that is not dumpable has none of either kind, and `ptrace`, `/proc/PID/mem`
/// and `/proc/PID/environ` are closed to all but the superuser.
///
/// Only a sandbox that forbids the calls makes them fail. The work goes on then: this is the last
/// fence of several, and mail is not to be lost for it.
pub(super) fn keep_private() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
