//! The framing of a queue file. Do not modify.

use domain::id::{DeploymentId, DeviceId};
use minicbor::{Decode, Encode};

use super::Blob;

/// A key that can open the file.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct QueueRecipient {
    /// X25519.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub key: [u8; 32],
    #[n(1)]
    pub encapsulation: Blob,
    #[n(2)]
    pub sealed_file_key: Blob,
}

/// What stands in the clear at the head of a queue file.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct QueueHeader {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub deployment: DeploymentId,
    #[n(2)]
    pub device: DeviceId,
    #[n(3)]
    pub written_ms: u64,
    #[n(4)]
    pub recipients: Vec<QueueRecipient>,
}

/// The last part: how many parts there are before it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct QueueEnd {
    #[n(0)]
    pub parts: u32,
}
