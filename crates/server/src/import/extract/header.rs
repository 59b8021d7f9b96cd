//! The header row: which column of the file is which of the format.

use std::sync::Arc;

use domain::field::Field;
use domain::text::clean_input;

use super::error::ExtractError;

/// What a column of the file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Edition,
    UnitCode,
    Field(Field),
    /// A column that the format does not name.
    Other,
}

impl Column {
    /// Whether every row must fill it.
    pub(super) fn must_be_filled(self) -> bool {
        match self {
            Column::Edition | Column::UnitCode => true,
            Column::Field(field) => matches!(
                field,
                Field::HouseholdNo | Field::Hamlet | Field::FullName | Field::RelationshipToHead | Field::ResidenceKind
            ),
            Column::Other => false,
        }
    }

    fn of_name(name: &str) -> Column {
        match name {
            "edition" => Column::Edition,
            "unit_code" => Column::UnitCode,
            _ => Field::from_column(name).map_or(Column::Other, Column::Field),
        }
    }

    /// Every column of the format.
    fn all() -> impl Iterator<Item = (&'static str, Column)> {
        let first = [("edition", Column::Edition), ("unit_code", Column::UnitCode)];
        first.into_iter().chain(Field::ALL.iter().map(|field| (field.column(), Column::Field(*field))))
    }
}

/// The columns of one file, in its order.
pub(super) struct Header {
    /// As they are written in the file.
    pub(super) names: Arc<[String]>,
    pub(super) columns: Vec<Column>,
}

impl Header {
    /// Reads the header row. The order is free; every column of the format must be there once, filled or not: a
    /// misspelt one would otherwise empty that field of everybody.
    pub(super) fn read(cells: &[String]) -> Result<Header, ExtractError> {
        let known = |cell: &String| Column::of_name(&cell.trim().to_ascii_lowercase());
        let filled = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        let columns: Vec<Column> = cells[..filled].iter().map(known).collect();
        let count_of = |column: Column| columns.iter().filter(|one| **one == column).count();
        let with_count = |wanted: fn(usize) -> bool| {
            Column::all().filter(|(_, column)| wanted(count_of(*column))).map(|(name, _)| name).collect::<Vec<_>>()
        };
        let (missing, repeated) = (with_count(|count| count == 0), with_count(|count| count > 1));
        if missing.len() == Column::all().count() {
            return Err(ExtractError::NoColumnFits);
        }
        if !missing.is_empty() || !repeated.is_empty() {
            return Err(ExtractError::WrongHeader { missing, repeated });
        }
        let readable = |(at, cell): (usize, &String)| match clean_input(cell, 100) {
            Ok(name) if !name.is_empty() => name,
            _ => format!("column {}", at + 1),
        };
        Ok(Header { names: cells[..filled].iter().enumerate().map(readable).collect(), columns })
    }

    /// How many names of the format the row holds: how a delimiter is recognised.
    pub(super) fn known_names<'a>(cells: impl Iterator<Item = &'a str>) -> usize {
        let is_known =
            |cell: &&str| Column::of_name(&cell.trim_matches(['"', ' ']).to_ascii_lowercase()) != Column::Other;
        cells.filter(is_known).count()
    }
}
