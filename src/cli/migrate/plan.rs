use super::outcome::rows;
use crate::cli::output;
use crate::db::adopt::findings::CutOff;
use crate::db::migrate::Record;
use crate::db::migrate::plan::{Access, Fault, Plan};

/// How many ids of a fault a person is shown; `--format json` has up to a thousand.
const SHOWN: usize = 20;

/// A plan for a person: what is wrong, who loses what, what happens.
pub(super) fn text(plan: &Plan) -> String {
    let mut sections = Vec::new();
    if plan.adopted.is_empty() {
        sections.push("No table of Tenantry's is in use here yet.".to_owned());
    } else {
        sections.push(format!("Tables of the site's that become Tenantry's: {}", plan.adopted.join(", ")));
    }
    if !plan.faults.is_empty() {
        let faults: Vec<String> = plan.faults.iter().map(fault).collect();
        sections.push(format!("ROWS THAT ASK FOR SOMETHING\n\n{}", faults.join("\n\n")));
    }
    sections.extend(cut_off(&plan.cut_off));
    sections.extend(access(&plan.access));
    if !plan.dependants.is_empty() {
        let row = |found: &crate::db::adopt::findings::Dependant| {
            [found.table.clone(), found.kind.clone(), found.name.clone(), found.becomes.clone()]
        };
        let table = output::table(["table", "kind", "name", "what becomes of it"], plan.dependants.iter().map(row));
        sections.push(format!("WHAT STANDS ON TABLES TO BE PARTITIONED\n\n{table}"));
    }
    sections.push(steps(&plan.steps, plan.not_rehearsed.as_deref()));
    sections.push("Nothing was changed.".to_owned());
    sections.join("\n\n")
}

fn fault(fault: &Fault) -> String {
    let mut lines =
        vec![format!("{}: {} ({})", fault.table, fault.rule, rows(fault.rows)), format!("  {}", fault.says)];
    if fault.places.is_empty() && fault.mends.is_empty() && fault.question.is_none() {
        lines.push(format!("  rows: {}", ids(&fault.examples, fault.rows)));
    }
    for place in fault.places.iter().take(SHOWN) {
        let path = if place.path.is_empty() { String::new() } else { format!(" at {}", place.path) };
        lines.push(format!("  row {}, column {}{path}: {}", place.row, place.column, place.why));
    }
    for mend in &fault.mends {
        lines.push(format!("  --mend: {} ({}): {}", mend.change, rows(mend.rows), ids(&mend.examples, mend.rows)));
        lines.push(format!("    because {}", mend.reason));
    }
    match &fault.question {
        Some(question) => {
            lines.push(format!("  to decide: {}", question.question));
            lines.push(format!("    rows: {}", ids(&question.examples, question.rows)));
            lines.push(format!("    for example: {};", question.example));
        }
        None if fault.mends.is_empty() => lines.push(format!("  mend: {}", fault.mend)),
        None => {}
    }
    lines.join("\n")
}

fn ids(examples: &[String], all: i64) -> String {
    let shown = &examples[..examples.len().min(SHOWN)];
    let more = all - i64::try_from(shown.len()).unwrap_or(all);
    let rest = if more > 0 { format!(" and {more} more (--format json)") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}

fn cut_off(found: &[CutOff]) -> Option<String> {
    if found.is_empty() {
        return None;
    }
    let row = |found: &CutOff| {
        let fate = match (found.kept, found.owner) {
            (true, _) => "keeps them by a policy of its own",
            (false, true) => "loses the table to tenantry_owner",
            (false, false) => "loses them, or sees no row any more",
        };
        [found.role.clone(), found.table.clone(), found.privileges.join(", "), fate.to_owned()]
    };
    let table = output::table(["role", "table", "rights now", "then"], found.iter().map(row));
    Some(format!("WHO LOSES RIGHTS (--keep-role keeps those of a login)\n\n{table}"))
}

fn access(access: &Access) -> Vec<String> {
    let mut sections = Vec::new();
    if !access.claimed_roles.is_empty() {
        let row = |claimed: &crate::db::adopt::findings::ClaimedRole| {
            let fate = if claimed.known { "--adopt-roles copies it" } else { "no word that Tenantry knows" };
            [claimed.person.clone(), claimed.role.clone(), fate.to_owned()]
        };
        let table = output::table(["person", "role", ""], access.claimed_roles.iter().map(row));
        sections.push(format!("ROLES THAT PEOPLE CAN GIVE THEMSELVES (raw_user_meta_data, never believed)\n\n{table}"));
    }
    if !access.created_by_only.is_empty() {
        let line = |one: &crate::db::adopt::findings::CreatedByOnly| {
            format!("  {}: {} clients ({})", one.person, one.clients, ids(&one.examples, one.clients))
        };
        let lines: Vec<String> = access.created_by_only.iter().map(line).collect();
        sections.push(format!(
            "WHO REACHES CLIENTS ONLY BY HAVING MADE THEIR ROWS (created_by; no membership follows from it)\n\n{}",
            lines.join("\n")
        ));
    }
    if !access.policies.is_empty() {
        let row = |policy: &crate::db::adopt::findings::Replaced| {
            let fault = policy.fault.clone().unwrap_or_default();
            [policy.table.clone(), policy.policy.clone(), policy.command.clone(), fault]
        };
        let table = output::table(["table", "policy", "for", "fault"], access.policies.iter().map(row));
        sections.push(format!("POLICIES THAT ARE REPLACED\n\n{table}"));
    }
    if !access.views.is_empty() {
        let row = |view: &crate::db::adopt::findings::Bypass| {
            let fate = if view.materialised { "for its owner alone" } else { "reads with its caller's rights" };
            [view.view.clone(), view.owner.clone(), view.tables.join(", "), view.readers.join(", "), fate.to_owned()]
        };
        let table = output::table(["view", "reads as", "tables", "granted to", "then"], access.views.iter().map(row));
        sections.push(format!("VIEWS THAT SHOW ROWS PAST ROW LEVEL SECURITY\n\n{table}"));
    }
    sections
}

fn steps(steps: &[Record], not_rehearsed: Option<&str>) -> String {
    if let Some(why) = not_rehearsed {
        return format!("STEPS\n\nThe steps couldn't be rehearsed, so their locks aren't known: {why}");
    }
    let row = |record: &Record| {
        let locks: Vec<String> = record.locks.iter().map(|(table, mode)| format!("{table} {mode}")).collect();
        [record.migration.clone(), record.step.clone(), locks.join(", ")]
    };
    let table = output::table(["migration", "step", "locks on what is there"], steps.iter().map(row));
    format!("STEPS, with the locks that a rehearsal on a schema-only copy took\n\n{table}")
}
