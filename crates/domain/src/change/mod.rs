//! A change is one immutable, signed fact. Its header holds no personal data and is what is signed and chained; its
//! body holds names, values and notes, lies beside the header and can be erased.

mod body;
mod header;
pub mod kind;
mod people;
mod places;
mod proposal;
mod server;
mod visiting;

pub use body::{Body, BodyError};
pub use header::{ChangeHeader, EntityKind, EntityRef, PhotoRef};
pub use people::{
    AbsenceBegun, AbsenceEnded, PersonAdded, PersonMoved, PersonRemoved, RemovalCause, TemporaryResidenceBegun,
    TemporaryResidenceEnded,
};
pub use places::{AreaPart, AreaSet, Assigned, DwellingAdded, HouseholdAdded, HouseholdSplit};
pub use proposal::{
    CorrectionEntered, CorrectionProposed, CorrectionReviewed, CorrectionWithdrawn, Decision, Evidence, PaperRef,
    ReviewWithdrawn,
};
pub use server::{
    CorrectionConfirmed, DeviceRevoked, EditionPublished, EditionUndone, Erased, ErasureBasis, OfficerListed,
    PersonLinked, PolicySet, RevokedChain,
};
pub use visiting::{
    EventWithdrawn, EveryoneAsListed, NoteWritten, PhotoAttached, PhotoReason, VisitAmended, VisitKind, VisitOutcome,
    VisitRecord, VisitRecorded,
};
