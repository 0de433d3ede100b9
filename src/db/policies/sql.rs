use super::inner;
use super::rules::{ColumnGrant, Columns, Command, Role, Rows, Rule, TABLES, Table, VIEWS};

/// The clients that whoever asks is a member of: as `tenantry.enter` noted them, else by the question. The note is believed
/// by the terms of `tenantry.has_note`, written out because reading it here takes a third of what calling a function does.
const MEMBER_OF: &str = "(SELECT CASE \
     WHEN current_setting('tenantry.entered', true) = current_setting('role') \
     THEN current_setting('tenantry.member_of', true)::uuid[] \
     ELSE ARRAY(SELECT tenantry.member_client_ids()) END)::uuid[]";

/// The SQL that clears what stands in the way of the walls, in every table outside `public` that is Tenantry's.
const EVERYTHING_INNER: &str = include_str!("inner.sql");

/// The SQL that takes the walls down again.
const EVERYTHING_DOWN: &str = include_str!("down.sql");

/// What a table or view had before is cleared first; `$RELATION` stands for its name as SQL.
const CLEAR: &str = include_str!("clear.sql");

/// The statements that give one table or view of `public` its policies and grants; none for a name that isn't Tenantry's.
///
/// They take ACCESS EXCLUSIVE on the table and belong into one transaction.
pub fn render(name: &str) -> Vec<String> {
    if let Some(table) = TABLES.iter().find(|table| table.name == name) {
        render_table(table)
    } else if VIEWS.contains(&name) {
        vec![clear(name), format!("GRANT SELECT ON public.{name} TO {}, tenantry_worker", request_roles(&Role::ALL))]
    } else {
        Vec::new()
    }
}

/// What gives every table and view its grants and policies: one step per relation, named after it, so that a table in
/// use is locked for no longer than its own statements take.
pub fn up() -> Vec<(String, String)> {
    let public = TABLES.iter().map(|table| table.name).chain(VIEWS.iter().copied());
    let inner = ("tenantry".to_owned(), render_inner());
    std::iter::once(inner)
        .chain(public.map(|name| (name.to_owned(), render(name))))
        .map(|(name, statements)| (name, statements.join(";\n\n") + ";\n"))
        .collect()
}

/// The statements that take all of it away again, and leave `keep_<role>` policies.
pub fn down() -> String {
    let names: Vec<&str> = TABLES.iter().map(|table| table.name).chain(VIEWS.iter().copied()).collect();
    EVERYTHING_DOWN.replace("$NAMES", &names.join(","))
}

fn render_table(table: &Table) -> Vec<String> {
    let name = table.name;
    let everybody = [
        format!(
            "CREATE POLICY tenantry_owner_all ON public.{name} FOR ALL TO tenantry_owner USING (true) WITH CHECK (true)"
        ),
        format!(
            "CREATE POLICY tenantry_worker_all ON public.{name} FOR ALL TO tenantry_worker USING (true) WITH CHECK (true)"
        ),
        format!("CREATE POLICY tenantry_backup_select ON public.{name} FOR SELECT TO tenantry_backup USING (true)"),
    ];
    let policies = table.rules.iter().flat_map(|rule| rule_policies(table, rule));
    let walls = [
        format!("ALTER TABLE public.{name} ENABLE ROW LEVEL SECURITY"),
        format!("ALTER TABLE public.{name} FORCE ROW LEVEL SECURITY"),
    ];
    let machines = [
        format!("GRANT SELECT ON public.{name} TO tenantry_backup"),
        format!("GRANT {} ON public.{name} TO tenantry_worker", keywords(table.worker)),
    ];
    std::iter::once(clear(name))
        .chain(everybody)
        .chain(policies)
        .chain(walls)
        .chain(machines)
        .chain(Role::ALL.iter().flat_map(|role| role_grants(table, *role)))
        .collect()
}

/// One policy for each role and command, so that none ever names two.
fn rule_policies(table: &Table, rule: &Rule) -> Vec<String> {
    let condition = condition(table, rule);
    let policy = |role: Role, command: Command| {
        let name = format!("{}_{}{}", role.name(), command.keyword().to_lowercase(), rule.suffix);
        let checks = match command {
            Command::Select | Command::Delete => format!("USING ({condition})"),
            Command::Insert => format!("WITH CHECK ({condition})"),
            Command::Update => format!("USING ({condition}) WITH CHECK ({condition})"),
        };
        format!("CREATE POLICY {name} ON public.{} FOR {} TO {} {checks}", table.name, command.keyword(), role.name())
    };
    rule.roles.iter().flat_map(|role| rule.commands.iter().map(|command| policy(*role, *command))).collect()
}

