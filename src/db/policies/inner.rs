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
const U: &[Command] = &[Update];
const SU: &[Command] = &[Select, Update];
const SD: &[Command] = &[Select, Delete];
const SIU: &[Command] = &[Select, Insert, Update];
const SIUD: &[Command] = &[Select, Insert, Update, Delete];

const ENTERED: &str = "(SELECT tenantry.entered())";

/// Nobody takes their own role away, or gives themselves another: so a super admin is left.
const SOMEBODY_ELSE: &str = "(SELECT tenantry.entered()) AND user_id <> (SELECT tenantry.user_id())";

/// A change is seen by members of all the clients whose rows it edits.
const MEMBERS_CHANGES: &str = "NOT is_shared AND client_ids <@ ARRAY(SELECT tenantry.member_client_ids())";
const OWN_CHANGES: &str = "author = (SELECT tenantry.user_id()) AND NOT is_shared AND client_ids <@ ARRAY(SELECT tenantry.member_client_ids())";
const MANAGED_CHANGES: &str = "NOT is_shared AND (client_ids <@ ARRAY(SELECT tenantry.managed_client_ids()) \
     OR author = (SELECT tenantry.user_id()) AND client_ids <@ ARRAY(SELECT tenantry.member_client_ids()))";

/// What belongs to a change is seen by whoever sees the change.
const OF_THEIR_CHANGES: &str = "EXISTS (SELECT FROM tenantry.changes c WHERE c.id = change_id)";

/// What is wrong with a client's documents is for those who may read them.
const MEMBERS_DOCUMENTS: &str = "client_id = ANY (ARRAY(SELECT tenantry.member_client_ids()))";

/// Runtime tokens read one client's configuration. What stands for a machine or an app is a super admin's.
const RUNTIME_TOKENS: &str = "kind = 'runtime' AND (SELECT tenantry.entered())";
const MANAGED_TOKENS: &str = "kind = 'runtime' AND client_id = ANY (ARRAY(SELECT tenantry.managed_client_ids()))";

/// A file that waits to be imported is its author's, and so is what belongs to it.
const OWN_IMPORTS: &str = "created_by = (SELECT tenantry.user_id()) AND (SELECT tenantry.entered())";
const OF_OWN_IMPORTS: &str = "import_id = ANY (ARRAY(SELECT i.id FROM tenantry.client_imports i))";

const fn right(role: &'static str, commands: &'static [Command], table: &'static str, rows: &'static str) -> Right {
    Right { table, role, commands, rows }
}

