use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::store::{self, Version};
use super::types::{Activated, Brought, Lacking, Stage, Upgrade};
use super::versions::{newer, no_version};
use super::{deployments, upgrade};
use crate::configurations::changes::{Applied, Tools, apply_any};
use crate::configurations::documents::{Edits, Inputs, Wanted};
use crate::configurations::{ConfigTable, Environment, Operation, RowEdit};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// What a new version of a design takes over from the one before.
const CONTENT: &[&str] = &[
    "client_id",
    "template_id",
    "branding_config",
    "feature_config",
    "integration_config",
    "ai_generated_customizations",
    "ai_customization_prompts",
    "ai_customization_metadata",
    "theme_config",
    "layout_config",
    "component_overrides",
    "css_customizations",
    "content_overrides",
    "copy_customizations",
    "image_assets",
];

/// Has a customization served in place of the one that is served now.
pub async fn activate(tx: &Tx<'_>, tools: &Tools, id: Uuid, reason: Option<&str>) -> Result<Activated, Problem> {
    let design = Design::read(tx, id).await?;
    if design.row.get("is_active") == Some(&json!(true)) {
        return Ok(Activated { id, replaced: Vec::new(), change_id: None, revision: None });
    }
    let status = design.text("status");
    if !["approved", "deployed"].contains(&status) {
        return Err(Problem::invalid(format!("a customization that is {status} can't be active"))
            .mend("have it approved, then activate it"));
    }
    let replaced = store::active(tx, design.client_id, &design.template_id, id).await?;
    let edits = swap(&replaced, id);
    let reason = reason.map_or_else(|| format!("activate customization {id}"), ToOwned::to_owned);
    let Applied { change_id, revision, .. } = apply_any(tx, tools, edits, &reason).await?;
    Ok(Activated { id, replaced, change_id: Some(change_id), revision })
}

/// The one before first: there is never more than one active.
fn swap(replaced: &[Uuid], id: Uuid) -> Vec<RowEdit> {
    let off = replaced.iter().map(|id| (*id, false));
    off.chain([(id, true)]).map(|(id, is_active)| written(id, [("is_active", json!(is_active))])).collect()
}

fn written<const N: usize>(row_id: Uuid, columns: [(&str, Value); N]) -> RowEdit {
    let columns = columns.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    RowEdit { table: ConfigTable::ClientCustomizations, row_id, operation: Operation::Update, columns, base: None }
}

/// Brings a customization to another version of its template, or tells what that would do.
pub async fn bring(tx: &Tx<'_>, tools: &Tools, id: Uuid, asked: &Upgrade) -> Result<Brought, Problem> {
    let design = Design::read(tx, id).await?;
    let versions = tx.as_worker(store::versions(tx, &design.template_id)).await?;
    let (from, to) = (design.version(&versions)?, target(&versions, &design.template_id, &asked.to)?);
    if from.id == to.id {
        return Err(Problem::invalid(format!("the customization is at version {} already", to.number))
            .mend("name another version"));
    }
    let config = design.row.get("customization_config").cloned().unwrap_or_default();
    let plan = upgrade::plan(&upgrade::defaults(&from.row), &upgrade::defaults(&to.row), &config, &asked.choices)?;
    let conflicts: Vec<Fault> = plan.conflicts().map(|step| conflict(&step.path)).collect();
    if !asked.dry_run && !conflicts.is_empty() {
        return Err(Problem::faults(format!("client and version {} each changed some values", to.number), conflicts)
            .mend("say for each path what is to stand there: choices {\"a.b\": \"client\"}"));
    }
    let edit = design.brought(to, &plan.config);
    let shown = upgrade::without_secrets(&plan.config, &versions);
    let mut brought = Brought {
        id: None,
        from: from.number.clone(),
        to: to.number.clone(),
        conflicts: conflicts.len(),
        steps: plan.steps,
        lacking: lacking(tx, tools, &design, &design.brought(to, &shown)).await?,
        customization_config: shown,
        change_id: None,
        revision: None,
    };
    if !asked.dry_run {
        let reason =
            asked.reason.clone().unwrap_or_else(|| format!("bring customization {id} to version {}", to.number));
        brought.id = Some(edit.row_id);
        let applied = apply_any(tx, tools, vec![edit.clone()], &reason).await?;
        (brought.change_id, brought.revision) = (Some(applied.change_id), applied.revision);
        let written = store::customization(tx, edit.row_id).await?;
        let config = written.and_then(|mut row| row.remove("customization_config"));
        brought.customization_config = config.unwrap_or(brought.customization_config);
    }
    Ok(brought)
}

fn conflict(path: &str) -> Fault {
    let pointer = format!("/choices/{}", path.replace('~', "~0").replace('/', "~1"));
    Fault::at(pointer, "conflict", "client and new version each say something else")
        .mend("choose client, template or a value")
}

/// What a version of a template says.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its number.
    pub number: String,
    /// JSON Schema of the documents.
    pub schema: Value,
    /// Its defaults: those of the schema, and over them its own.
    pub defaults: Value,
}

/// What the version says that a customization uses: the one that it pins, else the newest active one.
///
/// For whoever sees the customization, also where the version itself isn't shown to them any more.
pub async fn said(tx: &Tx<'_>, template_id: &str, pinned: Option<&str>) -> Result<Option<Said>, Problem> {
    let versions = tx.as_worker(store::versions(tx, template_id)).await?;
    Ok(used(&versions, pinned).map(|version| Said {
        number: version.number.clone(),
        schema: version.row.get("configuration_schema").cloned().unwrap_or_default(),
        defaults: upgrade::defaults(&version.row),
    }))
}

