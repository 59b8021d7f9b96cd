//! The two kinds of secret key of a device: Ed25519 through `ring` for signatures, X25519 for what is sealed to it on a
//! stick (HPKE, RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305). Secrets live in one place on the
//! heap, are wiped when dropped and are never printed.

use hpke::{Deserializable, Kem as _, OpModeR, OpModeS, Serializable};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use zeroize::Zeroizing;

use crate::hash::sha256;

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

/// An Ed25519 public key.
pub type PublicKey = [u8; 32];
/// The first 16 bytes of SHA-256(public key).
pub type Kid = [u8; 16];

/// How an envelope names the key that signed it.
pub fn kid_of(public_key: &PublicKey) -> Kid {
    let mut kid = [0; 16];
    kid.copy_from_slice(&sha256(public_key)[..16]);
    kid
}

/// Whether `signature` over `message` was made by that key. One signature at a time: batch verification disagrees with
/// single verification on crafted signatures.
pub(crate) fn signature_holds(public_key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key).verify(message, signature).is_ok()
}

/// A device's or a server's signing key.
pub struct SigningKey {
    seed: Box<Zeroizing<[u8; 32]>>,
    public_key: PublicKey,
}

impl SigningKey {
    /// A fresh key from the operating system's randomness.
    pub fn generate() -> Self {
        let mut seed = Box::new(Zeroizing::new([0; 32]));
        fill_random(seed.as_mut_slice());
        Self::of(seed)
    }

    /// The key of a 32-byte seed (RFC 8032).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let mut kept = Box::new(Zeroizing::new([0; 32]));
        kept.copy_from_slice(seed);
        Self::of(kept)
    }

    fn of(seed: Box<Zeroizing<[u8; 32]>>) -> Self {
        let mut public_key = [0; 32];
        public_key.copy_from_slice(key_pair(&seed).public_key().as_ref());
        Self { seed, public_key }
    }

    /// The seed, to be wrapped by the vault and by nothing else.
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    pub fn public_key(&self) -> PublicKey {
        self.public_key
    }

    pub fn kid(&self) -> Kid {
        kid_of(&self.public_key)
    }

    /// The signature of a message. The expanded key lives only as long as this call: `ring` does not wipe it.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(key_pair(&self.seed).sign(message).as_ref());
        signature
    }
}

fn key_pair(seed: &[u8; 32]) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(seed).expect("any 32 bytes are an Ed25519 seed")
}

/// Fills with the operating system's randomness.
pub fn fill_random(bytes: &mut [u8]) {
    SystemRandom::new().fill(bytes).expect("the operating system gives random bytes")
}

/// The secret half of a stick key.
pub struct StickSecret {
    bytes: Box<Zeroizing<[u8; 32]>>,
    public_key: [u8; 32],
}

/// Something that was not sealed to this key, for this purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not sealed to this key")]
pub struct NotForThisKey;

/// A secret sealed to a stick key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSecret {
    pub encapsulation: Vec<u8>,
    pub ciphertext: Vec<u8>,
}

impl StickSecret {
    /// A fresh key from the operating system's randomness.
    pub fn generate() -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        fill_random(bytes.as_mut_slice());
        Self::from_bytes(&bytes)
    }

    /// The key of 32 secret bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut kept = Box::new(Zeroizing::new([0; 32]));
        kept.copy_from_slice(bytes);
        let mut public_key = [0; 32];
        public_key.copy_from_slice(&Kem::sk_to_pk(&private_key(&kept)).to_bytes());
        Self { bytes: kept, public_key }
    }

    /// The secret bytes, to be wrapped by the vault and by nothing else.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(**self.bytes)
    }

    pub fn public_key(&self) -> [u8; 32] {
        self.public_key
    }

    /// Opens what was sealed to this key with the same `info` and `aad`.
    ///
    /// # Errors
    /// Sealed to another key, for another purpose, or changed on the way.
    pub fn open(&self, sealed: &SealedSecret, info: &[u8], aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotForThisKey> {
        let encapsulation =
            <Kem as hpke::Kem>::EncappedKey::from_bytes(&sealed.encapsulation).map_err(|_| NotForThisKey)?;
        hpke::single_shot_open::<Aead, Kdf, Kem>(
            &OpModeR::Base,
            &private_key(&self.bytes),
            &encapsulation,
            info,
            &sealed.ciphertext,
            aad,
        )
        .map(Zeroizing::new)
        .map_err(|_| NotForThisKey)
    }
}

fn private_key(bytes: &[u8; 32]) -> <Kem as hpke::Kem>::PrivateKey {
    <Kem as hpke::Kem>::PrivateKey::from_bytes(bytes).expect("any 32 bytes are an X25519 secret")
}

/// Seals a secret to the holder of a stick key.
///
/// # Errors
/// The bytes are no usable X25519 key (a point of small order).
pub fn seal_to(public_key: &[u8; 32], secret: &[u8], info: &[u8], aad: &[u8]) -> Result<SealedSecret, NotForThisKey> {
    let recipient = <Kem as hpke::Kem>::PublicKey::from_bytes(public_key).map_err(|_| NotForThisKey)?;
    let (encapsulation, ciphertext) =
        hpke::single_shot_seal::<Aead, Kdf, Kem>(&OpModeS::Base, &recipient, info, secret, aad)
            .map_err(|_| NotForThisKey)?;
    Ok(SealedSecret { encapsulation: encapsulation.to_bytes().to_vec(), ciphertext })
}

#[cfg(test)]
mod tests;
