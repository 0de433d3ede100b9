use self::Command::{Delete, Insert, Select, Update};
use self::Role::{Admin, Client, Manager, Service, Staff, SuperAdmin};
use self::Rows::{Every, Managed, Member, MemberByScope, MemberOrNobodys, Own};

/// The role that a request runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A client's own login.
    Client,
    /// Agency staff.
    Staff,
    /// Client manager.
    Manager,
    /// Agency admin.
    Admin,
    /// Machines with a service token.
    Service,
    /// As admin, and people, roles, system rows, keys.
    SuperAdmin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] = [Client, Staff, Manager, Admin, Service, SuperAdmin];

    /// What the database calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Client => "tenantry_client",
            Staff => "tenantry_staff",
            Manager => "tenantry_manager",
            Admin => "tenantry_admin",
            Service => "tenantry_service",
            SuperAdmin => "tenantry_super_admin",
        }
    }

    /// The role that a person has by this word of `tenantry.people`, such as `super_admin`.
    pub fn of_person(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| *role != Service && role.name().strip_prefix("tenantry_") == Some(word))
    }
}

/// What a policy or a grant is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Reading.
    Select,
    /// Adding.
    Insert,
    /// Changing.
    Update,
    /// Removing.
    Delete,
}

impl Command {
    /// The word of SQL.
    pub const fn keyword(self) -> &'static str {
        match self {
            Select => "SELECT",
            Insert => "INSERT",
            Update => "UPDATE",
            Delete => "DELETE",
        }
    }
}

/// The rows that a rule is about, before its condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Of the clients that the person is a member of.
    Member,
    /// The same, of a table where every list says whose rows it wants, and which another policy opens as well: then no
    /// index serves the policy, and the planner has to know that it lets nearly all of those rows through.
    MemberByScope,
    /// Of the clients that the person manages.
    Managed,
    /// The person's own: `user_id` is theirs.
    Own,
    /// All, for whoever has entered.
    Every,
    /// Of the clients that the person is a member of, and of none: `scope_id` is never NULL, so that one index serves both.
    MemberOrNobodys,
}

/// Roles that may do the same with the same rows.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Who.
    pub roles: &'static [Role],
    /// What.
    pub commands: &'static [Command],
    /// With which rows.
    pub rows: Rows,
    /// What must be true of the row besides; `true` for nothing.
    pub only: &'static str,
    /// What tells the policy from another for the same role and command; empty for all but one.
    pub suffix: &'static str,
}

/// Columns that a role doesn't get with a grant on the table, or the only ones that it gets.
#[derive(Clone, Copy, Debug)]
pub enum Columns {
    /// All but these.
    Except(&'static [&'static str]),
    /// None but these.
    Only(&'static [&'static str]),
}

/// A grant that isn't for the whole table.
#[derive(Clone, Copy, Debug)]
pub struct ColumnGrant {
    /// To whom.
    pub roles: &'static [Role],
    /// For what.
    pub command: Command,
    /// On what.
    pub columns: Columns,
}

/// One of Tenantry's tables in `public`.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The column that says whose row it is.
    pub client: &'static str,
    /// What the request roles may do.
    pub rules: &'static [Rule],
    /// Where a grant is narrower than the table.
    pub columns: &'static [ColumnGrant],
    /// What jobs may do, with every row.
    pub worker: &'static [Command],
}

const S: &[Command] = &[Select];
const U: &[Command] = &[Update];
const I: &[Command] = &[Insert];
const SI: &[Command] = &[Select, Insert];
const SU: &[Command] = &[Select, Update];
const IU: &[Command] = &[Insert, Update];
const ID: &[Command] = &[Insert, Delete];
const IUD: &[Command] = &[Insert, Update, Delete];
const SIU: &[Command] = &[Select, Insert, Update];
const SIUD: &[Command] = &[Select, Insert, Update, Delete];

const fn rule(roles: &'static [Role], commands: &'static [Command], rows: Rows) -> Rule {
    Rule { roles, commands, rows, only: "true", suffix: "" }
}

impl Rule {
    const fn only(self, condition: &'static str) -> Self {
        Self { only: condition, ..self }
    }

    const fn suffix(self, suffix: &'static str) -> Self {
        Self { suffix, ..self }
    }
}

/// Rows of one client that members read and managers write.
const WRITTEN_BY_MANAGERS: &[Rule] = &[
    rule(&[Client, Staff, Manager], S, Member),
    rule(&[Manager], IU, Managed),
    rule(&[Admin, Service, SuperAdmin], SIUD, Every),
];

