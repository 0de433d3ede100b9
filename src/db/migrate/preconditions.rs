use tokio_postgres::Client;

use crate::{Error, Result};

/// The oldest PostgreSQL that has everything the schema needs (`NULLS NOT DISTINCT`, `security_invoker`).
const OLDEST: i32 = 150_000;

/// Refuses a server that can't carry the schema, before anything is changed.
pub async fn check(client: &Client) -> Result<()> {
    let row = client
        .query_one(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),
                    current_setting('server_encoding'), pg_is_in_recovery(), current_database()::text",
            &[],
        )
        .await?;
    let (number, version, encoding, standby, database): (i32, String, String, bool, String) =
        (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4));
    if number < OLDEST {
        return Err(Error::failure(format!("the server runs PostgreSQL {version}; Tenantry needs 15 or later"))
            .mend("upgrade the server (pg_upgrade), or name another in DATABASE_URL"));
    }
    if encoding != "UTF8" {
        return Err(Error::failure(format!("database {database:?} is encoded in {encoding}; Tenantry needs UTF8"))
            .mend(format!(
                "make a database with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0 and load {database:?} into it"
            )));
    }
    if standby {
        return Err(
            Error::failure("the server is a standby and takes no writes").mend("name the primary in DATABASE_URL")
        );
    }
    Ok(())
}
