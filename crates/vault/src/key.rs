//! The master key and what is derived from it. A key sits behind a pointer, so that moving it copies no secret, and is
//! wiped when dropped.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::VaultError;

/// Separates every derivation of this product's keys from any other use of the same bytes. Do not modify: files on
/// laptops open only with these words.
const HKDF_SALT: &[u8] = b"tungnha vault v1";
const WRAP_FORMAT: u8 = 1;

pub(crate) type Secret32 = Box<Zeroizing<[u8; 32]>>;

pub(crate) fn empty_secret() -> Secret32 {
    Box::new(Zeroizing::new([0; 32]))
}

pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), VaultError> {
    SystemRandom::new().fill(bytes).map_err(|_| VaultError::NoRandomness)
}

/// 32 random bytes from which every other key of a profile comes. Stored only inside a slot; a
/// server's in its key file.
pub struct MasterKey(Secret32);

/// The raw key of one SQLCipher file. Only `open_database` reads it.
pub struct DatabaseKey(Secret32);

impl MasterKey {
    /// A new key from the operating system.
    ///
    /// # Panics
    /// When the operating system has no random bytes to give: there is no safe way to go on.
    pub fn generate() -> Self {
        let mut key = empty_secret();
        fill_random(&mut key[..]).expect("the operating system gives random bytes");
        Self(key)
    }

    /// The master key of a server, whose key file holds it bare: a server restarts without a person who could type a
    /// passphrase. Never for a profile.
    pub fn from_key_file(secret: &[u8; 32]) -> Self {
        let mut key = empty_secret();
        key.copy_from_slice(secret);
        Self(key)
    }

    pub(crate) fn from_secret(secret: Secret32) -> Self {
        Self(secret)
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The raw SQLCipher key of the file with this purpose ("work", "photos", "ledger"); another purpose, another key.
    pub fn database_key(&self, purpose: &str) -> DatabaseKey {
        let mut key = empty_secret();
        derive(&self.0[..], "database", purpose.as_bytes(), &mut key);
        DatabaseKey(key)
    }

    /// Seals a small secret (a signing seed) for one purpose: format ‖ nonce ‖ ChaCha20-Poly1305 ciphertext and tag.
    /// The same purpose is needed to unwrap.
    pub fn wrap(&self, purpose: &str, plaintext: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        fill_random(&mut nonce).expect("the operating system gives random bytes");
        let mut key = empty_secret();
        derive(&self.0[..], "wrap", purpose.as_bytes(), &mut key);

        let mut sealed = vec![WRAP_FORMAT];
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&seal(&key, nonce, purpose.as_bytes(), plaintext));
        sealed
    }

    /// Opens what `wrap` sealed under this key for this purpose; anything else is `UnwrapFailed`.
    pub fn unwrap(&self, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (format, rest) = sealed.split_first().ok_or(VaultError::UnwrapFailed)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>().ok_or(VaultError::UnwrapFailed)?;
        if *format != WRAP_FORMAT {
            return Err(VaultError::UnwrapFailed);
        }
        let mut key = empty_secret();
        derive(&self.0[..], "wrap", purpose.as_bytes(), &mut key);
        open(&key, *nonce, purpose.as_bytes(), ciphertext).ok_or(VaultError::UnwrapFailed)
    }

    /// 16 bytes that say whether a recovered key is the right one, and nothing else about it.
    pub(crate) fn fingerprint(&self) -> [u8; 16] {
        let mut derived = empty_secret();
        derive(&self.0[..], "fingerprint", b"", &mut derived);
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&derived[..16]);
        fingerprint
    }
}

impl DatabaseKey {
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// HKDF-SHA256 into `out`. `label` names the kind of key and `context` the one of that kind; a label holds no zero.
pub(crate) fn derive(secret: &[u8], label: &str, context: &[u8], out: &mut [u8; 32]) {
    struct Length32;
    impl KeyType for Length32 {
        fn len(&self) -> usize {
            32
        }
    }
    let key = Salt::new(HKDF_SHA256, HKDF_SALT).extract(secret);
    key.expand(&[label.as_bytes(), &[0], context], Length32)
        .and_then(|material| material.fill(out))
        .expect("32 bytes are within what HKDF-SHA256 gives");
}

/// ChaCha20-Poly1305; the caller answers for the nonce being fresh under this key.
pub(crate) fn seal(key: &[u8; 32], nonce: [u8; NONCE_LEN], associated: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(plaintext.len() + CHACHA20_POLY1305.tag_len()));
    buffer.extend_from_slice(plaintext);
    aead_key(key)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(associated), &mut *buffer)
        .expect("a small plaintext is within the limits of ChaCha20-Poly1305");
    buffer.to_vec()
}

pub(crate) fn open(
    key: &[u8; 32],
    nonce: [u8; NONCE_LEN],
    associated: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let nonce = Nonce::assume_unique_for_key(nonce);
    let length = aead_key(key).open_in_place(nonce, Aad::from(associated), &mut buffer).ok()?.len();
    buffer.truncate(length);
    Some(buffer)
}

fn aead_key(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).expect("a key of 32 bytes has the right length"))
}
