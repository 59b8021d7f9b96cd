//! What comes from the server: receipts, pages of the log, editions. Each is verified here again before anything moves,
//! and taken in whole, in one transaction.

pub(crate) mod carried;
pub(crate) mod edition;
pub(crate) mod feed;
pub(crate) mod log;
pub(crate) mod receipt;
/// See [`edition`].
mod records;
pub(crate) mod stick_receipt;
