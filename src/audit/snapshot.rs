use std::fmt;
use std::str::FromStr;

/// What was visible at some moment, as PostgreSQL's `pg_snapshot` writes it: `xmin:xmax:xip,xip`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    first_running: u64,
    next: u64,
    running: Vec<u64>,
}

impl Snapshot {
    /// Whether a transaction had ended by then, so that what it committed was visible.
    pub fn shows(&self, transaction: u64) -> bool {
        transaction < self.first_running || transaction < self.next && !self.running.contains(&transaction)
    }

    /// Whether it is of a cluster whose transactions count from further ahead than another snapshot's.
    pub fn is_ahead_of(&self, other: &Self) -> bool {
        self.next > other.next
    }

    /// Whether a transaction began only afterwards.
    pub fn precedes(&self, transaction: u64) -> bool {
        transaction >= self.next
    }
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let running: Vec<String> = self.running.iter().map(u64::to_string).collect();
        write!(f, "{}:{}:{}", self.first_running, self.next, running.join(","))
    }
}

impl FromStr for Snapshot {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "not a snapshot such as 10:20:10,14";
        let mut parts = text.splitn(3, ':');
        let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or(WRONG);
        let (first_running, next) = (number()?, number()?);
        let running = parts.next().ok_or(WRONG)?;
        let running: Result<_, _> = running.split_terminator(',').map(|part| part.parse().map_err(|_| WRONG)).collect();
        Ok(Self { first_running, next, running: running? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_shows_what_had_ended() {
        let snapshot: Snapshot = "10:20:10,14".parse().unwrap();
        assert_eq!(snapshot.to_string(), "10:20:10,14");
        let shown: Vec<u64> = (8..23).filter(|transaction| snapshot.shows(*transaction)).collect();
        assert_eq!(shown, [8, 9, 11, 12, 13, 15, 16, 17, 18, 19]);
        assert!(snapshot.precedes(20) && !snapshot.precedes(14));
        assert!("10:10:".parse::<Snapshot>().is_ok());
        assert!("10".parse::<Snapshot>().is_err() && "a:b:".parse::<Snapshot>().is_err());
    }
}
