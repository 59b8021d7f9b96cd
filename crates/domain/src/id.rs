//! One id type per kind of thing. Ids are 16 random bytes (UUIDv7, made outside this crate) and hold no personal data.

use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl $name {
            /// The 16 bytes as they stand on the wire and in the database.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// From the 16 bytes of the wire or the database.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// From a slice; `None` where it is not 16 bytes long.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(self.0.as_bytes())?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                Uuid::from_slice(d.bytes()?)
                    .map(Self)
                    .map_err(|_| minicbor::decode::Error::message("an id is 16 bytes"))
            }
        }
    };
}

id_type!(
    /// One signed fact.
    ChangeId
);
id_type!(
    /// A person, given once by the server at import, or at random at the door.
    PersonId
);
id_type!(
    /// A household.
    HouseholdId
);
id_type!(
    /// A dwelling: a place people live in.
    DwellingId
);
id_type!(
    /// One knock at a door.
    VisitId
);
id_type!(
    /// A proposal to change one field of the register.
    CorrectionId
);
id_type!(
    /// A person who works with the system; never a resident.
    OfficerId
);
id_type!(
    /// One enrolled profile on one laptop, or the server itself.
    DeviceId
);
id_type!(
    /// A device's sequence of batches for one unit.
    ChainId
);
id_type!(
    /// One run of a unit's log; a restored server takes a new one.
    LogId
);
id_type!(
    /// One installation of the server.
    DeploymentId
);
id_type!(
    /// The bare id of any entity, read together with its `EntityKind`.
    EntityId
);

macro_rules! entity_id {
    ($($name:ident),*) => {$(
        impl From<$name> for EntityId {
            fn from(id: $name) -> Self { EntityId(id.0) }
        }
        impl From<EntityId> for $name {
            fn from(id: EntityId) -> Self { $name(id.0) }
        }
    )*};
}
entity_id!(PersonId, HouseholdId, DwellingId, VisitId, CorrectionId, OfficerId, DeviceId);

/// SHA-256 of a photo's bytes: its name everywhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ts_rs::TS)]
#[ts(type = "string")]
pub struct PhotoHash(pub [u8; 32]);

impl PhotoHash {
    /// Lower-case hexadecimal, 64 characters.
    pub fn to_hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// From 64 hexadecimal characters.
    pub fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0u8; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl std::fmt::Debug for PhotoHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PhotoHash({})", self.to_hex())
    }
}

impl Serialize for PhotoHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for PhotoHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).ok_or_else(|| serde::de::Error::custom("a photo hash is 64 hexadecimal characters"))
    }
}

impl<C> Encode<C> for PhotoHash {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for PhotoHash {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.bytes()?.try_into().map(Self).map_err(|_| minicbor::decode::Error::message("a photo hash is 32 bytes"))
    }
}
