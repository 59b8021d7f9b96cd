//! HPKE (RFC 9180) in base mode: X25519-HKDF-SHA256, HKDF-SHA256, ChaCha20-Poly1305. It hides from all but the holder
//! of the private key; it says nothing of who sealed.

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal};
use zeroize::{Zeroize, Zeroizing};

use crate::VaultError;
use crate::key::{Secret32, empty_secret, fill_random};

const ENCAPSULATED_BYTES: usize = 32;

/// A fresh X25519 pair: private, public.
pub(crate) fn generate_pair() -> Result<(Secret32, [u8; 32]), VaultError> {
    let mut seed = Zeroizing::new([0; 32]);
    fill_random(&mut seed[..])?;
    let (private, public) = X25519HkdfSha256::derive_keypair(&seed[..]);
    let mut private_bytes = private.to_bytes();
    let mut secret = empty_secret();
    secret.copy_from_slice(&private_bytes);
    private_bytes.as_mut_slice().zeroize();
    Ok((secret, to_array(&public.to_bytes())))
}

/// Encapsulated key ‖ ciphertext. None for a public key that is no point of use (all zeros).
pub(crate) fn seal_to(public: &[u8; 32], info: &[u8], associated: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(public).ok()?;
    let (encapsulated, ciphertext) = single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        info,
        plaintext,
        associated,
    )
    .ok()?;
    Some([&encapsulated.to_bytes()[..], &ciphertext].concat())
}

pub(crate) fn open_with(
    private: &[u8; 32],
    info: &[u8],
    associated: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (encapsulated, ciphertext) = sealed.split_at_checked(ENCAPSULATED_BYTES)?;
    let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(private).ok()?;
    let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        info,
        ciphertext,
        associated,
    )
    .ok()
    .map(Zeroizing::new)
}

/// The public half of a private key.
pub(crate) fn public_of(private: &[u8; 32]) -> [u8; 32] {
    let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(private)
        .expect("every 32 bytes are an X25519 private key once clamped");
    to_array(&X25519HkdfSha256::sk_to_pk(&private).to_bytes())
}

fn to_array(bytes: &[u8]) -> [u8; 32] {
    bytes.try_into().expect("an X25519 key has 32 bytes")
}
