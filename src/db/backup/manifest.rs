use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio_postgres::Client;

use super::content::Table;
use crate::Result;

/// What a backup says of itself, in `manifest.json` beside the dump.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of this file.
    pub format: u32,
    /// The version of the program that took it.
    pub tenantry_version: String,
    /// The newest migration of the database; none where Tenantry's schema wasn't there yet.
    pub newest_migration: Option<String>,
    /// The server's version, as a number such as 150018.
    pub server_version: i32,
    /// The database's name, and what a new one has to be made like.
    pub database: Database,
    /// When its snapshot was taken.
    pub taken_at: Timestamp,
    /// Where the write-ahead log was then.
    pub lsn: String,
    /// Roles that own something or were granted something; they belong to the cluster, so that no dump holds them.
    pub roles: Vec<String>,
    /// Those that own something.
    #[serde(default)]
    pub owners: Vec<String>,
    /// What each table held.
    pub tables: Vec<Table>,
    /// Each file of the dump.
    pub files: Vec<File>,
    /// Keys that are needed to read secrets in it.
    pub key_ids: Vec<String>,
    /// Whether there are secrets in it.
    pub secrets: String,
}

/// What a new database has to be made like.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Database {
    /// Its name.
    pub name: String,
    /// Its encoding.
    pub encoding: String,
    /// `LC_COLLATE`.
    pub collate: String,
    /// `LC_CTYPE`.
    pub ctype: String,
    /// The ICU locale, where ICU compares.
    pub icu_locale: Option<String>,
    /// What `ALTER DATABASE … SET` set, such as `timezone=UTC`.
    pub settings: Vec<String>,
}

/// One file of a dump.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct File {
    /// Its path within the backup.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
}

/// The form that this program writes and reads.
pub(super) const FORMAT: u32 = 1;

/// What is known of the database before its tables are read, in the caller's transaction.
pub(super) async fn describe(client: &Client) -> Result<Manifest> {
    // The column of the ICU locale has been renamed in 17; as JSON, either is found.
    let row = client
        .query_one(
            "SELECT current_setting('server_version_num')::int, now(), pg_current_wal_insert_lsn()::text, d.datname::text,
                    pg_encoding_to_char(d.encoding)::text, d.datcollate::text, d.datctype::text,
                    CASE WHEN d.datlocprovider = 'i'
                         THEN coalesce(to_jsonb(d) ->> 'daticulocale', to_jsonb(d) ->> 'datlocale') END,
                    coalesce((SELECT s.setconfig FROM pg_db_role_setting s WHERE s.setdatabase = d.oid AND s.setrole = 0), '{}')
               FROM pg_database d WHERE d.datname = current_database()",
            &[],
        )
        .await?;
    let (secrets, key_ids) = secrets(client).await?;
    Ok(Manifest {
        format: FORMAT,
        tenantry_version: env!("CARGO_PKG_VERSION").to_owned(),
        newest_migration: newest_migration(client).await?,
        server_version: row.get(0),
        taken_at: row.get(1),
        lsn: row.get(2),
        database: Database {
            name: row.get(3),
            encoding: row.get(4),
            collate: row.get(5),
            ctype: row.get(6),
            icu_locale: row.get(7),
            settings: row.get(8),
        },
        roles: roles(client, "").await?,
        owners: roles(client, "AND d.deptype = 'o'").await?,
        tables: Vec::new(),
        files: Vec::new(),
        secrets: match secrets {
            0 => "no secrets".to_owned(),
            count => format!("{count} secrets, which need {}", key_ids.join(", ")),
        },
        key_ids,
    })
}

async fn newest_migration(client: &Client) -> Result<Option<String>> {
    let sql = "SELECT to_regclass('tenantry.migration_steps') IS NOT NULL";
    if !client.query_one(sql, &[]).await?.get::<_, bool>(0) {
        return Ok(None);
    }
    client.batch_execute("SET LOCAL ROLE tenantry_owner").await?;
    let newest =
        client.query_one("SELECT max(migration) FROM tenantry.migration_steps WHERE step = 'done'", &[]).await?;
    client.batch_execute("SET LOCAL ROLE NONE").await?;
    Ok(newest.get(0))
}

/// How many secrets there are, and the keys that they need: ciphertexts are in the dump, keys never.
async fn secrets(client: &Client) -> Result<(i64, Vec<String>)> {
    let sql = "SELECT to_regclass('tenantry.secrets') IS NOT NULL";
    if !client.query_one(sql, &[]).await?.get::<_, bool>(0) {
        return Ok((0, Vec::new()));
    }
    client.batch_execute("SET LOCAL ROLE tenantry_owner").await?;
    let sql = "SELECT (SELECT count(*) FROM tenantry.secrets),
                      ARRAY(SELECT DISTINCT key_id::text FROM tenantry.data_keys ORDER BY 1)";
    let row = client.query_one(sql, &[]).await?;
    client.batch_execute("SET LOCAL ROLE NONE").await?;
    Ok((row.get(0), row.get(1)))
}

/// Owners, grantees and roles named by policies; `also` narrows that.
async fn roles(client: &Client, also: &str) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT DISTINCT r.rolname::text
           FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
          WHERE d.refclassid = 'pg_authid'::regclass {also}
            AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND r.rolname !~ '^pg_'
          ORDER BY 1"
    );
    let rows = client.query(&sql, &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
