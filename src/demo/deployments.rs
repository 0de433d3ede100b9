use serde_json::{Value, json};
use tokio_postgres::Transaction;
use uuid::Uuid;

use super::calendar::Calendar;
use super::chance::{self, between, hex, number, pick};
use super::customizations::{self, Design, Stage, designs};
use super::people::{MANAGERS, manager};
use super::roster::{self, Client};
use super::rows::insert;
use crate::{Error, Result};

/// One place where a client's app runs, ran, or was to run.
pub struct Deployment {
    /// Its number among all, from 1.
    pub number: usize,
    /// The number of the client.
    pub client: usize,
    /// The version of the design that it shows.
    pub design: u32,
    /// production, staging or development.
    pub environment: &'static str,
    /// How it stands.
    pub status: &'static str,
    /// How well it does.
    pub health: &'static str,
    /// How many days ago it was begun.
    pub begun: u32,
}

impl Deployment {
    /// Its key.
    pub fn id(&self) -> Uuid {
        chance::id("deployment", self.number)
    }

    /// Whether it answers requests.
    pub fn is_running(&self) -> bool {
        matches!(self.status, "deployed" | "maintenance")
    }

    /// Whether it ever went live.
    pub fn went_live(&self) -> bool {
        self.is_running() || matches!(self.status, "superseded" | "rolled_back") || self.was_taken_down()
    }

    /// Whether it ran until the client left, as against one that was called off before it ran.
    fn was_taken_down(&self) -> bool {
        self.status == "cancelled" && self.environment == "production"
    }

    /// Whose it is.
    pub fn of(&self) -> &'static Client {
        &roster::CLIENTS[self.client - 1]
    }

    /// Mean response time in milliseconds.
    pub fn response_time(&self) -> u32 {
        let usual = 90 + number(&format!("response {}", self.number), 160);
        match self.health {
            "critical" => usual * 9,
            "warning" => usual * 3,
            _ => usual,
        }
    }
}

/// Every deployment, in the order of clients.
pub fn deployments() -> Vec<Deployment> {
    let mut all: Vec<Deployment> = designs().iter().flat_map(of_design).chain(unusual()).collect();
    all.sort_by_key(|deployment| (deployment.client, std::cmp::Reverse(deployment.begun)));
    for (number, deployment) in (1..).zip(&mut all) {
        deployment.number = number;
    }
    all
}

/// A deployed design is in production; better tiers have a place to try things as well.
fn of_design(design: &Design) -> Vec<Deployment> {
    let client = &roster::CLIENTS[design.client - 1];
    let begun = design.approved().saturating_sub(2);
    let place = |environment, status, health| Deployment {
        number: 0,
        client: design.client,
        design: design.version,
        environment,
        status,
        health,
        begun,
    };
    match (design.stage, design.active) {
        (Stage::Deployed, false) => vec![place("production", "superseded", "unknown")],
        (Stage::Deployed, true) => {
            let (status, health) = standing(design.client, client);
            let mut places = vec![place("production", status, health)];
            if ["premium", "enterprise"].contains(&client.tier) {
                places.push(place("staging", "deployed", "healthy"));
            }
            if client.tier == "enterprise" {
                places.push(place("development", "deployed", "healthy"));
            }
            places
        }
        (Stage::Approved, true) => vec![place("production", "pending", "unknown")],
        _ => vec![],
    }
}

fn standing(number: usize, client: &Client) -> (&'static str, &'static str) {
    match (client.status, number) {
        ("churned", _) => ("cancelled", "unknown"),
        ("suspended", _) => ("maintenance", "healthy"),
        (_, 12 | 26) => ("deployed", "warning"),
        (_, 20) => ("deployed", "critical"),
        _ => ("deployed", "healthy"),
    }
}

/// What stands out of the ordinary: failures, a rollback, and what is going on at this moment.
fn unusual() -> impl Iterator<Item = Deployment> {
    let place = |client, design, environment, status, begun| Deployment {
        number: 0,
        client,
        design,
        environment,
        status,
        health: if status == "failed" { "critical" } else { "unknown" },
        begun,
    };
    [
        place(6, 3, "staging", "failed", 2),
        place(14, 2, "development", "failed", 8),
        place(7, 2, "staging", "building", 0),
        place(10, 3, "staging", "deploying", 0),
        place(39, 1, "development", "pending", 1),
        place(16, 2, "staging", "cancelled", 25),
        place(21, 2, "staging", "rolled_back", 18),
    ]
    .into_iter()
}

/// Adds the deployments, each made from the deployment template for its tier.
pub async fn add(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    let kinds = Kinds::read(tx).await?;
    let rows = deployments().iter().map(|deployment| row(deployment, &kinds, calendar)).collect();
    insert(tx, "public.client_deployments", rows).await?;
    Ok(())
}

/// The deployment templates that every installation has.
pub struct Kinds {
    basic: Uuid,
    enterprise: Uuid,
    development: Uuid,
}

impl Kinds {
    /// Finds them by name.
    pub async fn read(tx: &Transaction<'_>) -> Result<Self> {
        let find = async |name: &str| -> Result<Uuid> {
            let found =
                tx.query_opt("SELECT id FROM public.deployment_templates WHERE template_name = $1", &[&name]).await?;
            let row = found.ok_or_else(|| {
                Error::failure(format!("the demo needs the deployment template {name}, which isn't there"))
                    .mend("run tenantry seed, then try again")
            })?;
            Ok(row.get(0))
        };
        Ok(Self {
            basic: find("Basic Vercel Deployment").await?,
            enterprise: find("Enterprise AWS Deployment").await?,
            development: find("Development Environment").await?,
        })
    }