/// What roles other than the owner may do in `tenantry`; nobody may do anything where it isn't named.
pub(super) const RIGHTS: &[Right] = &[
    right("tenantry_auth", S, "people", "true"),
    right("tenantry_auth", SIU, "passwords", "true"),
    right("tenantry_auth", SIU, "sessions", "true"),
    right("tenantry_auth", SU, "tokens", "true"),
    right("tenantry_super_admin", SIU, "tokens", ENTERED),
    right("tenantry_admin", SIU, "tokens", RUNTIME_TOKENS),
    right("tenantry_manager", SIU, "tokens", MANAGED_TOKENS),
    right("tenantry_auth", SIU, "user_metadata", "true"),
    right("tenantry_auth", SIUD, "sign_in_delays", "true"),
    right("tenantry_auth", SU, "links", "true"),
    right("tenantry_super_admin", SI, "people", ENTERED),
    right("tenantry_super_admin", U, "people", SOMEBODY_ELSE),
    right("tenantry_worker", S, "people", "true"),
    right("tenantry_worker", S, "tables", "true"),
    right("tenantry_worker", S, "migration_steps", "true"),
    right("tenantry_worker", S, "settings", "true"),
    right("tenantry_worker", S, "pending_rules", "true"),
    right("tenantry_worker", S, "installation_revision", "true"),
    right("tenantry_worker", S, "configuration_heads", "true"),
    right("tenantry_worker", SI, "audit_seals", "true"),
    // Of a client's own login only its own: it applies values of rows that are delegated to it.
    right("tenantry_client", SI, "changes", OWN_CHANGES),
    right("tenantry_staff", SI, "changes", MEMBERS_CHANGES),
    right("tenantry_staff", U, "changes", OWN_CHANGES),
    right("tenantry_manager", SI, "changes", MEMBERS_CHANGES),
    right("tenantry_manager", U, "changes", MANAGED_CHANGES),
    right("tenantry_admin", SIU, "changes", ENTERED),
    right("tenantry_service", SIU, "changes", ENTERED),
    right("tenantry_super_admin", SIU, "changes", ENTERED),
    right("tenantry_worker", S, "changes", "true"),
    right("tenantry_client", SI, "change_edits", OF_THEIR_CHANGES),
    right("tenantry_staff", SI, "change_edits", OF_THEIR_CHANGES),
    right("tenantry_manager", SI, "change_edits", OF_THEIR_CHANGES),
    right("tenantry_admin", SI, "change_edits", ENTERED),
    right("tenantry_service", SI, "change_edits", ENTERED),
    right("tenantry_super_admin", SI, "change_edits", ENTERED),
    right("tenantry_worker", S, "change_edits", "true"),
    right("tenantry_staff", S, "change_previews", OF_THEIR_CHANGES),
    right("tenantry_manager", S, "change_previews", OF_THEIR_CHANGES),
    right("tenantry_admin", S, "change_previews", ENTERED),
    right("tenantry_service", S, "change_previews", ENTERED),
    right("tenantry_super_admin", S, "change_previews", ENTERED),
    right("tenantry_worker", SIUD, "change_previews", "true"),
    right("tenantry_staff", S, "change_preview_groups", OF_THEIR_CHANGES),
    right("tenantry_manager", S, "change_preview_groups", OF_THEIR_CHANGES),
    right("tenantry_admin", S, "change_preview_groups", ENTERED),
    right("tenantry_service", S, "change_preview_groups", ENTERED),
    right("tenantry_super_admin", S, "change_preview_groups", ENTERED),
    right("tenantry_worker", SIUD, "change_preview_groups", "true"),
    right("tenantry_staff", S, "change_preview_documents", OF_THEIR_CHANGES),
    right("tenantry_manager", S, "change_preview_documents", OF_THEIR_CHANGES),
    right("tenantry_admin", S, "change_preview_documents", ENTERED),
    right("tenantry_service", S, "change_preview_documents", ENTERED),
    right("tenantry_super_admin", S, "change_preview_documents", ENTERED),
    right("tenantry_worker", SIUD, "change_preview_documents", "true"),
    right("tenantry_staff", S, "document_findings", MEMBERS_DOCUMENTS),
    right("tenantry_manager", S, "document_findings", MEMBERS_DOCUMENTS),
    right("tenantry_admin", S, "document_findings", ENTERED),
    right("tenantry_super_admin", S, "document_findings", ENTERED),
    right("tenantry_worker", SIUD, "document_findings", "true"),
    right("tenantry_staff", S, "document_looks", ENTERED),
    right("tenantry_manager", S, "document_looks", ENTERED),
    right("tenantry_admin", S, "document_looks", ENTERED),
    right("tenantry_super_admin", S, "document_looks", ENTERED),
    right("tenantry_worker", SIU, "document_looks", "true"),
    right("tenantry_auth", S, "token_revisions", "true"),
    right("tenantry_worker", SIUD, "secret_reads", "true"),
    right("tenantry_worker", SI, "encryption_keys", "true"),
    right("tenantry_worker", SI, "data_keys", "true"),
    right("tenantry_worker", SI, "secrets", "true"),
    right("tenantry_admin", SIUD, "client_imports", OWN_IMPORTS),
    right("tenantry_super_admin", SIUD, "client_imports", OWN_IMPORTS),
    right("tenantry_worker", SD, "client_imports", "true"),
    right("tenantry_admin", SI, "client_import_lines", OF_OWN_IMPORTS),
    right("tenantry_super_admin", SI, "client_import_lines", OF_OWN_IMPORTS),
    right("tenantry_admin", SIUD, "client_import_rows", OF_OWN_IMPORTS),
    right("tenantry_super_admin", SIUD, "client_import_rows", OF_OWN_IMPORTS),
];

