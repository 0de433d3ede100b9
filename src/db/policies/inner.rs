use super::rules::Command::{self, Delete, Insert, Select, Update};

/// Rights of one role on one table outside `public`, with every row.
pub(super) struct Right {
    pub(super) table: &'static str,
    pub(super) role: &'static str,
    pub(super) commands: &'static [Command],
    /// Which rows.
    pub(super) rows: &'static str,
}

const S: &[Command] = &[Select];
const SI: &[Command] = &[Select, Insert];
const SU: &[Command] = &[Select, Update];
const SIU: &[Command] = &[Select, Insert, Update];
const SIUD: &[Command] = &[Select, Insert, Update, Delete];

const fn right(role: &'static str, commands: &'static [Command], table: &'static str, rows: &'static str) -> Right {
    Right { table, role, commands, rows }
}

/// What roles other than the owner may do in `tenantry`; nobody may do anything where it isn't named.
pub(super) const RIGHTS: &[Right] = &[
    right("tenantry_auth", S, "people", "true"),
    right("tenantry_auth", SIU, "passwords", "true"),
    right("tenantry_auth", SIU, "sessions", "true"),
    right("tenantry_auth", SU, "tokens", "true"),
    right("tenantry_auth", SIU, "user_metadata", "true"),
    right("tenantry_auth", SIUD, "sign_in_delays", "true"),
    right("tenantry_super_admin", SIU, "people", "(SELECT tenantry.entered())"),
    right("tenantry_worker", S, "people", "true"),
    right("tenantry_worker", S, "tables", "true"),
    right("tenantry_worker", S, "migration_steps", "true"),
    right("tenantry_worker", S, "settings", "true"),
    right("tenantry_worker", S, "pending_rules", "true"),
    right("tenantry_worker", S, "installation_revision", "true"),
    right("tenantry_worker", S, "configuration_heads", "true"),
    right("tenantry_worker", SI, "audit_seals", "true"),
];

/// Of a token that is used, only the time of its use is written.
pub(super) const UPDATABLE: &[(&str, &str, &str)] = &[("tenantry_auth", "tokens", "last_used_at")];

/// Who may execute which functions of `tenantry`. Trigger functions aren't here: nobody calls them.
pub(super) const FUNCTIONS: &[(&str, &[&str])] = &[
    ("tenantry.entered()", REQUEST_ROLES),
    ("tenantry.user_id()", REQUEST_ROLES),
    ("tenantry.member_client_ids()", REQUEST_ROLES),
    ("tenantry.managed_client_ids()", REQUEST_ROLES),
    ("tenantry.enter(jsonb, text, text, text)", &["tenantry_server"]),
    ("tenantry.maintain_partitions(date)", &["tenantry_server", "tenantry_worker"]),
    ("tenantry.partition_months_ahead()", &["tenantry_server", "tenantry_worker"]),
    (
        "tenantry.audit_event(text, jsonb, uuid, text, text, text)",
        &[
            "tenantry_auth",
            "tenantry_worker",
            "tenantry_manager",
            "tenantry_admin",
            "tenantry_super_admin",
            "tenantry_service",
        ],
    ),
];

const REQUEST_ROLES: &[&str] = &[
    "tenantry_client",
    "tenantry_staff",
    "tenantry_manager",
    "tenantry_admin",
    "tenantry_service",
    "tenantry_super_admin",
];

/// Who may name what is in the schema `tenantry`; a policy needs no such right for the functions it calls.
pub(super) const SCHEMA_USERS: &str = "tenantry_server, tenantry_auth, tenantry_worker, tenantry_backup, tenantry_client, \
     tenantry_staff, tenantry_manager, tenantry_admin, tenantry_service, tenantry_super_admin";
