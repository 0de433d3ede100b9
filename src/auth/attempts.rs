use std::net::{IpAddr, Ipv6Addr};

use tokio_postgres::Row;

use super::delays::{ACCOUNT_FROM_ADDRESS, ADDRESS, Delays};
use super::secret::sha256;
use crate::Result;
use crate::db::tx::Tx;

/// One attempt to sign in: what it is counted under until it is known to be good.
pub struct Attempt {
    account_from_address: [u8; 32],
    address: [u8; 32],
}

/// What an attempt that comes too soon is told.
pub struct TooSoon {
    /// How many seconds to wait.
    pub wait: i64,
    /// Whether it is the first one that is told so in this wait.
    pub is_news: bool,
}

/// A count as it stands, locked.
struct Count {
    failures: i32,
    seconds_since: f64,
    blocked_for: f64,
    is_logged: bool,
}

impl Attempt {
    /// An attempt on an account, known or not, from an address.
    pub fn new(account: &str, address: Option<IpAddr>) -> Self {
        let (account, address) = (account.to_lowercase(), address.map(network).unwrap_or_default());
        Self {
            account_from_address: sha256(format!("account\0{address}\0{account}").as_bytes()),
            address: sha256(format!("address\0{address}").as_bytes()),
        }
    }

    /// Counts it as failed beforehand, so that many at once count like many in a row; or says how long to wait.
    pub async fn begin(&self, tx: &Tx<'_>) -> Result<Result<(), TooSoon>> {
        let both = [(self.account_from_address, ACCOUNT_FROM_ADDRESS), (self.address, ADDRESS)];
        let mut counts = Vec::with_capacity(both.len());
        for (subject, delays) in both {
            counts.push((subject, delays, lock(tx, &subject).await?));
        }
        if let Some((subject, _, count)) = counts.iter().find(|(.., count)| count.blocked_for > 0.0) {
            let is_news = !count.is_logged;
            if is_news {
                let sql = "UPDATE tenantry.sign_in_delays SET is_logged = true WHERE subject = $1";
                tx.execute(sql, &[&subject.as_slice()]).await?;
            }
            #[expect(clippy::cast_possible_truncation, reason = "minutes in seconds")]
            return Ok(Err(TooSoon { wait: count.blocked_for.ceil() as i64, is_news }));
        }
        for (subject, delays, count) in counts {
            fail(tx, &subject, delays, &count).await?;
        }
        Ok(Ok(()))
    }

    /// Takes it back: it was good.
    pub async fn succeed(&self, tx: &Tx<'_>) -> Result<()> {
        tx.execute("DELETE FROM tenantry.sign_in_delays WHERE subject = $1", &[&self.account_from_address.as_slice()])
            .await?;
        tx.execute(
            "UPDATE tenantry.sign_in_delays SET failures = greatest(failures - 1, 0), blocked_until = now() WHERE subject = $1",
            &[&self.address.as_slice()],
        )
        .await?;
        Ok(())
    }
}

/// Forgets counts that nobody added to for longer than any is remembered.
pub async fn forget(tx: &Tx<'_>) -> Result<()> {
    tx.execute("DELETE FROM tenantry.sign_in_delays WHERE failed_at < now() - interval '1 day'", &[]).await?;
    Ok(())
}

/// By the database's clock, which all servers share, and as it is now: whoever waited for the lock began earlier.
async fn lock(tx: &Tx<'_>, subject: &[u8]) -> Result<Count> {
    tx.execute(
        "INSERT INTO tenantry.sign_in_delays (subject, failures, failed_at, blocked_until)
         VALUES ($1, 0, clock_timestamp(), to_timestamp(0)) ON CONFLICT DO NOTHING",
        &[&subject],
    )
    .await?;
    let row = tx
        .query_one(
            "SELECT d.failures, d.is_logged,
                    extract(epoch FROM clock_timestamp() - d.failed_at)::float8 AS seconds_since,
                    extract(epoch FROM d.blocked_until - clock_timestamp())::float8 AS blocked_for
               FROM tenantry.sign_in_delays d WHERE d.subject = $1 FOR UPDATE",
            &[&subject],
        )
        .await?;
    Ok(Count::from(&row))
}

impl From<&Row> for Count {
    fn from(row: &Row) -> Self {
        Self {
            failures: row.get("failures"),
            seconds_since: row.get("seconds_since"),
            blocked_for: row.get("blocked_for"),
            is_logged: row.get("is_logged"),
        }
    }
}

async fn fail(tx: &Tx<'_>, subject: &[u8], delays: Delays, count: &Count) -> Result<()> {
    let failures = delays.count(count.failures, count.seconds_since);
    #[expect(clippy::cast_precision_loss, reason = "minutes in seconds")]
    let wait = delays.wait(failures) as f64;
    tx.execute(
        "UPDATE tenantry.sign_in_delays
            SET failures = $2, failed_at = clock_timestamp(), is_logged = false,
                blocked_until = clock_timestamp() + make_interval(secs => $3)
          WHERE subject = $1",
        &[&subject, &failures, &wait],
    )
    .await?;
    Ok(())
}

/// What one person has at least: of IPv6 that is 64 bits of them to choose addresses from.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_counted_for_the_account_from_the_network() {
        let from = |account: &str, address: &str| Attempt::new(account, Some(address.parse().unwrap()));
        let one = from("Mia@agency.example", "2001:db8:1:2::1");
        let same = from("mia@agency.example", "2001:db8:1:2:ffff::9");
        assert_eq!((one.account_from_address, one.address), (same.account_from_address, same.address));
        let elsewhere = from("mia@agency.example", "2001:db8:1:3::1");
        assert_ne!(one.account_from_address, elsewhere.account_from_address);
        let other = from("ben@agency.example", "2001:db8:1:2::1");
        assert_eq!(one.address, other.address);
        assert_ne!(one.account_from_address, other.account_from_address);
        assert_eq!(from("a", "::ffff:9.9.9.9").address, from("a", "9.9.9.9").address);
    }
}
