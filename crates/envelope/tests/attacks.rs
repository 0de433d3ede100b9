//! What somebody with the database in their hands may try: none of it opens anything.

use envelope::{DataKey, Error, Key, Owner, Place, Plaintext, Ring};
use proptest::prelude::*;
use uuid::Uuid;

const CLIENT: Owner = Owner::Client(Uuid::from_u128(0xc1));
const KEY: Uuid = Uuid::from_u128(0xd1);
const SECRET: Uuid = Uuid::from_u128(0x51);
const PLACE: Place<'static> = Place { table: "client_billing_info", column: "tax_id", path: "" };

fn ring() -> Ring {
    Ring::new(vec![Key::generate().unwrap()]).unwrap()
}

fn plain(text: &str) -> Plaintext {
    Plaintext::of_bytes(text.as_bytes().to_vec())
}

fn data_key() -> DataKey {
    DataKey::generate(KEY, CLIENT).unwrap()
}

#[test]
fn every_byte_of_a_ciphertext_counts() {
    let key = data_key();
    let sealed = key.seal(SECRET, PLACE, &plain("DE123456789")).unwrap();
    assert_eq!(key.open(SECRET, PLACE, &sealed).unwrap().bytes(), b"DE123456789");
    for place in 0..sealed.len() {
        for bit in 0..8 {
            let mut altered = sealed.clone();
            altered[place] ^= 1 << bit;
            assert_eq!(key.open(SECRET, PLACE, &altered).err(), Some(Error::Refused), "bit {bit} of byte {place}");
        }
    }
    for length in 0..sealed.len() {
        assert_eq!(key.open(SECRET, PLACE, &sealed[..length]).err(), Some(Error::Refused), "cut to {length}");
    }
    let longer = [sealed.as_slice(), &[0]].concat();
    assert_eq!(key.open(SECRET, PLACE, &longer).err(), Some(Error::Refused));
}

#[test]
fn a_ciphertext_opens_in_its_place_alone() {
    let key = data_key();
    let sealed = key.seal(SECRET, PLACE, &plain("value")).unwrap();
    let elsewhere = [
        ("another secret", Uuid::from_u128(0x52), PLACE),
        ("another table", SECRET, Place { table: "client_deployments", ..PLACE }),
        ("another column", SECRET, Place { column: "vat_number", ..PLACE }),
        ("another path", SECRET, Place { path: "/0", ..PLACE }),
        (
            "the same letters otherwise divided",
            SECRET,
            Place { table: "client_billing_inf", column: "otax_id", path: "" },
        ),
        ("the same letters otherwise divided", SECRET, Place { column: "tax_i", path: "d", ..PLACE }),
    ];
    for (what, secret, place) in elsewhere {
        assert_eq!(key.open(secret, place, &sealed).err(), Some(Error::Refused), "{what}");
    }
}

#[test]
fn a_ciphertext_opens_for_its_owner_and_under_its_key_alone() {
    let ring = ring();
    let key = data_key();
    let sealed = key.seal(SECRET, PLACE, &plain("value")).unwrap();
    let wrapped = key.wrap(ring.first()).unwrap();
    let unwrapped = |id, owner| DataKey::unwrap(&ring, ring.first().id(), id, owner, &wrapped);
    assert_eq!(unwrapped(KEY, CLIENT).unwrap().open(SECRET, PLACE, &sealed).unwrap().bytes(), b"value");
    for owner in [Owner::Global, Owner::Client(Uuid::from_u128(0xc2)), Owner::Client(Uuid::nil())] {
        assert_eq!(unwrapped(KEY, owner).err(), Some(Error::Refused), "{owner:?}");
    }
    assert_eq!(unwrapped(Uuid::from_u128(0xd2), CLIENT).err(), Some(Error::Refused));
    assert_eq!(key.successor(Uuid::from_u128(0xd2)).unwrap().open(SECRET, PLACE, &sealed).err(), Some(Error::Refused));
}

#[test]
fn every_byte_of_a_wrapped_key_counts() {
    let ring = ring();
    let wrapped = data_key().wrap(ring.first()).unwrap();
    for place in 0..wrapped.len() {
        let mut altered = wrapped.clone();
        altered[place] ^= 1;
        let opened = DataKey::unwrap(&ring, ring.first().id(), KEY, CLIENT, &altered);
        assert_eq!(opened.err(), Some(Error::Refused), "byte {place}");
    }
}

#[test]
fn a_missing_key_is_named_and_a_wrong_one_is_refused() {
    let (ring, others) = (ring(), ring());
    let wrapped = data_key().wrap(ring.first()).unwrap();
    let id = ring.first().id();
    let missing = DataKey::unwrap(&others, id, KEY, CLIENT, &wrapped).err().unwrap();
    assert_eq!(missing, Error::MissingKey(id.clone()));
    assert!(missing.to_string().contains(id.as_str()));
    let wrong = DataKey::unwrap(&others, others.first().id(), KEY, CLIENT, &wrapped);
    assert_eq!(wrong.err(), Some(Error::Refused));
}

#[test]
fn a_successor_makes_the_same_fingerprints_and_another_owner_others() {
    let key = data_key();
    let value = plain("value");
    let fingerprint = key.fingerprint(&value);
    assert_eq!(key.successor(Uuid::from_u128(0xd2)).unwrap().fingerprint(&value), fingerprint);
    assert_ne!(data_key().fingerprint(&value), fingerprint, "of another key");
    assert_ne!(key.fingerprint(&plain("Value")), fingerprint);
    assert_eq!(fingerprint.as_str().len(), 32);
}

proptest! {
    #[test]
    fn whatever_is_sealed_comes_back(value in prop::collection::vec(any::<u8>(), 0..300), path in ".*") {
        let ring = ring();
        let key = data_key();
        let place = Place { path: &path, ..PLACE };
        let sealed = key.seal(SECRET, place, &Plaintext::of_bytes(value.clone())).unwrap();
        prop_assert_eq!(sealed.len(), value.len() + 29, "a nonce, a tag, and the form");
        let again = DataKey::unwrap(&ring, ring.first().id(), KEY, CLIENT, &key.wrap(ring.first()).unwrap()).unwrap();
        let opened = again.open(SECRET, place, &sealed).unwrap();
        prop_assert_eq!(opened.bytes(), &value);
    }

    #[test]
    fn nothing_is_sealed_twice_alike(value in prop::collection::vec(any::<u8>(), 0..40)) {
        let key = data_key();
        let seal = || key.seal(SECRET, PLACE, &Plaintext::of_bytes(value.clone())).unwrap();
        prop_assert_ne!(seal(), seal());
    }
}