    /// The one for a tier in an environment.
    pub fn of(&self, tier: &str, environment: &str) -> Uuid {
        match (environment, tier) {
            ("development", _) => self.development,
            (_, "enterprise") => self.enterprise,
            _ => self.basic,
        }
    }
}

/// Who hosts a client.
pub fn provider(client: &Client) -> (&'static str, &'static str) {
    match (client.tier, client.country) {
        ("enterprise", "US" | "CA") => ("aws", "us-east-1"),
        ("enterprise", "AU") => ("aws", "ap-southeast-2"),
        ("enterprise", _) => ("aws", "eu-central-1"),
        (_, "US" | "CA") => ("vercel", "us-east-1"),
        _ => ("vercel", "eu-central-1"),
    }
}

fn row(deployment: &Deployment, kinds: &Kinds, calendar: Calendar) -> Value {
    let (client, n) = (deployment.of(), deployment.number);
    let (hosting_provider, region) = provider(client);
    let begun = calendar.moment(deployment.begun, 480 + number(&format!("begun {n}"), 120));
    let deployer = manager(deployment.client).unwrap_or_else(|| MANAGERS[0].id());
    let name = name(deployment);
    let running = deployment.is_running();
    let response_time = running.then(|| deployment.response_time());
    json!({
        "id": deployment.id(),
        "client_id": chance::id("client", deployment.client),
        "customization_id": customizations::id(deployment.client, deployment.design),
        "deployment_template_id": kinds.of(client.tier, deployment.environment),
        "deployment_name": name,
        "deployment_type": deployment.environment,
        "deployment_url": deployment.went_live().then(|| format!("https://{name}.apps.harbourpine.example")),
        "custom_domain": domain(deployment),
        "hosting_provider": hosting_provider,
        "region": region,
        "environment_config": { "runtime": "node 22", "memoryMegabytes": if client.tier == "enterprise" { 1024 } else { 512 } },
        "build_id": (deployment.status != "pending").then(|| format!("bld-{}", hex(&format!("build {n}"), 10))),
        "commit_hash": hex(&format!("commit {n}"), 40),
        "build_artifacts": { "bundleKilobytes": 180 + number(&format!("bundle {n}"), 400) },
        "build_logs": log(deployment),
        "status": deployment.status,
        "health_status": deployment.health,
        "last_health_check": running.then(|| calendar.moment(0, 5)),
        "performance_metrics": response_time.map_or(json!({}), |time| json!({ "performance": { "avg_response_time": time } })),
        "uptime_percentage": running.then(|| uptime(deployment)),
        "response_time_avg": response_time,
        "feature_flags": { "newHeader": pick(&format!("flag {n}"), [true, false]) },
        "environment_variables": { "APP_NAME": client.company, "LOG_LEVEL": if deployment.environment == "production" { "warn" } else { "debug" } },
        "ssl_enabled": deployment.environment != "development",
        "cdn_enabled": deployment.environment == "production",
        "deployed_at": deployment.went_live().then(|| calendar.moment(deployment.begun, 640)),
        "deployed_by": deployment.went_live().then_some(deployer),
        "created_at": begun,
        "updated_at": if running { calendar.moment(0, 5) } else { begun },
        "created_by": deployer,
        "updated_by": deployer,
    })
}

/// Environments of one client are told apart by a suffix, and so are former deployments.
fn name(deployment: &Deployment) -> String {
    let slug = deployment.of().slug;
    match (deployment.status, deployment.environment) {
        ("superseded", _) => format!("{slug}-v{}", deployment.design),
        (_, "production") => slug.to_owned(),
        (_, environment) => format!("{slug}-{environment}"),
    }
}

/// Every second client brought a domain of its own.
fn domain(deployment: &Deployment) -> Option<String> {
    let owns = deployment.environment == "production" && !deployment.client.is_multiple_of(2);
    owns.then(|| match deployment.of().template {
        roster::BOOKING => format!("book.{}.example", deployment.of().slug),
        roster::SHOP => format!("shop.{}.example", deployment.of().slug),
        _ => format!("www.{}.example", deployment.of().slug),
    })
}

fn uptime(deployment: &Deployment) -> f64 {
    let purpose = format!("uptime {}", deployment.number);
    match deployment.health {
        "critical" => between(&purpose, 91.0, 95.0),
        "warning" => between(&purpose, 97.5, 99.0),
        _ => between(&purpose, 99.7, 100.0),
    }
}

fn log(deployment: &Deployment) -> Option<&'static str> {
    match deployment.status {
        "failed" if deployment.environment == "staging" => Some(
            "installing dependencies ... done\nbuilding ... done\nstarting ... error: the logo isn't among the client's assets\nhealth check failed 5 times, giving up",
        ),
        "failed" => Some("installing dependencies ... error: the lock file doesn't match package.json"),
        "pending" => None,
        "building" => Some("installing dependencies ... done\nbuilding ..."),
        _ => Some("installing dependencies ... done\nbuilding ... done\nstarting ... done"),
    }
}
