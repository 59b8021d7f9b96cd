//! RFC 8032 section 7.1, Project Wycheproof's Ed25519 cases, and what is sealed to a stick key.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

use super::*;

fn bytes(hex: &str) -> Vec<u8> {
    HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).unwrap()
}

/// Seed, public key, message, signature: tests 1, 2, 3 and SHA(abc) of RFC 8032.
const RFC_8032: &[(&str, &str, &str, &str)] = &[
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
];

#[test]
fn rfc_8032_vectors_are_exact() {
    for (seed, public_key, message, signature) in RFC_8032 {
        let key = SigningKey::from_seed(&bytes(seed).try_into().unwrap());
        assert_eq!(HEXLOWER.encode(&key.public_key()), *public_key);
        assert_eq!(HEXLOWER.encode(&key.sign(&bytes(message))), *signature);
        assert!(signature_holds(&key.public_key(), &bytes(message), &bytes(signature)));
    }
}

#[test]
fn wycheproof_verdicts_are_exact() {
    let cases = include_str!("../../tests/data/wycheproof-ed25519.txt");
    let mut read = 0;
    for line in cases.lines().filter(|line| !line.starts_with('#')) {
        let [number, public_key, message, signature, verdict] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("five columns: {line}");
        };
        let column = |text: &str| if text == "-" { Vec::new() } else { bytes(text) };
        let public_key: PublicKey = column(public_key).try_into().unwrap();
        let holds = signature_holds(&public_key, &column(message), &column(signature));
        assert_eq!(holds, verdict == "valid", "case {number}");
        read += 1;
    }
    assert_eq!(read, 151);
}

#[test]
fn seed_gives_the_same_key_again() {
    let key = SigningKey::generate();
    assert_eq!(SigningKey::from_seed(key.seed()).public_key(), key.public_key());
    assert_ne!(SigningKey::generate().public_key(), key.public_key());
}

#[test]
fn kid_is_the_start_of_the_hash_of_the_public_key() {
    let public_key = [7; 32];
    assert_eq!(kid_of(&public_key), sha256(&public_key)[..16]);
}

#[test]
fn x25519_public_key_is_that_of_rfc_7748() {
    // Section 6.1, Bob.
    let secret = bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb").try_into().unwrap();
    assert_eq!(
        HEXLOWER.encode(&StickSecret::from_bytes(&secret).public_key()),
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    );
}

#[test]
fn sealed_secret_opens_only_with_its_key_and_purpose() {
    let secret = StickSecret::generate();
    let sealed = seal_to(&secret.public_key(), b"file key", b"info", b"aad").unwrap();
    assert_eq!(secret.open(&sealed, b"info", b"aad").unwrap().as_slice(), b"file key");
    assert!(StickSecret::generate().open(&sealed, b"info", b"aad").is_err());
    assert!(secret.open(&sealed, b"other", b"aad").is_err());
    assert!(secret.open(&sealed, b"info", b"other").is_err());
    for bit in 0..sealed.ciphertext.len() * 8 {
        let mut flipped = sealed.clone();
        flipped.ciphertext[bit / 8] ^= 1 << (bit % 8);
        assert!(secret.open(&flipped, b"info", b"aad").is_err());
    }
}

#[test]
fn stick_secret_survives_its_bytes() {
    let secret = StickSecret::generate();
    assert_eq!(StickSecret::from_bytes(&secret.to_bytes()).public_key(), secret.public_key());
}
