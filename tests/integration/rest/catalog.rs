use tenantry::db::admin::Admin;
use tenantry::db::caller::Caller;
use tenantry::db::tx::Tx;
use tenantry::tables::catalog::{Catalog, Identity, Kind, read};

use crate::support::Database;

async fn read(mut admin: Admin) -> Catalog {
    read::by_operator(&mut admin, &[]).await.expect("the catalog can be read")
}

/// `relation(columns) -> target(columns)` of each relationship with a name.
fn links(catalog: &Catalog, relation: &str) -> Vec<String> {
    let place = catalog.position(relation).expect("it is exposed");
    let names = |place: usize, columns: &[usize]| {
        let relation = catalog.relation(place);
        let columns: Vec<&str> = columns.iter().map(|column| relation.columns[*column].name.as_str()).collect();
        format!("{}({})", relation.name, columns.join(","))
    };
    catalog
        .relationships_of(place)
        .map(|link| {
            let one = if link.is_one_to_one { " one-to-one" } else { "" };
            format!("{} -> {}{one}", names(link.relation, &link.columns), names(link.target, &link.target_columns))
        })
        .collect()
}

#[tokio::test]
async fn holds_the_tables_and_views_of_tenantry_and_nothing_else() {
    let database = Database::migrated().await;
    let catalog = read(database.connect().await).await;
    let names: Vec<&str> = catalog.relations().iter().map(|relation| relation.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "audit_log",
            "client_analytics",
            "client_billing_info",
            "client_configuration_summary",
            "client_customizations",
            "client_deployments",
            "client_members",
            "client_summary",
            "clients_enhanced",
            "configuration_versions",
            "deployment_configurations",
            "deployment_status_summary",
            "deployment_templates",
            "deployment_tracking_events",
            "system_configurations",
            "template_configurations",
            "template_usage_summary",
        ]
    );
    assert!(catalog.relations().iter().all(|relation| relation.is_ours && relation.comment.is_some()));
    assert_eq!(catalog.by_name("client_summary").unwrap().kind, Kind::View);
    assert_eq!(catalog.by_name("audit_log").unwrap().kind, Kind::Table);
}

#[tokio::test]
async fn knows_columns_with_their_rules_and_rights() {
    let database = Database::migrated().await;
    let catalog = read(database.connect().await).await;
    let clients = catalog.by_name("clients_enhanced").unwrap();
    let tier = clients.column("tier").unwrap();
    assert_eq!(tier.values, ["standard", "basic", "premium", "enterprise"]);
    assert_eq!((tier.type_name.as_str(), tier.cast_type.as_str()), ("character varying(50)", "character varying"));
    assert_eq!((tier.pg_type.as_str(), tier.category), ("varchar", 'S'));
    assert!(tier.is_optional() && tier.not_null && tier.comment.is_some());
    assert!(tier.update.contain("tenantry_admin") && !tier.update.contain("tenantry_manager"));
    assert!(!tier.select.contain("anon") && !tier.select.contain("authenticated"));
    assert!(!clients.column("name").unwrap().is_optional());
    assert_eq!(clients.primary_key, [clients.position("id").unwrap()]);
    assert!(clients.delete.names().next().is_none(), "nobody deletes a client");
    assert_eq!(clients.column("business_goals").unwrap().category, 'A');

    let deployments = catalog.by_name("client_deployments").unwrap();
    let readers = |column: &str| deployments.column(column).unwrap().select;
    assert!(!readers("build_logs").contain("tenantry_client") && readers("build_logs").contain("tenantry_staff"));
    assert!(deployments.delete.contain("tenantry_service"));

    let log = catalog.by_name("audit_log").unwrap();
    assert_eq!(log.column("id").unwrap().identity, Some(Identity::Always));
    assert!(catalog.by_name("configuration_versions").unwrap().column("scope_id").unwrap().generated);
    let analytics = catalog.by_name("client_analytics").unwrap();
    let key = ["client_id", "deployment_id", "analytics_date", "analytics_period", "analytics_hour"];
    let key: Vec<usize> = key.iter().map(|column| analytics.position(column).unwrap()).collect();
    assert!(analytics.conflict_targets.iter().any(|target| key.iter().all(|column| target.columns.contains(column))));
}

