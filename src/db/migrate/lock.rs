use std::time::{Duration, Instant};

use tokio_postgres::Client;

use crate::db::admin::Admin;
use crate::{Error, Result};

/// The advisory lock of migrations: "tenantry" in ASCII.
const KEY: i64 = 0x7465_6e61_6e74_7279;

/// How often a second runner asks again.
///
/// It polls, since a blocking wait holds a snapshot, which deadlocks with `CREATE INDEX CONCURRENTLY` of the first.
const POLL: Duration = Duration::from_millis(200);

/// Takes the lock of migrations for this session, waiting as long as `patience` allows.
pub async fn take(admin: &Admin, patience: Duration) -> Result<()> {
    let begun = Instant::now();
    loop {
        let taken: bool = admin.query_one("SELECT pg_try_advisory_lock($1)", &[&KEY]).await?.get(0);
        if taken {
            return refuse_pooler(admin).await;
        }
        if begun.elapsed() >= patience {
            return Err(held_by(admin).await?);
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Gives the lock back.
pub async fn release(client: &Client) -> Result<()> {
    client.execute("SELECT pg_advisory_unlock($1)", &[&KEY]).await?;
    Ok(())
}

async fn held_by(client: &Client) -> Result<Error> {
    let holder = client
        .query_opt(
            "SELECT l.pid, coalesce(a.application_name, ''), coalesce((now() - a.backend_start)::text, '')
               FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
              WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                AND (l.classid::bigint << 32 | l.objid::bigint) = $1
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            &[&KEY],
        )
        .await?;
    let who = holder.map_or_else(
        || "another session".to_owned(),
        |row| {
            let (pid, name, age): (i32, String, String) = (row.get(0), row.get(1), row.get(2));
            format!("pid {pid} ({name}, connected for {age})")
        },
    );
    Ok(Error::failure(format!("another migration runs on this database: {who}"))
        .mend("wait for it to finish, or give this one more --patience"))
}

/// A pooler in transaction mode hands one server session to several clients: locks and roles would be anybody's.
async fn refuse_pooler(admin: &Admin) -> Result<()> {
    let pid = "SELECT pg_backend_pid()";
    let ours: i32 = admin.query_one(pid, &[]).await?.get(0);
    let second = admin.again().await?;
    let theirs: i32 = second.query_one(pid, &[]).await?.get(0);
    if ours == theirs {
        return Err(Error::failure("a connection pooler in transaction mode stands before this database")
            .mend("give migrations a direct connection in DATABASE_ADMIN_URL (or --database-admin-url)"));
    }
    Ok(())
}
