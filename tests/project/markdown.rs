//! Tables in Markdown.

/// The rows of the one table in `text`, without its two lines of heading: each has `N` cells, none empty.
pub(crate) fn rows<const N: usize>(text: &str) -> Vec<[&str; N]> {
    let lines = text.lines().filter(|line| line.starts_with('|'));
    let rows = lines.skip(2).map(|line| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert!(cells.iter().all(|cell| !cell.is_empty()), "{line}");
        cells
            .try_into()
            .unwrap_or_else(|_| panic!("not {N} cells: {line}"))
    });
    rows.collect()
}
