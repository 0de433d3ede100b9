use super::{Case, EXCLUSIVE, SHARE_ROW_EXCLUSIVE};
use crate::db::adopt::compare;
use crate::db::catalog::Trigger;
use crate::db::migrate::Step;
use crate::db::quote::ident;

/// What a trigger of the site's asks before it fires, so that rows a migration touches aren't stamped.
const GUARD: &str = "(current_setting('tenantry.migrating'::text, true) IS DISTINCT FROM 'on'::text)";

/// The policy by which the owner sees its rows under FORCE; made before anything is validated or filled.
pub const OWNER_POLICY: &str = "tenantry_owner_all";

/// Owner, columns, and the values of a column that is filled from elsewhere.
pub(super) fn steps(case: &Case<'_>) -> Vec<Step> {
    owner(case).into_iter().chain(triggers(case)).chain(columns(case)).chain(fill(case)).collect()
}

/// Takes the table over, with the policy that lets its new owner see it and what `--keep-role` keeps: in one
/// transaction, so that a role that is kept is never without its rights.
fn owner(case: &Case<'_>) -> Option<Step> {
    let table = case.table();
    if case.actual.owner == "tenantry_owner" && case.actual.policy(OWNER_POLICY).is_some() {
        return None;
    }
    let sql = format!(
        "ALTER TABLE {table} OWNER TO tenantry_owner;\n\
         DROP POLICY IF EXISTS {OWNER_POLICY} ON {table};\n\
         CREATE POLICY {OWNER_POLICY} ON {table} FOR ALL TO tenantry_owner USING (true) WITH CHECK (true);\n{}",
        case.keep
    );
    // Where somebody took them from the table's owner, the new one has no rights of its own either.
    let rights =
        case.actual.grants.as_ref().map_or_else(String::new, |_| format!("GRANT ALL ON {table} TO tenantry_owner;\n"));
    let sql = sql + &rights;
    Some(Step::locking("taken over", case.lock(EXCLUSIVE), sql).as_migrator())
}

/// The site's triggers don't fire for rows that a migration touches. They fire for everybody else as before, which
/// DISABLE TRIGGER couldn't give: it is for all sessions.
fn triggers(case: &Case<'_>) -> Option<Step> {
    let table = case.table();
    let unguarded = case.site_triggers().filter(|trigger| trigger.on_update && !is_guarded(trigger));
    let sql: String = unguarded
        .map(|trigger| {
            let made = Trigger { definition: guarded(trigger), ..trigger.clone() };
            format!("DROP TRIGGER {} ON {table};\n{}", ident(&trigger.name), made.create(&table))
        })
        .collect();
    (!sql.is_empty())
        .then(|| Step::locking("the site's triggers spare migrated rows", case.lock(EXCLUSIVE), sql).as_migrator())
}

fn is_guarded(trigger: &Trigger) -> bool {
    trigger.definition.contains(GUARD)
}

/// The definition of a trigger that asks [`GUARD`] before it fires, beside what it asks already.
pub fn guarded(trigger: &Trigger) -> String {
    const CALL: &str = " EXECUTE FUNCTION ";
    // What stands in the arguments comes after the call's own words.
    let in_arguments = trigger.arguments.matches(CALL).count();
    let Some((call, _)) = trigger.definition.rmatch_indices(CALL).nth(in_arguments) else {
        return trigger.definition.clone();
    };
    let (head, tail) = trigger.definition.split_at(call);
    let each = if trigger.for_each_row { " FOR EACH ROW WHEN (" } else { " FOR EACH STATEMENT WHEN (" };
    match head.find(each) {
        Some(at) => {
            let condition = &head[at + each.len()..head.len() - 1];
            format!("{}{each}{GUARD} AND {condition}){tail}", &head[..at])
        }
        None => format!("{head} WHEN ({GUARD}){tail}"),
    }
}

