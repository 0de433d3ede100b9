//! How each table is written to: the least that a row needs, and a column that whoever may update may set.

use super::world::{client, person};

/// One table.
pub struct Subject {
    pub table: &'static str,
    /// The rows that the matrix asks for.
    pub rows: &'static [&'static str],
    /// Columns besides the key and `client_id`, and their values for a kind of row.
    values: fn(&str) -> (&'static str, String),
    /// A harmless update.
    pub set: &'static str,
    /// The column that says whose row it is; empty where there is none.
    pub owner: &'static str,
}

const CLIENTS: &[&str] = &["own", "joined", "other"];

pub const SUBJECTS: &[Subject] = &[
    Subject {
        table: "clients_enhanced",
        rows: CLIENTS,
        values: |row| ("name, email", format!("'{row}', '{row}@example.com'")),
        set: "company_name = 'changed'",
        owner: "id",
    },
    Subject {
        table: "client_members",
        rows: &["own", "colleague", "other"],
        values: |_| ("", String::new()),
        set: "member_role = 'staff'",
        owner: "client_id",
    },
    Subject {
        table: "client_customizations",
        rows: CLIENTS,
        values: |_| ("template_id", "'shop'".to_owned()),
        set: "css_customizations = 'changed'",
        owner: "client_id",
    },
    Subject {
        table: "client_deployments",
        rows: CLIENTS,
        values: |_| ("customization_id, deployment_name", format!("'{}', 'site'", id("client_customizations", "own"))),
        set: "deployment_name = 'changed'",
        owner: "client_id",
    },
    Subject {
        table: "deployment_configurations",
        rows: CLIENTS,
        values: |_| ("environment, deployment_name", "'staging', 'site'".to_owned()),
        set: "region = 'changed'",
        owner: "client_id",
    },
    Subject {
        table: "deployment_tracking_events",
        rows: CLIENTS,
        values: |_| {
            let deployment = id("client_deployments", "own");
            ("deployment_id, event_type, event_timestamp", format!("'{deployment}', 'health_check', now()"))
        },
        set: "event_message = 'changed'",
        owner: "client_id",
    },
    Subject {
        table: "client_analytics",
        rows: CLIENTS,
        values: |_| ("analytics_date", "current_date".to_owned()),
        set: "page_views = 1",
        owner: "client_id",
    },
    Subject {
        table: "client_billing_info",
        rows: CLIENTS,
        values: |_| ("billing_frequency", "'monthly'".to_owned()),
        set: "billing_email = 'changed@example.com'",
        owner: "client_id",
    },
    Subject {
        table: "system_configurations",
        rows: &["own", "delegated", "encrypted", "joined", "other", "global", "template", "system"],
        values: |row| {
            let (category, template) = match row {
                "global" | "system" => ("global", "NULL"),
                "template" => ("template", "'shop'"),
                _ => ("client", "NULL"),
            };
            let value = if row == "encrypted" { r#"{"$secret": {}}"# } else { "1" };
            let (delegated, encrypted, system) = (row == "delegated", row == "encrypted", row == "system");
            (
                "configuration_key, configuration_category, template_id, configuration_value, is_delegated, is_encrypted, is_system",
                format!("'matrix.{row}', '{category}', {template}, '{value}', {delegated}, {encrypted}, {system}"),
            )
        },
        set: r#"configuration_value = '{"$secret": {"changed": true}}'"#,
        owner: "client_id",
    },
    Subject {
        table: "template_configurations",
        rows: &["active", "draft"],
        values: |row| {
            ("template_id, template_version, template_name, status", format!("'matrix', '{row}', 'm', '{row}'"))
        },
        set: "template_name = 'changed'",
        owner: "",
    },
    Subject {
        table: "deployment_templates",
        rows: &["active", "draft", "system"],
        values: |row| {
            let status = if row == "draft" { "draft" } else { "active" };
            ("template_name, status, is_system_template", format!("'matrix {row}', '{status}', {}", row == "system"))
        },
        set: "description = 'changed'",
        owner: "",
    },
    Subject {
        table: "configuration_versions",
        rows: &["own", "joined", "other", "global", "active", "draft"],
        values: |row| {
            let (table, id) = match row {
                "active" | "draft" => ("template_configurations", id("template_configurations", row)),
                _ => ("system_configurations", id("system_configurations", row)),
            };
            (
                "table_name, row_id, content, operation, valid_from, valid_to, revision_from, revision_to",
                format!("'{table}', '{id}', '{{}}', 'update', now() - interval '1 hour', now(), 1, 2"),
            )
        },
        set: "reason = 'changed'",
        owner: "client_id",
    },
    Subject {
        table: "audit_log",
        rows: &["own", "joined", "other", "global", "token", "reveal"],
        values: |row| {
            let table = match row {
                "token" => "'tenantry', 'tokens'",
                "reveal" => "NULL, NULL",
                _ => "'public', 'system_configurations'",
            };
            (
                "at, transaction_id, database_role, login_role, action, request_id, table_schema, table_name, salt, row_hash",
                format!("'2026-01-01', '1', 'x', 'x', 'update', 'matrix', {table}, gen_random_uuid(), sha256('{row}')"),
            )
        },
        set: "reason = 'changed'",
        owner: "client_id",
    },
];

impl Subject {
    /// The one with this name.
    pub fn of(table: &str) -> &'static Self {
        SUBJECTS.iter().find(|subject| subject.table == table).unwrap_or_else(|| panic!("nothing is known of {table}"))
    }

    /// The statement that adds a row of a kind, the same each time; `role` is whose own row it is where it is a person's.
    pub fn insert(&self, row: &str, role: &str) -> String {
        let table = self.table;
        if table == "client_members" {
            let (client, user) = membership(row, role);
            return format!(
                "INSERT INTO public.client_members (client_id, user_id, member_role) VALUES ('{client}', '{user}', 'staff')"
            );
        }
        let (columns, values) = (self.values)(row);
        let id = id(table, row);
        let overriding = if table == "audit_log" { "OVERRIDING SYSTEM VALUE " } else { "" };
        match (self.owner, owner(row)) {
            ("client_id", Some(owner)) => format!(
                "INSERT INTO public.{table} (id, client_id, {columns}) {overriding}VALUES ('{id}', '{owner}', {values})"
            ),
            _ => format!("INSERT INTO public.{table} (id, {columns}) {overriding}VALUES ('{id}', {values})"),
        }
    }

    /// The condition that finds a row.
    pub fn is(&self, row: &str, role: &str) -> String {
        if self.table == "client_members" {
            let (client, user) = membership(row, role);
            return format!("client_id = '{client}' AND user_id = '{user}'");
        }
        format!("id = '{}'", id(self.table, row))
    }

    /// The key as one text, as [`Self::key`] writes it.
    pub fn key_of(&self, row: &str, role: &str) -> String {
        if self.table == "client_members" {
            let (client, user) = membership(row, role);
            return format!("{client}/{user}");
        }
        id(self.table, row)
    }

    /// The key as an expression.
    pub fn key(&self) -> &'static str {
        if self.table == "client_members" { "concat(client_id, '/', user_id)" } else { "id::text" }
    }
}

/// Whose a row is; nobody's where it is global.
fn owner(row: &str) -> Option<&'static str> {
    match row {
        "global" | "template" | "system" | "active" | "draft" => None,
        "joined" | "other" => Some(client(row)),
        _ => Some(client("own")),
    }
}

/// The client and the person of a membership.
fn membership(row: &str, role: &str) -> (&'static str, &'static str) {
    let person_of_role = if matches!(role, "client" | "staff" | "manager") { role } else { "staff" };
    match row {
        "own" => (client("own"), person(person_of_role)),
        "colleague" => (client("own"), person("colleague")),
        _ => (client("other"), person("colleague")),
    }
}

/// The id of a row of the matrix: of a client its own, else one that follows from table and kind.
fn id(table: &str, row: &str) -> String {
    let number: u32 =
        table.bytes().chain(row.bytes()).fold(7, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    match table {
        "clients_enhanced" => client(row).to_owned(),
        "audit_log" => number.to_string(),
        _ => format!("d1000000-0000-4000-8000-0000{number:08x}"),
    }
}
