//! Views over 10,000 clients: each whole, as an admin under the policies and as the owner beside it.

use std::pin::Pin;

use tokio_postgres::Client;

use crate::support::{Benchmark, Database, Limit, Report, interleave, setting};

pub const BENCHMARK: Benchmark =
    Benchmark { name: "views", about: "an admin reads each view whole, over 10,000 clients", by_default: true, run };

/// Milliseconds that a view may take.
const PROMISED: f64 = 100.0;

const VIEWS: &[&str] =
    &["client_summary", "deployment_status_summary", "client_configuration_summary", "template_usage_summary"];

fn run() -> Pin<Box<dyn Future<Output = Report>>> {
    Box::pin(async {
        let database = Database::migrated().await;
        let setup = database.connect().await;
        fill(&setup, setting("BENCH_CLIENTS", 10_000)).await;

        let admin = database.connect().await;
        admin
            .batch_execute(
                "SELECT set_config('request.jwt.claims', json_build_object('sub', md5('admin')::uuid, 'role', 'authenticated',
                     'app_metadata', json_build_object('role', 'admin'))::text, false);
                 SET ROLE tenantry_admin",
            )
            .await
            .expect("a superuser's connection");
        let owner = database.connect().await;
        owner.batch_execute("SET ROLE tenantry_owner").await.expect("a superuser's connection");

        let mut report = Report::default();
        for view in VIEWS {
            let whole = format!("SELECT * FROM public.{view}");
            let (as_admin, as_owner) = interleave(
                setting("BENCH_ROUNDS", 50),
                async || assert!(!admin.query(&whole, &[]).await.expect("a view").is_empty()),
                async || assert!(!owner.query(&whole, &[]).await.expect("a view").is_empty()),
            )
            .await;
            report = report
                .figure(format!("{view} as admin (median)"), as_admin.median(), "ms", Limit::Under(PROMISED))
                .figure(format!("{view} as owner (median)"), as_owner.median(), "ms", Limit::None);
        }
        report
    })
}

/// Three customizations, three deployments, twenty configuration rows, two deployment configurations and billing for
/// each client; ten templates in five versions.
async fn fill(admin: &Client, clients: i32) {
    admin
        .batch_execute(&format!(
            "SET session_replication_role = replica;
             INSERT INTO tenantry.people (user_id, role) VALUES (md5('admin')::uuid, 'admin');
             INSERT INTO public.clients_enhanced (id, name, email)
             SELECT md5('client ' || n)::uuid, 'client ' || n, n || '@example.com' FROM generate_series(1, {clients}) n;
             INSERT INTO public.template_configurations (template_id, template_version, template_name)
             SELECT 'template-' || t, '1.' || v || '.0', 'Template ' || t FROM generate_series(1, 10) t, generate_series(1, 5) v;
             INSERT INTO public.client_customizations (client_id, template_id, template_version, version, status)
             SELECT md5('client ' || n)::uuid, 'template-' || 1 + n % 10, CASE WHEN k < 3 THEN '1.' || k || '.0' END, k,
                    (ARRAY['draft', 'in_review', 'approved', 'deployed'])[1 + (n + k) % 4]
               FROM generate_series(1, {clients}) n, generate_series(1, 3) k;
             INSERT INTO public.client_deployments (client_id, customization_id, deployment_name, status)
             SELECT client_id, id, 'deployment ' || version, (ARRAY['deployed', 'failed', 'superseded'])[version]
               FROM public.client_customizations;
             INSERT INTO public.system_configurations (configuration_key, configuration_category, configuration_value, client_id)
             SELECT 'key' || k, 'client', to_jsonb(k), md5('client ' || n)::uuid
               FROM generate_series(1, {clients}) n, generate_series(1, 20) k;
             INSERT INTO public.deployment_configurations (client_id, environment, deployment_name)
             SELECT md5('client ' || n)::uuid, e, e FROM generate_series(1, {clients}) n, unnest(ARRAY['staging', 'production']) e;
             INSERT INTO public.client_billing_info (client_id) SELECT id FROM public.clients_enhanced;
             SET session_replication_role = origin"
        ))
        .await
        .expect("the rows are Tenantry's");
    admin.batch_execute("VACUUM ANALYZE").await.expect("a superuser's connection");
}
