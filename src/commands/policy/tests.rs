//! What `check` says and what `apply` does, without a process: every mode with every state of a
//! certificate, and random policies, messages and stores.

mod agreement;
mod inbound;
mod messages;
mod outbound;
mod people;
mod runs;

use people::{Person, State, Store};
use runs::{Copy, Ended, Reader};
