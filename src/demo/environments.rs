use serde_json::{Value, json};
use tokio_postgres::Transaction;
use uuid::Uuid;

use super::calendar::Calendar;
use super::chance;
use super::deployments::{Deployment, Kinds, deployments, provider};
use super::people::{MANAGERS, manager};
use super::rows::insert;
use crate::Result;

/// How far a deployment configuration got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Draft,
    Validated,
    Applied,
    Failed,
}

/// Adds a deployment configuration for the apps of premium and enterprise clients, and takes each as far as it got.
pub async fn add(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    let kinds = Kinds::read(tx).await?;
    let chosen: Vec<Deployment> = deployments().into_iter().filter(has_one).collect();
    let rows = chosen.iter().map(|deployment| row(deployment, &kinds, calendar)).collect();
    insert(tx, "public.deployment_configurations", rows).await?;
    advance(tx, "validated", &chosen, &[Stage::Validated, Stage::Applied, Stage::Failed]).await?;
    advance(tx, "failed", &chosen, &[Stage::Failed]).await?;
    apply(tx, &chosen).await
}

fn has_one(deployment: &Deployment) -> bool {
    ["premium", "enterprise"].contains(&deployment.of().tier)
        && ["deployed", "failed", "pending", "building"].contains(&deployment.status)
        || deployment.status == "failed"
}

fn stage(deployment: &Deployment) -> Stage {
    match (deployment.status, deployment.environment, deployment.client % 3) {
        ("failed", ..) => Stage::Failed,
        ("deployed", "production", _) | ("deployed", "staging", 0) => Stage::Applied,
        (_, "staging", _) => Stage::Validated,
        _ => Stage::Draft,
    }
}

async fn advance(tx: &Transaction<'_>, status: &str, of: &[Deployment], stages: &[Stage]) -> Result<()> {
    let ids = ids(of, stages);
    tx.execute("UPDATE public.deployment_configurations SET status = $1 WHERE id = ANY ($2)", &[&status, &ids]).await?;
    Ok(())
}

/// Puts those that were applied in force; the database freezes their content.
async fn apply(tx: &Transaction<'_>, of: &[Deployment]) -> Result<()> {
    tx.execute(
        "UPDATE public.deployment_configurations
            SET status = 'applied', applied_by = created_by
          WHERE id = ANY ($1)",
        &[&ids(of, &[Stage::Applied])],
    )
    .await?;
    Ok(())
}

fn ids(of: &[Deployment], stages: &[Stage]) -> Vec<Uuid> {
    of.iter().filter(|deployment| stages.contains(&stage(deployment))).map(id).collect()
}

fn id(deployment: &Deployment) -> Uuid {
    chance::id("environment of deployment", deployment.number)
}

fn row(deployment: &Deployment, kinds: &Kinds, calendar: Calendar) -> Value {
    let client = deployment.of();
    let production = deployment.environment == "production";
    let (hosting_provider, region) = provider(client);
    let at = calendar.moment(deployment.begun.min(58), 560);
    let author = manager(deployment.client).unwrap_or_else(|| MANAGERS[0].id());
    json!({
        "id": id(deployment),
        "client_id": chance::id("client", deployment.client),
        "deployment_id": deployment.id(),
        "deployment_template_id": kinds.of(client.tier, deployment.environment),
        "template_id": client.template,
        "environment": deployment.environment,
        "deployment_name": format!("{}-{}", client.slug, deployment.environment),
        "hosting_provider": hosting_provider,
        "region": region,
        "instance_type": if client.tier == "enterprise" { "large" } else { "small" },
        "scaling_config": if client.tier == "enterprise" { json!({ "min": 2, "max": 10 }) } else { json!({ "min": 1, "max": 2 }) },
        "environment_variables": { "APP_NAME": client.company, "LOG_LEVEL": if production { "warn" } else { "debug" } },
        "feature_flags": { "statusPage": production },
        "application_config": { "support": { "hours": if client.tier == "enterprise" { "every day, around the clock" } else { "Mon-Sat 8:00-20:00 CET" } } },
        "ssl_config": { "minimumVersion": "1.2" },
        "cors_config": { "origins": [format!("https://www.{}.example", client.slug)] },
        "security_headers": { "Strict-Transport-Security": "max-age=31536000" },
        "caching_config": { "staticSeconds": if production { 86_400 } else { 0 } },
        "cdn_config": { "enabled": production },
        "monitoring_config": { "checkEveryMinutes": if production { 5 } else { 60 } },
        "backup_config": { "daily": production, "keepDays": 30 },
        "subdomain": format!("{}-{}", client.slug, deployment.environment),
        "validation_results": findings(stage(deployment)),
        "created_at": at,
        "updated_at": at,
        "created_by": author,
        "updated_by": author,
    })
}

fn findings(stage: Stage) -> Value {
    match stage {
        Stage::Draft => json!({}),
        Stage::Failed => {
            json!({ "valid": false, "errors": [{ "pointer": "/branding/logo", "rule": "asset", "mend": "Upload the logo, then validate again" }] })
        }
        Stage::Validated | Stage::Applied => json!({ "valid": true, "errors": [] }),
    }
}
