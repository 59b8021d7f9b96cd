//! Reads the compiled-in tables: comma separated, no quotes, one header row.

/// The rows of a table, each cut into exactly `N` cells.
///
/// # Panics
/// Where a row has another number of cells: the tables are part of the program, and a test reads every one.
pub(super) fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        cells.try_into().expect("a compiled-in table has the same number of cells in every row")
    })
}
