//! Any body, by its type number and version.

use super::*;
use crate::change::kind as k;

/// Bytes that do not decode as the body their header announces.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the body does not decode as change type {kind} version {version}")]
pub struct BodyError {
    pub kind: u16,
    pub version: u16,
}

macro_rules! bodies {
    ($($kind:path => $name:ident in $entity:pat),* $(,)?) => {
        /// The body of a change: names, values, notes. Everything personal is here and only here.
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum Body {
            $($name($name),)*
        }

        impl Body {
            /// The type number on the wire.
            pub fn kind(&self) -> u16 {
                match self { $(Body::$name(_) => $kind,)* }
            }

            /// The version of the body that this build writes.
            pub fn version(&self) -> u16 {
                1
            }

            /// The deterministic CBOR map, without its salt.
            pub fn encode(&self) -> Vec<u8> {
                match self {
                    $(Body::$name(body) => minicbor::to_vec(body).expect("writing to a Vec cannot fail"),)*
                }
            }

            /// The body of `kind` and `version`; `None` for one that this build does not know. The caller has checked
            /// that the bytes are canonical.
            ///
            /// # Errors
            /// Bytes that do not decode, or decode to something that encodes differently.
            pub fn decode(kind: u16, version: u16, bytes: &[u8]) -> Result<Option<Body>, BodyError> {
                if version != 1 {
                    return Ok(None);
                }
                let error = || BodyError { kind, version };
                let body = match kind {
                    $($kind => Body::$name(minicbor::decode(bytes).map_err(|_| error())?),)*
                    _ => return Ok(None),
                };
                if body.encode() != bytes { Err(error()) } else { Ok(Some(body)) }
            }

            /// Whether a change with this body may stand on an entity of that kind.
            pub fn stands_on(&self, entity: EntityKind) -> bool {
                match self { $(Body::$name(_) => matches!(entity, $entity),)* }
            }
        }
    };
}

use EntityKind as E;

bodies! {
    k::VISIT_RECORDED => VisitRecorded in E::Visit,
    k::VISIT_AMENDED => VisitAmended in E::Visit,
    k::EVERYONE_AS_LISTED => EveryoneAsListed in E::Household,
    k::CORRECTION_PROPOSED => CorrectionProposed in E::Correction,
    k::CORRECTION_WITHDRAWN => CorrectionWithdrawn in E::Correction,
    k::CORRECTION_REVIEWED => CorrectionReviewed in E::Correction,
    k::REVIEW_WITHDRAWN => ReviewWithdrawn in E::Correction,
    k::CORRECTION_ENTERED => CorrectionEntered in E::Correction,
    k::CORRECTION_CONFIRMED => CorrectionConfirmed in E::Correction,
    k::PERSON_ADDED => PersonAdded in E::Person,
    k::PERSON_REMOVED => PersonRemoved in E::Person,
    k::PERSON_MOVED => PersonMoved in E::Person,
    k::PERSON_LINKED => PersonLinked in E::Person,
    k::DWELLING_ADDED => DwellingAdded in E::Dwelling,
    k::HOUSEHOLD_ADDED => HouseholdAdded in E::Household,
    k::HOUSEHOLD_SPLIT => HouseholdSplit in E::Household,
    k::TEMPORARY_RESIDENCE_BEGUN => TemporaryResidenceBegun in E::Person,
    k::TEMPORARY_RESIDENCE_ENDED => TemporaryResidenceEnded in E::Person,
    k::ABSENCE_BEGUN => AbsenceBegun in E::Person,
    k::ABSENCE_ENDED => AbsenceEnded in E::Person,
    k::PHOTO_ATTACHED => PhotoAttached in E::Person | E::Household | E::Dwelling,
    k::NOTE_WRITTEN => NoteWritten in E::Person | E::Household | E::Dwelling,
    k::ASSIGNED => Assigned in E::Household,
    k::AREA_SET => AreaSet in E::Officer,
    k::EVENT_WITHDRAWN => EventWithdrawn in E::Person | E::Household | E::Dwelling | E::Correction,
    k::EDITION_PUBLISHED => EditionPublished in E::Unit,
    k::EDITION_UNDONE => EditionUndone in E::Unit,
    k::ERASED => Erased in E::Unit | E::Person,
    k::DEVICE_REVOKED => DeviceRevoked in E::Device,
    k::OFFICER_LISTED => OfficerListed in E::Officer,
    k::POLICY_SET => PolicySet in E::Unit,
}

impl Body {
    /// Every entity whose state this change takes part in: the header's own first, then those its body names, each
    /// once. Exactly these are folded again when the change arrives, is refused or is erased.
    pub fn touches(&self, own: EntityRef) -> Vec<EntityRef> {
        let mut touched = vec![own];
        let mut add = |entity: EntityRef| {
            if !touched.contains(&entity) {
                touched.push(entity);
            }
        };
        match self {
            Body::VisitRecorded(VisitRecorded { visit }) => {
                add(EntityRef::new(E::Household, visit.household));
                visit.met.iter().for_each(|person| add(EntityRef::new(E::Person, *person)));
            }
            Body::VisitAmended(body) => {
                add(EntityRef::new(E::Household, body.visit.household));
                body.visit.met.iter().for_each(|person| add(EntityRef::new(E::Person, *person)));
            }
            Body::EventWithdrawn(body) => body.touched.iter().for_each(|entity| add(*entity)),
            Body::EveryoneAsListed(body) => {
                body.persons.iter().for_each(|person| add(EntityRef::new(E::Person, *person)));
            }
            Body::HouseholdSplit(body) => {
                add(EntityRef::new(E::Household, body.from));
                body.persons.iter().for_each(|person| add(EntityRef::new(E::Person, *person)));
            }
            Body::PersonLinked(body) => add(EntityRef::new(E::Person, body.register_person)),
            _ => {}
        }
        touched
    }
}
