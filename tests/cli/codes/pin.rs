use crate::place::Place;
use crate::rollover::{renewed, trusting};

#[track_caller]
fn verify_shows(place: &Place, code: &str, options: &str) {
    let (_, new) = renewed(place);
    place.write("message.eml", new);
    place.shows(code, &format!("verify message.eml -o content.eml{options}"));
}

#[test]
fn rollover_first_message() {
    verify_shows(&trusting(), "pin.rollover-first-message", "");
}

#[test]
fn rollover_accepted() {
    verify_shows(&trusting(), "pin.rollover-accepted", " --rollover accept");
}

#[test]
fn held() {
    verify_shows(&trusting(), "pin.held", " --rollover hold");
}

#[test]
fn mismatch_untrusted() {
    verify_shows(&Place::office(), "pin.mismatch-untrusted", "");
}