/// Begins a draft with the content of a customization, since what was reviewed doesn't change; the draft's id.
pub async fn redraft(tx: &Tx<'_>, tools: &Tools, id: Uuid) -> Result<Uuid, Problem> {
    let design = Design::read(tx, id).await?;
    let said = ["template_version", "customization_config", "css_customizations"];
    let said = said.iter().filter_map(|name| Some(((*name).to_owned(), design.row.get(*name)?.clone())));
    let edit = design.anew(said.filter(|(_, value)| !value.is_null()));
    apply_any(tx, tools, vec![edit.clone()], &format!("begin a new version of customization {id}")).await?;
    Ok(edit.row_id)
}

/// The version that somebody wants, where it may be pinned.
fn target<'a>(versions: &'a [Version], template_id: &str, wanted: &str) -> Result<&'a Version, Problem> {
    let found =
        versions.iter().find(|version| version.number == wanted).ok_or_else(|| no_version(template_id, wanted))?;
    match found.stage {
        Some(Stage::Draft) => Err(Problem::invalid(format!("version {wanted} is a draft"))
            .mend("publish it first, or name one that is active")),
        Some(Stage::Archived) => {
            Err(Problem::invalid(format!("version {wanted} is archived, and those can't be pinned anew"))
                .mend("name one that is active"))
        }
        _ => Ok(found),
    }
}

/// What would be wrong with the client's documents if the customization were served as an edit leaves it: in the
/// environments where the client has deployments, or in all.
async fn lacking(tx: &Tx<'_>, tools: &Tools, design: &Design, edit: &RowEdit) -> Result<Vec<Lacking>, Problem> {
    let used = store::environments(tx, design.client_id).await?;
    let environments = if used.is_empty() { Environment::ALL.to_vec() } else { used };
    let served = store::active(tx, design.client_id, &design.template_id, edit.row_id).await?;
    let mut edits = swap(&served, edit.row_id);
    edits.insert(0, edit.clone());
    tx.as_worker(async {
        let (clients, templates) = ([design.client_id], [design.template_id.as_str()]);
        let inputs = Inputs::load(tx, &tools.compiled, Wanted::clients(&clients).asked(&templates)).await?;
        let inputs = inputs.with(&Edits::read(tx, &edits).await?, &tools.compiled);
        let judged = environments.into_iter().map(|environment| {
            let target = inputs.target(design.client_id, Some(&design.template_id), environment)?;
            Ok(Lacking { environment, faults: deployments::faults(&inputs.judge(&target)?.problems) })
        });
        let judged: Vec<Lacking> = judged.collect::<Result<_, Problem>>()?;
        Ok(judged.into_iter().filter(|lacking| !lacking.faults.is_empty()).collect())
    })
    .await
}

/// A customization that the caller sees.
struct Design {
    id: Uuid,
    client_id: Uuid,
    template_id: String,
    row: Map<String, Value>,
}

impl Design {
    async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Self, Problem> {
        let absent = || Problem::absent(format!("there is no customization {id}")).mend("name one by its id");
        let row = store::customization(tx, id).await?.ok_or_else(absent)?;
        let client_id =
            row.get("client_id").and_then(Value::as_str).and_then(|id| id.parse().ok()).ok_or_else(absent)?;
        let template_id = row.get("template_id").and_then(Value::as_str).ok_or_else(absent)?.to_owned();
        Ok(Self { id, client_id, template_id, row })
    }

    fn text(&self, column: &str) -> &str {
        self.row.get(column).and_then(Value::as_str).unwrap_or_default()
    }

    /// The version that it uses: the one that it pins, else the newest active one.
    fn version<'a>(&self, versions: &'a [Version]) -> Result<&'a Version, Problem> {
        used(versions, self.row.get("template_version").and_then(Value::as_str)).ok_or_else(|| {
            Problem::invalid(format!("template {} has no version that the customization uses", self.template_id))
                .mend("publish one, or set template_version")
        })
    }

    /// The edit that brings it to a version: of itself while it is a draft, else of a new draft, because what was reviewed
    /// doesn't change.
    fn brought(&self, to: &Version, config: &Value) -> RowEdit {
        let said = [("template_version", json!(to.number)), ("customization_config", config.clone())];
        if self.text("status") == "draft" {
            return written(self.id, said);
        }
        self.anew(said.map(|(name, value)| (name.to_owned(), value)))
    }

    /// The edit that makes a draft with its content, but what is said otherwise.
    fn anew(&self, said: impl IntoIterator<Item = (String, Value)>) -> RowEdit {
        let row_id = Uuid::new_v4();
        let taken = CONTENT.iter().filter_map(|name| Some(((*name).to_owned(), self.row.get(*name)?.clone())));
        let mut columns: Map<String, Value> = taken.collect();
        columns.insert("id".to_owned(), json!(row_id));
        columns.extend(said);
        RowEdit { table: ConfigTable::ClientCustomizations, row_id, operation: Operation::Insert, columns, base: None }
    }
}

/// The version that is pinned, else the newest active one.
fn used<'a>(versions: &'a [Version], pinned: Option<&str>) -> Option<&'a Version> {
    match pinned {
        Some(pinned) => versions.iter().find(|version| version.number == pinned),
        None => versions.iter().filter(|version| version.stage == Some(Stage::Active)).max_by(|a, b| newer(a, b)),
    }
}