/// Every call stands in a sub-select without a reference to the row, so that it is made once per statement.
fn condition(table: &Table, rule: &Rule) -> String {
    let client = table.client;
    let rows = match rule.rows {
        Rows::Member => format!("{client} = ANY ({MEMBER_OF})"),
        // What PostgreSQL can't estimate it takes for one row in a thousand: a page in the order of an index then looks
        // as if it had to read all rows anyway, and is sorted instead. IS NOT NULL it takes for nearly always true.
        Rows::MemberByScope => format!("NULLIF({client} = ANY ({MEMBER_OF}), false) IS NOT NULL"),
        Rows::Managed => format!("{client} = ANY (ARRAY(SELECT tenantry.managed_client_ids()))"),
        Rows::Own => "user_id = (SELECT tenantry.user_id())".to_owned(),
        Rows::Every => "(SELECT tenantry.entered())".to_owned(),
        Rows::MemberOrNobodys => format!(
            "{client} = ANY (ARRAY(SELECT tenantry.member_client_ids() \
             UNION ALL SELECT '00000000-0000-0000-0000-000000000000'::uuid WHERE tenantry.entered()))"
        ),
    };
    // What is cheap to see in the row itself stands first: then nobody is asked about rows that are out anyway.
    match rule.only {
        "true" => rows,
        only if matches!(rule.rows, Rows::Every) => format!("{only} AND {rows}"),
        only => format!("{rows} AND {only}"),
    }
}

/// Reading is granted to all, because the views read as whoever asks; the rest to whom a rule gives it.
fn role_grants(table: &Table, role: Role) -> Vec<String> {
    [Command::Select, Command::Insert, Command::Update, Command::Delete]
        .into_iter()
        .filter(|command| {
            let ruled = |rule: &Rule| rule.roles.contains(&role) && rule.commands.contains(command);
            *command == Command::Select || table.rules.iter().any(ruled)
        })
        .map(|command| {
            let narrower = |grant: &&ColumnGrant| grant.roles.contains(&role) && grant.command == command;
            match table.columns.iter().find(narrower).map(|grant| grant.columns) {
                None => format!("GRANT {} ON public.{} TO {}", command.keyword(), table.name, role.name()),
                Some(Columns::Only(columns)) => format!(
                    "GRANT {} ({}) ON public.{} TO {}",
                    command.keyword(),
                    columns.join(", "),
                    table.name,
                    role.name()
                ),
                Some(Columns::Except(columns)) => grant_all_but(table, role, command, columns),
            }
        })
        .collect()
}

/// A site's own columns are granted with Tenantry's, so the list is made from the catalog, when the statement runs.
fn grant_all_but(table: &Table, role: Role, command: Command, columns: &[&str]) -> String {
    format!(
        "DO $grant$ BEGIN EXECUTE (SELECT pg_catalog.format('GRANT {command} (%s) ON public.{table} TO {role}', \
         pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)) \
         FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'public.{table}'::pg_catalog.regclass \
         AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL ('{{{columns}}}')); END $grant$",
        command = command.keyword(),
        table = table.name,
        role = role.name(),
        columns = columns.join(","),
    )
}

fn render_inner() -> Vec<String> {
    let rights = inner::RIGHTS.iter().flat_map(|right| {
        let inner::Right { table, role, commands, rows } = right;
        commands.iter().flat_map(move |command| {
            let word = command.keyword();
            let checks = match command {
                Command::Select | Command::Delete => format!("USING ({rows})"),
                Command::Insert => format!("WITH CHECK ({rows})"),
                Command::Update => format!("USING ({rows}) WITH CHECK ({rows})"),
            };
            let column = inner::NARROWED
                .iter()
                .find(|(who, right, what, _)| right == command && who == role && what == table)
                .map_or_else(String::new, |(.., columns)| format!(" ({columns})"));
            [
                format!(
                    "CREATE POLICY {role}_{} ON tenantry.{table} FOR {word} TO {role} {checks}",
                    word.to_lowercase()
                ),
                format!("GRANT {word}{column} ON tenantry.{table} TO {role}"),
            ]
        })
    });
    let functions = inner::FUNCTIONS
        .iter()
        .map(|(function, roles)| format!("GRANT EXECUTE ON FUNCTION {function} TO {}", roles.join(", ")));
    std::iter::once(EVERYTHING_INNER.trim_end().trim_end_matches(';').to_owned())
        .chain(rights)
        .chain([format!("GRANT USAGE ON SCHEMA tenantry TO {}", inner::SCHEMA_USERS)])
        .chain(functions)
        .collect()
}

fn clear(relation: &str) -> String {
    CLEAR.trim_end().trim_end_matches(';').replace("$RELATION", &format!("public.{relation}"))
}

fn request_roles(roles: &[Role]) -> String {
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
}

fn keywords(commands: &[Command]) -> String {
    commands.iter().map(|command| command.keyword()).collect::<Vec<_>>().join(", ")
}
