//! The value of `--time`.

use crate::time::Time;

/// The time at which to judge, as `--time` gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeChoice {
    /// This time.
    At(Time),
    /// The signing time that the message claims.
    SigningTime,
    /// The time of the topmost Received field, which is a claim too.
    Received,
}

impl TimeChoice {
    /// Reads the value of `--time`.
    pub(super) fn parse(text: &str) -> Result<TimeChoice, String> {
        match text {
            "signing-time" => Ok(TimeChoice::SigningTime),
            "received" => Ok(TimeChoice::Received),
            text => Time::parse_rfc3339(text)
                .map(TimeChoice::At)
                .map_err(|error| format!("{error}, nor `signing-time` or `received`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_date_or_a_claim() {
        assert_eq!(TimeChoice::parse("received"), Ok(TimeChoice::Received));
        assert!(matches!(
            TimeChoice::parse("2026-01-01"),
            Ok(TimeChoice::At(_))
        ));
        assert!(TimeChoice::parse("now").is_err());
    }
}
