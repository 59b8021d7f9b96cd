//! Who a server and a device are. Do not modify.

use domain::id::{DeploymentId, DeviceId, LogId, OfficerId};
use domain::role::Role;
use domain::unit::Unit;
use minicbor::{Decode, Encode};

use super::Blob;

/// A server's public identity. Unsigned: its SHA-256 is the fingerprint that people compare.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Identity {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub deployment: DeploymentId,
    /// DER; empty where the server speaks plain HTTP on loopback.
    #[n(2)]
    pub ca_certificate: Blob,
    #[cbor(n(3), with = "minicbor::bytes")]
    pub enrolment_key: [u8; 32],
    #[cbor(n(4), with = "minicbor::bytes")]
    pub stick_key: [u8; 32],
}

/// The signed payload of a device's certificate.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Certificate {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub device: DeviceId,
    /// Ed25519.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub public_key: [u8; 32],
    /// Absent for the server itself.
    #[n(3)]
    pub unit: Option<Unit>,
    #[n(4)]
    pub role: Role,
    #[n(5)]
    pub officer: OfficerId,
    #[n(6)]
    pub from_ms: u64,
    #[n(7)]
    pub to_ms: u64,
    #[n(8)]
    pub key_epoch: u32,
    /// X25519: what comes back on a stick is sealed to it.
    #[cbor(n(9), with = "minicbor::bytes")]
    pub stick_key: Option<[u8; 32]>,
}

/// The signed payload of an enrolment request, by the new device's own key.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolmentRequest {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub code_id: String,
    #[n(2)]
    pub code_secret: String,
    #[n(3)]
    pub device: DeviceId,
    #[cbor(n(4), with = "minicbor::bytes")]
    pub public_key: [u8; 32],
    #[cbor(n(5), with = "minicbor::bytes")]
    pub stick_key: [u8; 32],
    #[n(6)]
    pub app_version: String,
    #[n(7)]
    pub clock_ms: u64,
}

impl std::fmt::Debug for EnrolmentRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EnrolmentRequest({}, {:?})", self.code_id, self.device)
    }
}

/// The signed payload of the answer, by the enrolment key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolmentAnswer {
    #[n(0)]
    pub format: u8,
    #[n(1)]
    pub certificate: Blob,
    #[n(2)]
    pub server_certificate: Blob,
    /// X25519: slot R is sealed to it.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub recovery_key: [u8; 32],
    #[n(4)]
    pub officer: OfficerId,
    #[n(5)]
    pub officer_name: String,
    #[n(6)]
    pub log: LogId,
    #[n(7)]
    pub server_ms: u64,
    #[n(8)]
    pub unit_name: String,
}