/// Whether a trigger does what Tenantry's own stamp does: sets `updated_at`, and nothing else.
///
/// Recognised by the body of its function, whatever it is called; the extension's `moddatetime` by its name, with the
/// column as its argument.
pub fn stamps_updated_at(trigger: &Trigger) -> bool {
    if trigger.function == "moddatetime" {
        return trigger.arguments.starts_with("updated_at");
    }
    let body: String = trigger.source.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let statements: Vec<&str> = body
        .trim_start_matches("begin ")
        .trim_end_matches(';')
        .trim_end_matches(" end")
        .split(';')
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
        .collect();
    let sets = |statement: &str| {
        let value = statement.strip_prefix("new.updated_at").or_else(|| statement.strip_prefix("new.\"updated_at\""));
        let value = value.map(|rest| rest.trim().trim_start_matches(':').trim_start_matches('=').trim());
        value.is_some_and(|value| {
            ["now()", "current_timestamp", "clock_timestamp()", "statement_timestamp()", "transaction_timestamp()"]
                .iter()
                .any(|time| value.trim_start_matches("pg_catalog.").starts_with(time))
        })
    };
    trigger.language == "plpgsql" && matches!(statements[..], [set, "return new"] if sets(set))
}

/// Missing columns, wider varchars, and defaults where the site has none.
fn columns(case: &Case<'_>) -> Option<Step> {
    let table = case.table();
    let mut changes = Vec::new();
    let mut widened = false;
    for ours in &case.model.columns {
        let name = ident(&ours.name);
        let Some(site) = case.actual.column(&ours.name) else {
            changes.extend(add(case, ours.name.as_str()));
            continue;
        };
        if compare::widens(site, ours) && !case.fixed.contains(&ours.name) {
            changes.push(format!("ALTER COLUMN {name} TYPE {}", ours.type_name));
            widened = true;
        }
        match (&site.default, &ours.default) {
            (None, Some(default)) if site.generated.is_none() && !site.identity && !is_filled(case, &ours.name) => {
                changes.push(format!("ALTER COLUMN {name} SET DEFAULT {default}"));
            }
            // No version is one that moves: what nobody named is NULL, the newest active one.
            (Some(_), None) if ours.name == "template_version" => {
                changes.push(format!("ALTER COLUMN {name} DROP DEFAULT"));
            }
            _ => {}
        }
    }
    if changes.is_empty() {
        return None;
    }
    let alter = format!("ALTER TABLE {table}\n    {};\n", changes.join(",\n    "));
    let (dropped, made) = if widened { aside(case) } else { (String::new(), String::new()) };
    Some(Step::locking("columns", case.lock(EXCLUSIVE), dropped + &alter + &made).as_migrator())
}

/// Adds a column with a constant default, so that no row is rewritten. NOT NULL comes later, as for every column.
fn add(case: &Case<'_>, column: &str) -> Vec<String> {
    let Some(ours) = case.model.column(column) else { return Vec::new() };
    let name = ident(column);
    if is_filled(case, column) {
        // Without a default at first: the older rows get their value from the deployment.
        return vec![format!("ADD COLUMN {name} {}", ours.type_name)];
    }
    let default = ours.default.as_ref().map_or_else(String::new, |default| format!(" DEFAULT {default}"));
    let generated = ours.generated.as_ref();
    let generated = generated.map_or_else(String::new, |text| format!(" GENERATED ALWAYS AS ({text}) STORED"));
    vec![format!("ADD COLUMN {name} {}{default}{generated}", ours.type_name)]
}

