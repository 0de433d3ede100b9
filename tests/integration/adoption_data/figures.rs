//! What Tenantry keeps is right from the day of adoption, for rows that were there before.

use super::site::migrated;
use crate::support::Database;

/// Of each version in use: how many customizations have it, and the last of what is known of its use.
const BY_HAND: &str = "
SELECT format('%s %s: %s, %s', c.template_id, c.template_version, count(DISTINCT c.id),
              greatest(max(d.deployed_at), max(c.approved_at) FILTER (WHERE c.is_active)))
  FROM client_customizations c
  LEFT JOIN client_deployments d ON d.customization_id = c.id AND d.client_id = c.client_id
 GROUP BY c.template_id, c.template_version ORDER BY 1";

const KEPT: &str = "
SELECT format('%s %s: %s, %s', template_id, template_version, usage_count, last_used_at)
  FROM template_configurations ORDER BY 1";

#[tokio::test]
async fn use_before_adoption_counts() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    let lines = async |sql: &str| {
        let rows = admin.query(sql, &[]).await.expect("rows");
        rows.iter().map(|row| row.get(0)).collect::<Vec<String>>()
    };
    let by_hand = lines(BY_HAND).await;
    migrated(&database, &["up"]);
    assert_eq!(lines(KEPT).await, by_hand);
    let waiting: i64 = admin.query_one("SELECT count(*) FROM tenantry.figures_due", &[]).await.expect("a count").get(0);
    assert_eq!(waiting, 0);
}
