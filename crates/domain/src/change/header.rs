//! The signed part of a change. Do not modify: these bytes are hashed, chained and frozen in docs/wire.cddl.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::{ChangeId, EntityId, OfficerId, PhotoHash};

/// What an entity id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    Person,
    Household,
    Dwelling,
    Visit,
    Correction,
    Officer,
    Device,
    /// The unit itself (editions, policy); its entity id is all zeros.
    Unit,
    /// Of a later version: kept with its change until the upgrade.
    Other(u16),
}

impl EntityKind {
    /// The number on the wire.
    pub fn number(self) -> u16 {
        match self {
            EntityKind::Person => 1,
            EntityKind::Household => 2,
            EntityKind::Dwelling => 3,
            EntityKind::Visit => 4,
            EntityKind::Correction => 5,
            EntityKind::Officer => 6,
            EntityKind::Device => 7,
            EntityKind::Unit => 8,
            EntityKind::Other(number) => number,
        }
    }

    /// The kind of a number on the wire.
    pub fn from_number(number: u16) -> Self {
        match number {
            1 => EntityKind::Person,
            2 => EntityKind::Household,
            3 => EntityKind::Dwelling,
            4 => EntityKind::Visit,
            5 => EntityKind::Correction,
            6 => EntityKind::Officer,
            7 => EntityKind::Device,
            8 => EntityKind::Unit,
            other => EntityKind::Other(other),
        }
    }
}

impl<C> Encode<C> for EntityKind {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u16(self.number())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for EntityKind {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.u16().map(Self::from_number)
    }
}

/// One entity.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize, ts_rs::TS,
)]
#[cbor(array)]
pub struct EntityRef {
    #[n(0)]
    pub kind: EntityKind,
    #[n(1)]
    pub id: EntityId,
}

impl EntityRef {
    /// The unit itself.
    pub const UNIT: EntityRef = EntityRef { kind: EntityKind::Unit, id: EntityId(uuid::Uuid::nil()) };

    pub fn new(kind: EntityKind, id: impl Into<EntityId>) -> Self {
        Self { kind, id: id.into() }
    }
}

/// A photo that a change names: content hash, size in bytes, media type.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(array)]
pub struct PhotoRef {
    #[n(0)]
    pub hash: PhotoHash,
    #[n(1)]
    #[ts(type = "number")]
    pub bytes: u64,
    /// `image/jpeg`, `image/png` or `image/webp`.
    #[n(2)]
    pub media_type: String,
}

/// The header of a change: random ids, type, time, author and the salted hash of the body.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ts_rs::TS)]
#[cbor(map)]
pub struct ChangeHeader {
    #[n(0)]
    pub id: ChangeId,
    /// Place in the device's chain, dense from 1.
    #[n(1)]
    #[ts(type = "number")]
    pub sequence: u64,
    /// A number of `change::kind`.
    #[n(2)]
    pub kind: u16,
    /// Version of the type's body, from 1.
    #[n(3)]
    pub version: u16,
    #[n(4)]
    pub entity: EntityRef,
    /// Number of the register edition the author had; 0 for none.
    #[n(5)]
    pub edition: u32,
    /// Index of the unit's log that the author had read; 0 for none.
    #[n(6)]
    #[ts(type = "number")]
    pub seen: u64,
    #[n(7)]
    pub author: OfficerId,
    /// Unix milliseconds of the author's clock. Evidence, never order.
    #[n(8)]
    #[ts(type = "number")]
    pub wall_clock_ms: u64,
    #[n(9)]
    pub photos: Option<Vec<PhotoRef>>,
    /// SHA-256 of the salted body.
    #[cbor(n(10), with = "minicbor::bytes")]
    #[ts(type = "Array<number>")]
    pub body_hash: [u8; 32],
    /// By how many milliseconds the author's clock had been set back since his previous change.
    #[n(11)]
    #[ts(type = "number | null")]
    pub clock_set_back_ms: Option<u64>,
    /// For a change of the server: the officer at whose word it was made.
    #[n(12)]
    pub on_behalf_of: Option<OfficerId>,
}
