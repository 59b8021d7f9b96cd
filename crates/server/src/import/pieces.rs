//! An edition, or a delta, cut into the pieces that laptops download. The form of a piece is `sync`'s.

use domain::register::EditionRecord;
use sync::WireError;
use sync::edition::{Piece, PieceWriter};

/// Cuts records into pieces, in their order, holding one piece at a time. A delta may patch and remove, a full edition
/// may not. After an error there is nothing more.
///
/// # Errors
/// As [`PieceWriter::push`]: the records of an [`super::ImportPlan`] and of a [`super::Delta`] give none.
pub fn cut_pieces(
    records: impl IntoIterator<Item = EditionRecord>,
    is_delta: bool,
) -> impl Iterator<Item = Result<Piece, WireError>> {
    let mut records = records.into_iter();
    let mut writer = Some(PieceWriter::new(is_delta));
    std::iter::from_fn(move || {
        let open = writer.as_mut()?;
        for record in records.by_ref() {
            match open.push(&record) {
                Ok(None) => {}
                Ok(Some(piece)) => return Some(Ok(piece)),
                Err(error) => {
                    writer = None;
                    return Some(Err(error));
                }
            }
        }
        writer.take()?.finish().map(Ok)
    })
}
