//! The reject file: the rows that could not be read, with the place and the reason.
//!
//! CSV in UTF-8 with a BOM: the columns of the extract exactly as they came, then `line`, `column`, `reason`. Nothing is
//! escaped for spreadsheets, so that a corrected row can be put back into the extract: do not open it with formulas on.

use std::io::Write;

use super::RejectedRow;

/// Writes rejected rows. Nothing is written, not even the header, before the first.
pub struct RejectFile<W: Write> {
    unopened: Option<W>,
    rows: Option<csv::Writer<W>>,
}

impl<W: Write> RejectFile<W> {
    pub fn new(writer: W) -> Self {
        Self { unopened: Some(writer), rows: None }
    }

    /// Adds one row.
    ///
    /// # Errors
    /// What the writer answers.
    pub fn write(&mut self, row: &RejectedRow) -> std::io::Result<()> {
        if let Some(mut writer) = self.unopened.take() {
            writer.write_all("\u{FEFF}".as_bytes())?;
            let mut rows = csv::WriterBuilder::new().flexible(true).from_writer(writer);
            rows.write_record(row.header.iter().map(String::as_str).chain(["line", "column", "reason"]))?;
            self.rows = Some(rows);
        }
        let rows = self.rows.as_mut().expect("the writer was just taken over");
        let missing = row.header.len().saturating_sub(row.cells.len());
        let cells = row.cells.iter().map(String::as_str).chain(std::iter::repeat_n("", missing));
        let line = row.fault.line.to_string();
        let reason = row.fault.reason.to_string();
        let place = [line.as_str(), row.fault.column.as_deref().unwrap_or_default(), reason.as_str()];
        rows.write_record(cells.chain(place))?;
        Ok(())
    }

    /// Writes out what is buffered and gives the writer back.
    ///
    /// # Errors
    /// What the writer answers.
    pub fn finish(self) -> std::io::Result<W> {
        match (self.rows, self.unopened) {
            (Some(rows), _) => rows.into_inner().map_err(csv::IntoInnerError::into_error),
            (None, Some(writer)) => Ok(writer),
            (None, None) => Err(std::io::ErrorKind::Other.into()),
        }
    }
}
