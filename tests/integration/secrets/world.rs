use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use tenantry::db::admin::Admin;
use tenantry::db::caller::Caller;
use tenantry::db::tx::Tx;
use tenantry::problem::Fault;
use tenantry::secrets::source::Source;
use tenantry::secrets::{Keys, Marks, Mask, Masks, Place, Plaintext, conceal, open, seal};
use uuid::Uuid;

use crate::support::Database;
use crate::support::program::{Outcome, program, tenantry};

/// A client.
pub const ACME: Uuid = Uuid::from_u128(0xc000_0000_0000_4000_8000_0000_0000_000a);
/// Another one.
pub const OTHER: Uuid = Uuid::from_u128(0xc000_0000_0000_4000_8000_0000_0000_000b);

/// A migrated database with two clients, and a data directory with a key file.
pub struct World {
    pub database: Database,
    pub admin: Admin,
    pub keys: Keys,
    data_dir: PathBuf,
}

impl World {
    pub async fn new() -> Self {
        let database = Database::migrated().await;
        let admin = database.connect().await;
        admin
            .batch_execute(&format!(
                "INSERT INTO clients_enhanced (id, name, email)
                 VALUES ('{ACME}', 'Acme', 'acme@example.com'), ('{OTHER}', 'Other', 'other@example.com')"
            ))
            .await
            .expect("two clients");
        let data_dir = std::env::temp_dir().join(format!("tenantry-secrets-{}", Uuid::new_v4().simple()));
        let keys = Keys::from(Source::File(data_dir.join("encryption-keys"))).expect("no keys yet");
        Self { database, admin, keys, data_dir }
    }

    /// The file with the keys.
    pub fn file(&self) -> PathBuf {
        self.data_dir.join("encryption-keys")
    }

    /// The keys as another process reads them, with nothing in memory.
    pub fn fresh_keys(&self) -> Keys {
        Keys::from(Source::File(self.file())).expect("readable keys")
    }

    /// What stands in the file.
    pub fn key_lines(&self) -> Vec<String> {
        let text = fs::read_to_string(self.file()).expect("a key file");
        text.lines().filter(|line| line.starts_with("tnt_kek_")).map(ToOwned::to_owned).collect()
    }

    /// Puts other lines into the file.
    pub fn put_keys(&self, lines: &[&str]) {
        fs::create_dir_all(&self.data_dir).expect("a folder");
        let _ = fs::remove_file(self.file());
        fs::write(self.file(), lines.join("\n")).expect("a file");
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o400);
        fs::set_permissions(self.file(), private).expect("it is ours");
    }

    pub async fn tx(&mut self) -> Tx<'_> {
        Tx::begin(&mut self.admin, &Caller::operator(), "test").await.expect("a transaction")
    }

    /// Seals a value for a place, and commits.
    pub async fn seal(&mut self, place: &Place, value: &str) -> Mask {
        let tx = Tx::begin(&mut self.admin, &Caller::operator(), "test").await.expect("a transaction");
        let mask = seal(&tx, &self.keys, place, plain(value)).await.expect("it can be sealed");
        tx.commit().await.expect("it is kept");
        mask
    }

    /// What opens, as a process that has just begun sees it.
    pub async fn open(&mut self, client: Option<Uuid>, ids: &[Uuid]) -> Result<HashMap<Uuid, Value>, String> {
        let keys = self.fresh_keys();
        let tx = self.tx().await;
        let opened = open(&tx, &keys, client, ids).await.map_err(|error| error.to_string())?;
        Ok(opened.into_iter().map(|(id, plain)| (id, plain.value().expect("JSON"))).collect())
    }

    /// Conceals a row, and commits what was sealed.
    pub async fn conceal(
        &mut self,
        table: &str,
        old: Option<&Value>,
        new: Value,
        masks: Masks,
    ) -> Result<Value, Vec<Fault>> {
        let Value::Object(mut new) = new else { panic!("a row is an object") };
        let old: Option<&Map<String, Value>> = old.map(|old| old.as_object().expect("a row is an object"));
        let tx = Tx::begin(&mut self.admin, &Caller::operator(), "test").await.expect("a transaction");
        let whole: Map<String, Value> = old.cloned().into_iter().flatten().chain(new.clone()).collect();
        let marks = Marks::read(&tx, [(table, &whole)].into_iter(), &[]).await.expect("no failure");
        let faults = conceal(&tx, &self.keys, table, old, &mut new, masks, &marks).await.expect("no failure");
        tx.commit().await.expect("it is kept");
        if faults.is_empty() { Ok(Value::Object(new)) } else { Err(faults) }
    }

    /// Runs a command of the program on this database with this data directory.
    pub fn tenantry(&self, arguments: &[&str]) -> Outcome {
        tenantry(&[&["--database-url", &self.database.url(), "--data-dir", &self.data_dir()], arguments].concat())
    }

    /// The same with keys in the variable.
    pub fn tenantry_with(&self, keys: &str, arguments: &[&str]) -> Outcome {
        let mut command = program();
        command.args(["--database-url", &self.database.url(), "--data-dir", &self.data_dir()]).args(arguments);
        Outcome::from(command.env("TENANTRY_ENCRYPTION_KEYS", keys).output().expect("the program is built"))
    }

    /// Runs a command that succeeds, and gives its answer.
    pub fn does(&self, arguments: &[&str]) -> Value {
        let done = self.tenantry(&[&["--format", "json"], arguments].concat());
        assert_eq!(done.code, Some(0), "{arguments:?}: {}{}", done.err, done.out);
        serde_json::from_str(&done.out).expect("JSON")
    }

    pub fn data_dir(&self) -> String {
        self.data_dir.display().to_string()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.data_dir);
    }
}

pub fn plain(value: &str) -> Plaintext {
    Plaintext::of_value(&json!(value))
}

/// A place in a client's billing.
pub fn billing(client: Uuid, column: &str) -> Place {
    Place {
        client_id: Some(client),
        table: "client_billing_info".to_owned(),
        column: column.to_owned(),
        path: String::new(),
    }
}

/// A value of configuration.
pub fn value_at(client: Option<Uuid>, path: &str) -> Place {
    Place {
        client_id: client,
        table: "system_configurations".to_owned(),
        column: "configuration_value".to_owned(),
        path: path.to_owned(),
    }
}
