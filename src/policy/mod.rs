//! What happens to a message: rules, and the decision they lead to.
//!
//! This layer decides; the others state facts. It touches no key, no certificate and no file: what
//! it needs to know stands in [`decision::OutboundFacts`], and what it says is a [`decision`].
//! A policy file is read by [`file`](mod@file), its rules are matched by [`rule`].

pub mod decision;
pub mod file;
pub mod pattern;
pub mod profile;
pub mod rule;
