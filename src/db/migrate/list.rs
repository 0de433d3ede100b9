use std::borrow::Cow;

use super::step::checksum;
use crate::db::policies;

/// One numbered concern.
#[derive(Clone, Debug)]
pub struct Migration {
    /// Number and name, as its files are called.
    pub name: &'static str,
    /// What it consists of.
    pub content: Content,
}

/// What a migration consists of.
#[derive(Clone, Debug)]
pub enum Content {
    /// The roles, which belong to the cluster and not to the database: run as the migrator, before there is a ledger.
    Roles {
        /// The statements that make them, safe to repeat.
        up: &'static str,
        /// The statements that drop those that no other database uses.
        down: &'static str,
    },
    /// SQL in one transaction.
    Sql {
        /// The statements.
        up: &'static str,
        /// The statements that take it back.
        down: &'static str,
    },
    /// SQL that the program renders: named steps, each in a transaction of its own.
    Rendered {
        /// Renders the steps: name and statements.
        up: fn() -> Vec<(String, String)>,
        /// Renders the statements that take it back.
        down: fn() -> String,
    },
    /// The shape of one table in `public`: created where it is missing, brought to that shape where a site has it.
    Table {
        /// The table.
        table: &'static str,
        /// The statements that make it, with unqualified names.
        up: &'static str,
        /// The statements that drop it where it was created.
        down: &'static str,
    },
}

impl Migration {
    /// SHA-256 of what it applies, in hex.
    pub fn checksum(&self) -> String {
        checksum(&self.up())
    }

    /// What it applies.
    pub fn up(&self) -> Cow<'static, str> {
        match self.content {
            Content::Roles { up, .. } | Content::Sql { up, .. } | Content::Table { up, .. } => Cow::Borrowed(up),
            Content::Rendered { up, .. } => Cow::Owned(up().into_iter().map(|(_, sql)| sql).collect()),
        }
    }

    /// What takes it back.
    pub fn down(&self) -> Cow<'static, str> {
        match self.content {
            Content::Roles { down, .. } | Content::Sql { down, .. } | Content::Table { down, .. } => {
                Cow::Borrowed(down)
            }
            Content::Rendered { down, .. } => Cow::Owned(down()),
        }
    }

    /// Its number.
    pub fn number(&self) -> u16 {
        self.name.split('_').next().and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

/// A migration from its two files.
macro_rules! migration {
    (roles $name:literal) => {
        migration!(@ $name, Roles {})
    };
    (sql $name:literal) => {
        migration!(@ $name, Sql {})
    };
    (table $table:literal $name:literal) => {
        migration!(@ $name, Table { table: $table, })
    };
    (@ $name:literal, $kind:ident { $($field:ident: $value:expr,)* }) => {
        Migration {
            name: $name,
            content: Content::$kind {
                $($field: $value,)*
                up: include_str!(concat!("../../../migrations/", $name, ".up.sql")),
                down: include_str!(concat!("../../../migrations/", $name, ".down.sql")),
            },
        }
    };
}

/// Every migration, in order.
pub fn migrations() -> Vec<Migration> {
    vec![
        migration!(roles "0001_roles"),
        migration!(sql "0002_tenantry"),
        migration!(table "clients_enhanced" "0003_clients_enhanced"),
        migration!(table "template_configurations" "0004_template_configurations"),
        migration!(table "deployment_templates" "0005_deployment_templates"),
        migration!(table "client_customizations" "0006_client_customizations"),
        migration!(table "client_deployments" "0007_client_deployments"),
        migration!(table "deployment_tracking_events" "0008_deployment_tracking_events"),
        migration!(table "client_analytics" "0009_client_analytics"),
        migration!(table "system_configurations" "0010_system_configurations"),
        migration!(table "deployment_configurations" "0011_deployment_configurations"),
        migration!(table "client_billing_info" "0012_client_billing_info"),
        migration!(table "client_members" "0013_client_members"),
        migration!(table "configuration_versions" "0014_configuration_versions"),
        migration!(table "audit_log" "0015_audit_log"),
        migration!(sql "0016_audit_seals"),
        migration!(sql "0017_stamps"),
        migration!(sql "0018_plain_values"),
        migration!(sql "0019_states"),
        migration!(sql "0020_guards"),
        migration!(sql "0021_history"),
        migration!(sql "0022_partitions"),
        migration!(sql "0023_audit_triggers"),
        migration!(sql "0024_views"),
        migration!(sql "0026_seeds"),
        migration!(sql "0027_adopted_rows"),
        migration!(sql "0028_secrets"),
        migration!(sql "0029_secret_places"),
        migration!(sql "0030_changes"),
        migration!(sql "0031_figures"),
        migration!(sql "0032_secret_sweep"),
        migration!(sql "0033_snapshots"),
        migration!(sql "0034_links"),
        migration!(sql "0035_document_findings"),
        migration!(sql "0036_client_imports"),
        // Last, so that it finds every table there is.
        Migration { name: "0040_policies", content: Content::Rendered { up: policies::up, down: policies::down } },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_rise() {
        let numbers: Vec<u16> = migrations().iter().map(Migration::number).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    }
}