/// What a change is decided by; who and when the trigger notes.
const DECIDED: &str = "state, decision, revision";

/// What of a token is shown: all but its hash.
const SHOWN: &str = "id, name, kind, prefix, scopes, user_id, client_id, template_id, environment, created_at, created_by, \
     expires_at, last_used_at, revoked_at";

/// Rights on some columns only. Of a token or a link that is used, only the time of its use is written, by others only that it is
/// revoked; of a change, how far it got.
pub(super) const NARROWED: &[(&str, Command, &str, &str)] = &[
    ("tenantry_auth", Update, "tokens", "last_used_at"),
    ("tenantry_auth", Update, "links", "used_at"),
    ("tenantry_manager", Select, "tokens", SHOWN),
    ("tenantry_admin", Select, "tokens", SHOWN),
    ("tenantry_super_admin", Select, "tokens", SHOWN),
    ("tenantry_manager", Update, "tokens", "revoked_at"),
    ("tenantry_admin", Update, "tokens", "revoked_at"),
    ("tenantry_super_admin", Update, "tokens", "revoked_at"),
    ("tenantry_staff", Update, "changes", DECIDED),
    ("tenantry_manager", Update, "changes", DECIDED),
    ("tenantry_admin", Update, "changes", DECIDED),
    ("tenantry_service", Update, "changes", DECIDED),
    ("tenantry_super_admin", Update, "changes", DECIDED),
];

/// Who may execute which functions of `tenantry`. Trigger functions aren't here: nobody calls them.
pub(super) const FUNCTIONS: &[(&str, &[&str])] = &[
    ("tenantry.entered()", REQUEST_ROLES),
    ("tenantry.user_id()", REQUEST_ROLES),
    ("tenantry.member_client_ids()", REQUEST_ROLES),
    ("tenantry.managed_client_ids()", REQUEST_ROLES),
    ("tenantry.enter(jsonb, text, text, text)", &["tenantry_server"]),
    ("tenantry.secret_mask(tenantry.secrets)", &["tenantry_worker"]),
    ("tenantry.sweep_secrets(uuid, integer, interval)", &["tenantry_worker"]),
    ("tenantry.refuse_unapproved(text[])", REQUEST_ROLES),
    ("tenantry.is_author(tenantry.changes)", REQUEST_ROLES),
    // A view asks it, as whoever asks the view.
    ("tenantry.version_rank(text)", REQUEST_ROLES),
    ("tenantry.version_rank(text)", &["tenantry_worker"]),
    (
        "tenantry.restore_row(text, uuid), tenantry.put_back(uuid, uuid)",
        &["tenantry_worker", "tenantry_manager", "tenantry_admin", "tenantry_super_admin", "tenantry_service"],
    ),
    ("tenantry.maintain_partitions(date)", &["tenantry_server", "tenantry_worker"]),
    ("tenantry.partition_months_ahead()", &["tenantry_server", "tenantry_worker"]),
    ("tenantry.has_administrator()", &["tenantry_auth"]),
    ("tenantry.add_first_administrator(bytea, text, text, text)", &["tenantry_auth"]),
    ("tenantry.make_link(text, uuid, bytea, integer)", SUPER_ADMINS),
    ("tenantry.add_person(text, text, text)", SUPER_ADMINS),
    ("tenantry.end_sessions(uuid)", SUPER_ADMINS),
    ("tenantry.copy_role(uuid)", SUPER_ADMINS),
    ("tenantry.known_people()", &["tenantry_admin", "tenantry_super_admin"]),
    ("tenantry.people_seen(uuid[])", &["tenantry_admin", "tenantry_super_admin"]),
    (
        "tenantry.names_of(uuid[])",
        &["tenantry_staff", "tenantry_manager", "tenantry_admin", "tenantry_super_admin", "tenantry_service"],
    ),
    ("tenantry.settle_figures()", &["tenantry_worker"]),
    ("tenantry.keep_scores(timestamptz)", &["tenantry_worker"]),
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

const SUPER_ADMINS: &[&str] = &["tenantry_super_admin"];

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
