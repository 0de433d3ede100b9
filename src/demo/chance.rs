use aws_lc_rs::digest::{SHA256, digest};
use uuid::{Builder, Uuid};

use crate::db::migrate::step::checksum;

/// Sets this agency apart from any other that the same code might make; another number gives other figures.
const SEED: &str = "tenantry demo 1";

/// The key of the nth row of a kind: the same on every database, so that examples can name it.
pub fn id(kind: &str, number: usize) -> Uuid {
    Builder::from_random_bytes(bytes(&format!("{kind} {number}"))).into_uuid()
}

/// A number from 0 up to but not including `below` that follows from what it is for.
pub fn number(purpose: &str, below: u32) -> u32 {
    let [a, b, c, d, ..] = bytes(purpose);
    u32::from_be_bytes([a, b, c, d]) % below
}

/// One of several that follows from what it is for.
pub fn pick<T: Copy, const N: usize>(purpose: &str, from: [T; N]) -> T {
    let count = u32::try_from(N).expect("a choice of few");
    from[number(purpose, count) as usize]
}

/// A value between two bounds, in steps of a hundredth.
pub fn between(purpose: &str, low: f64, high: f64) -> f64 {
    let share = f64::from(number(purpose, 10_001)) / 10_000.0;
    ((low + (high - low) * share) * 100.0).round() / 100.0
}

/// Hexadecimal digits that follow from what they are for, such as a commit's.
pub fn hex(purpose: &str, digits: usize) -> String {
    checksum(&format!("{SEED} {purpose}"))[..digits].to_owned()
}

fn bytes(purpose: &str) -> [u8; 16] {
    let hash = digest(&SHA256, format!("{SEED} {purpose}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_a_purpose_stays() {
        assert_eq!(id("client", 1), id("client", 1));
        assert_ne!(id("client", 1), id("client", 2));
        assert_eq!(hex("commit", 40).len(), 40);
        assert!((0..1_000).all(|n| (1.0..=2.0).contains(&between(&n.to_string(), 1.0, 2.0))));
    }
}