/// Puts aside, and makes again, what keeps PostgreSQL from changing a column's type: views, policies, triggers.
fn aside(case: &Case<'_>) -> (String, String) {
    let table = case.table();
    let mut dropped: String = case.views.iter().rev().map(crate::db::catalog::Table::drop_view).collect();
    let mut made = String::new();
    // The owner's own reads no column.
    for policy in case.actual.policies.iter().filter(|policy| policy.name != OWNER_POLICY) {
        dropped.push_str(&format!("DROP POLICY {} ON {table};\n", ident(&policy.name)));
        made.push_str(&policy.create(&table));
    }
    for trigger in &case.actual.triggers {
        dropped.push_str(&format!("DROP TRIGGER {} ON {table};\n", ident(&trigger.name)));
        // The step before has guarded the site's.
        let is_guarded = trigger.function_schema == "tenantry" || !trigger.on_update || is_guarded(trigger);
        let definition = if is_guarded { trigger.definition.clone() } else { guarded(trigger) };
        made.push_str(&Trigger { definition, ..trigger.clone() }.create(&table));
    }
    for view in case.views {
        made.push_str(&view.create_view());
    }
    (dropped, made)
}

/// Whether a column of the model is filled from another table: the client of an event, from its deployment.
fn is_filled(case: &Case<'_>, column: &str) -> bool {
    case.model.name == "deployment_tracking_events" && column == "client_id"
}

/// The client of older events, 5,000 at a time, after a trigger sees to the new ones.
fn fill(case: &Case<'_>) -> Vec<Step> {
    if case.model.name != "deployment_tracking_events" || !case.unfilled {
        return Vec::new();
    }
    let mut steps = Vec::new();
    if case.actual.trigger("tenantry_10_fill_event_client").is_none() {
        steps.push(Step::locking(
            "events get their client",
            case.lock(SHARE_ROW_EXCLUSIVE),
            include_str!("fill_event_client.sql"),
        ));
    }
    let default = case.model.column("client_id").and_then(|column| column.default.clone());
    if let Some(default) = default
        && case.actual.column("client_id").is_none_or(|column| column.default.is_none())
    {
        let sql = format!("ALTER TABLE {} ALTER COLUMN client_id SET DEFAULT {default}", case.table());
        steps.push(Step::locking("what an event without a client is told by", case.lock(EXCLUSIVE), sql));
    }
    steps.push(Step::batch("clients of older events", include_str!("fill_older_events.sql")));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trigger(definition: &str, source: &str) -> Trigger {
        Trigger {
            name: "t".into(),
            definition: definition.into(),
            arguments: String::new(),
            enabled: 'O',
            function_schema: "public".into(),
            function: "f".into(),
            language: "plpgsql".into(),
            source: source.into(),
            on_update: true,
            for_each_row: true,
            comment: None,
        }
    }

    #[test]
    fn guards_join_what_a_trigger_asks_already() {
        let plain = trigger("CREATE TRIGGER t BEFORE UPDATE ON public.x FOR EACH ROW EXECUTE FUNCTION public.f()", "");
        assert_eq!(
            guarded(&plain),
            format!(
                "CREATE TRIGGER t BEFORE UPDATE ON public.x FOR EACH ROW WHEN ({GUARD}) EXECUTE FUNCTION public.f()"
            )
        );
        let asking = trigger(
            "CREATE TRIGGER t BEFORE UPDATE ON public.x FOR EACH ROW WHEN ((old.a IS DISTINCT FROM new.a)) EXECUTE FUNCTION public.f()",
            "",
        );
        assert_eq!(
            guarded(&asking),
            format!(
                "CREATE TRIGGER t BEFORE UPDATE ON public.x FOR EACH ROW WHEN ({GUARD} AND (old.a IS DISTINCT FROM new.a)) EXECUTE FUNCTION public.f()"
            )
        );
    }

    #[test]
    fn stamps_are_told_by_what_they_do() {
        assert!(stamps_updated_at(&trigger("", " BEGIN NEW.updated_at = now(); RETURN NEW; END ")));
        assert!(stamps_updated_at(&trigger(
            "",
            "\nbegin\n  new.updated_at := current_timestamp;\n  return new;\nend;\n"
        )));
        assert!(!stamps_updated_at(&trigger("", "BEGIN NEW.updated_at = now(); NEW.n = NEW.n + 1; RETURN NEW; END")));
        assert!(!stamps_updated_at(&trigger("", "BEGIN PERFORM pg_notify('x', 'y'); RETURN NEW; END")));
    }
}
