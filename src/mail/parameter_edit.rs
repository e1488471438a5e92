//! Changes to single parameters of Content-Type; all the others keep their octets.

use crate::mail::HeaderField;
use crate::mail::header_encoding::Folded;
use crate::mail::header_encoding::parameters::{
    parameter_name, split_at_semicolons, write_segments,
};

/// Writes a field without the parameters named in `remove`, and with those in `set` at its end;
/// names are in lower case. Line ends are CRLF.
///
/// `None` if the parameters cannot be told apart.
pub(crate) fn edit_parameters(
    field: &HeaderField<'_>,
    remove: &[&str],
    set: &[(&str, &str)],
) -> Option<Vec<u8>> {
    let body = field.unfolded();
    let goes = |segment: &&[u8]| {
        // `name*0*` is a piece of `name` (RFC 2231).
        let name = parameter_name(segment).unwrap_or_default();
        let name = name.split('*').next().unwrap_or_default();
        remove.contains(&name) || set.iter().any(|(set, _)| *set == name)
    };
    let mut segments: Vec<Vec<u8>> = Vec::new();
    for (index, segment) in split_at_semicolons(&body)?.iter().enumerate() {
        if index == 0 || !goes(segment) {
            segments.push(segment.to_vec());
        }
    }
    let set = set.iter();
    segments.extend(set.map(|(name, value)| format!("{name}=\"{value}\"").into_bytes()));
    let mut folded = Folded::new(field.name());
    write_segments(&segments, &mut folded);
    Some(folded.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::HeaderFields;

    #[test]
    fn parameters_are_set_and_removed_and_the_others_stay() {
        for (field, expected) in [
            ("Content-Type: text/plain\n", "text/plain; hp=\"clear\""),
            (
                "Content-Type:text/plain; charset=utf-8;\n",
                "text/plain; charset=utf-8; hp=\"clear\"",
            ),
            (
                "Content-Type: Text/Plain; HP=cipher; x=\"a;b\" (c;d); old*0=a; old*1*=%20\n",
                "Text/Plain; x=\"a;b\" (c;d); hp=\"clear\"",
            ),
            (
                "Content-Type: multipart/mixed;\n\tboundary=\"hp=;old=\"\n",
                "multipart/mixed; boundary=\"hp=;old=\"; hp=\"clear\"",
            ),
        ] {
            let header = HeaderFields::new(field.as_bytes().to_vec());
            let field = header.fields().next().unwrap();
            let edited = edit_parameters(&field, &["old"], &[("hp", "clear")]).unwrap();
            let edited = String::from_utf8(edited).unwrap();
            assert!(edited.ends_with("\r\n"));
            let value = edited.trim_end().replace("\r\n", "");
            assert_eq!(value, format!("Content-Type: {expected}"));
        }
        let open = HeaderFields::new(b"Content-Type: a/b; c=\"d\n".to_vec());
        assert_eq!(
            edit_parameters(&open.fields().next().unwrap(), &[], &[]),
            None
        );
    }
}