/// Tables of `public`, in the order of the documentation. `–` there is no rule here: every role may ask, and gets no row.
pub const TABLES: &[Table] = &[
    Table {
        name: "clients_enhanced",
        client: "id",
        rules: &[
            rule(&[Client, Staff, Manager], S, Member),
            rule(&[Manager], U, Managed),
            rule(&[Admin, Service, SuperAdmin], SIU, Every),
        ],
        columns: &[ColumnGrant {
            roles: &[Manager],
            command: Update,
            columns: Columns::Except(&["assigned_manager", "tier", "status", "email", "archived_at"]),
        }],
        worker: SIU,
    },
    Table {
        name: "client_members",
        client: "client_id",
        rules: &[
            rule(&[Client, Staff], S, Own),
            rule(&[Manager], S, Member),
            rule(&[Service], S, Every),
            rule(&[Admin, SuperAdmin], SIUD, Every),
        ],
        columns: &[],
        worker: SIUD,
    },
    Table {
        name: "client_customizations",
        client: "client_id",
        rules: WRITTEN_BY_MANAGERS,
        columns: &[],
        worker: SIUD,
    },
    Table {
        name: "client_deployments",
        client: "client_id",
        rules: WRITTEN_BY_MANAGERS,
        columns: &[ColumnGrant {
            roles: &[Client],
            command: Select,
            columns: Columns::Except(&["environment_variables", "environment_config", "build_artifacts", "build_logs"]),
        }],
        worker: SIUD,
    },
    Table {
        name: "deployment_configurations",
        client: "client_id",
        rules: WRITTEN_BY_MANAGERS,
        columns: &[ColumnGrant {
            roles: &[Client],
            command: Select,
            columns: Columns::Except(&[
                "environment_variables",
                "secret_variables",
                "application_config",
                "ssl_config",
                "backup_config",
                "recovery_config",
                "validation_results",
                // What was applied of the columns above.
                "applied_configuration",
            ]),
        }],
        worker: SIUD,
    },
    Table {
        name: "deployment_tracking_events",
        client: "client_id",
        rules: &[
            rule(&[Client, Staff, Manager], S, Member),
            rule(&[Manager], I, Managed),
            rule(&[Admin, Service, SuperAdmin], SI, Every),
        ],
        columns: &[],
        worker: SI,
    },
    Table {
        name: "client_analytics",
        client: "client_id",
        rules: &[rule(&[Client, Staff, Manager], S, Member), rule(&[Admin, Service, SuperAdmin], SIU, Every)],
        columns: &[],
        worker: SIU,
    },
    Table {
        name: "client_billing_info",
        client: "client_id",
        rules: &[
            rule(&[Client], S, Member),
            rule(&[Manager], S, Managed),
            rule(&[Admin, Service, SuperAdmin], SIU, Every),
        ],
        columns: &[ColumnGrant {
            roles: &[Client],
            command: Select,
            columns: Columns::Except(&["payment_method_id", "tax_id", "vat_number"]),
        }],
        worker: SIU,
    },
    Table {
        name: "system_configurations",
        client: "client_id",
        rules: &[
            // Rows of a client.
            rule(&[Client], S, Member).only("NOT is_encrypted"),
            rule(&[Client], U, Member).only("is_delegated AND NOT is_encrypted AND NOT is_system"),
            rule(&[Staff, Manager], S, MemberByScope),
            rule(&[Manager], IUD, Managed).only("NOT is_system"),
            // Global and template rows: the one second policy for a role and command. Every list here filters by scope or
            // client, and its own condition finds the rows: neither is written so that an index serves it, else the
            // planner weighs a bitmap for each policy in every query, which costs a page of one client half as much
            // again.
            rule(&[Staff, Manager], S, Every).only("(client_id IS NULL) IS TRUE").suffix("_global"),
            // Of a system row an admin changes the value, which a trigger holds.
            rule(&[Admin, Service], SU, Every),
            rule(&[Admin, Service], ID, Every).only("NOT is_system"),
            rule(&[SuperAdmin], SIUD, Every),
        ],
        columns: &[
            // Anything more, and a client could rename its row to any key.
            ColumnGrant { roles: &[Client], command: Update, columns: Columns::Only(&["configuration_value"]) },
            ColumnGrant {
                roles: &[Manager, Admin, Service, SuperAdmin],
                command: Update,
                columns: Columns::Except(&["is_system", "is_delegated"]),
            },
        ],
        worker: SIUD,
    },
    Table {
        name: "template_configurations",
        client: "",
        rules: &[
            rule(&[Client, Staff, Manager], S, Every).only("status = 'active'"),
            rule(&[Admin, Service, SuperAdmin], SIUD, Every),
        ],
        columns: &[],
        worker: SIUD,
    },
    Table {
        name: "deployment_templates",
        client: "",
        rules: &[
            rule(&[Client, Staff, Manager], S, Every).only("status = 'active'"),
            rule(&[Admin, Service], SU, Every),
            rule(&[Admin, Service], ID, Every).only("NOT is_system_template"),
            rule(&[SuperAdmin], SIUD, Every),
        ],
        columns: &[ColumnGrant {
            roles: &[Admin, Service, SuperAdmin],
            command: Update,
            columns: Columns::Except(&["is_system_template"]),
        }],
        worker: SIUD,
    },
    Table {
        name: "configuration_versions",
        client: "scope_id",
        rules: &[
            // As the row it belongs to: of templates, those that the caller sees under their own policies.
            rule(&[Staff, Manager], S, MemberOrNobodys).only(
                "(table_name <> 'template_configurations' \
                 OR row_id = ANY (ARRAY(SELECT t.id FROM public.template_configurations t)))",
            ),
            rule(&[Admin, Service, SuperAdmin], S, Every),
        ],
        columns: &[],
        worker: S,
    },
    Table {
        name: "audit_log",
        client: "client_id",
        rules: &[
            // Not the trail of what a manager can't read: tokens, sessions, reveals.
            rule(&[Manager], S, Managed).only(
                "table_schema = 'public' AND table_name = ANY ('{clients_enhanced,client_members,client_customizations,\
                 client_deployments,deployment_configurations,client_billing_info,system_configurations}'::text[])",
            ),
            rule(&[Admin, Service, SuperAdmin], S, Every),
        ],
        columns: &[],
        worker: S,
    },
];

/// Views of `public`. They run as whoever asks, so what they show is what the policies of their tables let through.
pub const VIEWS: &[&str] =
    &["client_summary", "deployment_status_summary", "client_configuration_summary", "template_usage_summary"];
