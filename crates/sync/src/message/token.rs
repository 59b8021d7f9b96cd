//! Reads take a 15-minute token for a signed challenge. Do not modify.

use domain::id::DeviceId;
use minicbor::{Decode, Encode};

/// A fresh nonce.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Challenge {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub nonce: [u8; 32],
    #[n(1)]
    pub good_until_ms: u64,
}

/// The signed payload that answers it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TokenRequest {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub device: DeviceId,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub nonce: [u8; 32],
    #[n(3)]
    pub clock_ms: u64,
    #[n(4)]
    pub app_version: String,
    /// The device's certificate, where the server may have been restored from an older backup.
    #[n(5)]
    pub certificate: Option<super::Blob>,
}

/// A bearer token.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Token {
    #[n(0)]
    pub token: String,
    #[n(1)]
    pub good_until_ms: u64,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token(good until {})", self.good_until_ms)
    }
}
