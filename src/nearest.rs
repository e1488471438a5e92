//! The nearest valid name to a mistyped one.

/// Finds the candidate that `word` was most likely meant to be; `None` if none is close.
///
/// Close is: at most a third of the longer one's characters inserted, removed, changed or swapped.
pub fn find_nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&word, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| {
            *distance * 3 <= word.chars().count().max(candidate.chars().count())
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognized_and_strangers_are_not() {
        let names = ["encrypt", "external", "on-failure"];
        assert_eq!(find_nearest("encrpyt", names), Some("encrypt"));
        assert_eq!(find_nearest("On_Failure", names), Some("on-failure"));
        assert_eq!(find_nearest("colour", names), None);
    }
}