#[tokio::test]
async fn relates_tables_and_views() {
    let database = Database::migrated().await;
    let catalog = read(database.connect().await).await;
    let billing = links(&catalog, "client_billing_info");
    assert!(
        billing.contains(&"client_billing_info(client_id) -> clients_enhanced(id) one-to-one".to_owned()),
        "{billing:?}"
    );
    assert!(
        billing.contains(&"client_billing_info(client_id) -> client_summary(id) one-to-one".to_owned()),
        "{billing:?}"
    );
    let events = links(&catalog, "deployment_tracking_events");
    for target in ["client_deployments(client_id,id)", "deployment_status_summary(client_id,id)"] {
        let expected = format!("deployment_tracking_events(client_id,deployment_id) -> {target}");
        assert!(events.contains(&expected), "{events:?}");
    }
    assert!(links(&catalog, "client_summary").is_empty(), "it has no column that refers to another");
    let status = links(&catalog, "deployment_status_summary");
    assert!(status.contains(&"deployment_status_summary(client_id) -> clients_enhanced(id)".to_owned()), "{status:?}");
}

#[tokio::test]
async fn exposes_the_sites_own_tables_only_behind_row_level_security_or_by_name() {
    let database = Database::migrated().await;
    let mut admin = database.connect().await;
    admin
        .batch_execute(
            "CREATE TABLE open_notes (id int PRIMARY KEY, note text);
             CREATE TABLE closed_notes (id int PRIMARY KEY, note text, kind text CHECK (kind IN ('a', 'b')));
             ALTER TABLE closed_notes ENABLE ROW LEVEL SECURITY;
             CREATE VIEW notes AS SELECT * FROM open_notes;
             CREATE SCHEMA other; CREATE TABLE other.closed (id int);
             ALTER TABLE other.closed ENABLE ROW LEVEL SECURITY",
        )
        .await
        .unwrap();
    let catalog = read(database.connect().await).await;
    let own: Vec<&str> = catalog
        .relations()
        .iter()
        .filter(|relation| !relation.is_ours)
        .map(|relation| relation.name.as_str())
        .collect();
    assert_eq!(own, ["closed_notes"]);
    let listed = read::by_operator(&mut admin, &["open_notes".to_owned(), "notes".to_owned()]).await.unwrap();
    assert!(["closed_notes", "open_notes", "notes"].iter().all(|name| listed.position(name).is_some()));
    assert_eq!(catalog.by_name("closed_notes").unwrap().column("kind").unwrap().values, ["a", "b"]);
}

async fn fingerprint(admin: &mut Admin) -> String {
    let tx = Tx::begin(admin, &Caller::Worker, "look at the schema").await.unwrap();
    read::fingerprint(&tx).await.unwrap()
}

#[tokio::test]
async fn notices_every_change_of_the_schema() {
    let database = Database::migrated().await;
    let (admin, mut other) = (database.connect().await, database.connect().await);
    admin
        .batch_execute("CREATE TABLE notes (id int PRIMARY KEY); ALTER TABLE notes ENABLE ROW LEVEL SECURITY")
        .await
        .unwrap();
    let mut seen = vec![fingerprint(&mut other).await];
    for change in [
        "ALTER TABLE notes ADD note text",
        "ALTER TABLE notes ALTER note SET DEFAULT ''",
        "ALTER TABLE notes ALTER note SET DEFAULT 'a'",
        "ALTER TABLE notes ALTER note SET NOT NULL",
        "ALTER TABLE notes ADD CHECK (note IN ('a'))",
        "COMMENT ON COLUMN notes.note IS 'x'",
        "GRANT SELECT (note) ON notes TO authenticated",
        "GRANT INSERT ON notes TO authenticated",
        "ALTER TABLE notes ADD parent int REFERENCES notes",
        "CREATE UNIQUE INDEX ON notes (note)",
        "ALTER TABLE notes RENAME note TO text",
        "ALTER TABLE notes DISABLE ROW LEVEL SECURITY",
        "DROP TABLE notes",
    ] {
        admin.batch_execute(change).await.unwrap();
        let now = fingerprint(&mut other).await;
        assert!(!seen.contains(&now), "unnoticed: {change}");
        seen.push(now);
    }
    admin.batch_execute("VACUUM ANALYZE clients_enhanced").await.unwrap();
    let after = fingerprint(&mut other).await;
    assert_eq!(seen.last(), Some(&after), "statistics are no change of the schema");
}
