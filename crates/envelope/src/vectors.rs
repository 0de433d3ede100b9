//! Known answers, computed by another implementation (pyca/cryptography) from the description of the form: what was sealed
//! by one release opens in every later one.

use uuid::Uuid;

use crate::key::hex;
use crate::{DataKey, Key, Owner, Place, Plaintext, Ring};

const KEY: &str = "tnt_kek_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const KEY_ID: &str = "kek-c5e0f1253c321ec1";
const CHECK_VALUE: &str = "a515722dce1a3c66fed1cd82ccbeac1902da2effa5ba2499118465f09128c9a0";

const DATA_KEY: Uuid = Uuid::from_u128(0xd000_0000_0000_4000_8000_0000_0000_0001);
const CLIENT: Owner = Owner::Client(Uuid::from_u128(0xc000_0000_0000_4000_8000_0000_0000_000a));
const SECRET: Uuid = Uuid::from_u128(0x5000_0000_0000_4000_8000_0000_0000_0001);

const WRAPPED: &str = "01a0a1a2a3a4a5a6a7a8a9aaab1dbe5f3ea63b1596997e6e7c8e31156268ae4ada3ab2299200bff65dcb8192f84f78a80c\
                       962066f0ffeae01c1b4916534835fec4bdfddd477f73a1d858df0febc418bf4ebb5d2404ec441e54dd586727";

const VALUE: &[u8] = br#""sk_live_known_answer""#;
const FINGERPRINT: &str = "5223466f8525a671be015a5721176fc5";

const PASSWORD: Place<'static> =
    Place { table: "system_configurations", column: "configuration_value", path: "/mail/password" };
const TAX_ID: Place<'static> = Place { table: "client_billing_info", column: "tax_id", path: "" };

const SEALED: &[(Owner, Place<'static>, &str)] = &[
    (
        CLIENT,
        PASSWORD,
        "01b0b1b2b3b4b5b6b7b8b9babb2173ebdaad239dfc648549979a9813aad07bf34d3637e8294d29706c91d4b6b915b8c8c52f8a",
    ),
    (
        Owner::Global,
        PASSWORD,
        "01b0b1b2b3b4b5b6b7b8b9babb2173ebdaad239dfc648549979a9813aad07bf34d363718d0dfb9f96bc5756e352bffa01dfa2e",
    ),
    (
        CLIENT,
        TAX_ID,
        "01b0b1b2b3b4b5b6b7b8b9babb2173ebdaad239dfc648549979a9813aad07bf34d3637185908e2265bde2c5d46e47507f5caa2",
    ),
];

fn material() -> [u8; 64] {
    let mut material = [0; 64];
    material.iter_mut().zip(64..).for_each(|(byte, value)| *byte = value);
    material
}

fn nonce(first: u8) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce.iter_mut().zip(first..).for_each(|(byte, value)| *byte = value);
    nonce
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|place| u8::from_str_radix(&text[place..place + 2], 16).unwrap()).collect()
}

#[test]
fn a_key_has_its_name_and_check_value() {
    let key = Key::parse(KEY).unwrap();
    assert_eq!((key.id().as_str(), hex(&key.check_value()).as_str()), (KEY_ID, CHECK_VALUE));
    assert_eq!(key.print().as_str(), KEY);
}

#[test]
fn a_data_key_is_wrapped_and_unwrapped() {
    let ring = Ring::parse(KEY).unwrap();
    assert_eq!(hex(&DataKey::of(DATA_KEY, CLIENT, material()).wrap_with(nonce(0xa0), ring.first())), WRAPPED);
    let unwrapped = DataKey::unwrap(&ring, ring.first().id(), DATA_KEY, CLIENT, &unhex(WRAPPED)).unwrap();
    let (owner, place, sealed) = SEALED[0];
    assert_eq!(owner, unwrapped.owner());
    assert_eq!(unwrapped.open(SECRET, place, &unhex(sealed)).unwrap().bytes(), VALUE);
}

#[test]
fn secrets_are_sealed_and_opened() {
    for (owner, place, sealed) in SEALED {
        let key = DataKey::of(DATA_KEY, *owner, material());
        let plain = Plaintext::of_bytes(VALUE.to_vec());
        assert_eq!(hex(&key.seal_with(nonce(0xb0), SECRET, *place, &plain)), *sealed);
        assert_eq!(key.open(SECRET, *place, &unhex(sealed)).unwrap().bytes(), VALUE);
        assert_eq!(key.fingerprint(&plain).as_str(), FINGERPRINT);
    }
}
