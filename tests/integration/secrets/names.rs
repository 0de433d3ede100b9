//! What the program takes for a secret and what the database refuses in the clear are the same.

use serde_json::json;
use tenantry::secrets::Masks;

use super::world::{ACME, World};

const NAMES: &[&str] = &[
    "STRIPE_SECRET",
    "smtpPasswd",
    "pwd",
    "PWD_FILE",
    "GITHUB_TOKEN",
    "apikey",
    "api-key",
    "service-role-key",
    "encryptionKey",
    "tokens_per_day",
    "PASSWORD_MAX_LENGTH",
    "monkey",
    "schlüssel.password",
    "HTTPServerPassword",
    "tokenTtl",
    "a",
];

const VALUES: &[&str] = &[
    "x",
    "",
    "rk_test_4eC39HqLyjWDarjtT1zdp7dc",
    "desk_live_1",
    "whsec_abcdefgh",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "github_pat_1",
    "glpat-abcdefgh",
    "npm_abcdefghijklmnopqrstuvwxyz0123",
    "xoxb-123-abc",
    "AKIAIOSFODNN7EXAMPLE",
    "SG.abcdefghijklmnop.qrst",
    "tnt_svc_abcdef",
    "redis://:pw@cache/0",
    "postgres://app:pw@db/app",
    "https://example.com/a:b@c",
    "https://user@example.com",
    "c2tfdGVzdF9hYmNkZWZnaGlqa2xtbm9w",
    "c2tfbGl2ZV9oaWRkZW4tdmFsdWU=",
    "QWNtZSBzaG9wIGZvciBhbGw=",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    "-----BEGIN RSA PRIVATE KEY-----\nabc",
    "-----BEGIN CERTIFICATE-----\nabc",
    "first line\nsk_live_second",
    "Grüße",
];

#[tokio::test]
async fn program_and_database_know_secrets_by_the_same_names_and_forms() {
    let mut world = World::new().await;
    let mut secret = 0;
    for name in NAMES {
        for value in VALUES.iter().filter(|value| *name == "a" || **value == "x") {
            let sql = "SELECT $2 <> '' AND (tenantry.names_a_secret($1) OR tenantry.looks_secret($2))";
            let refused: bool = world.admin.query_one(sql, &[name, value]).await.expect("an answer").get(0);
            let row = json!({ "client_id": ACME, "environment_variables": { *name: value } });
            let concealed = world.conceal("client_deployments", None, row, Masks::Unchanged).await.expect("no fault");
            let is_sealed = concealed["environment_variables"][name].get("$secret").is_some();
            assert_eq!(is_sealed, refused, "{name}: {value}");
            secret += usize::from(refused);
        }
    }
    assert_eq!(secret, 28, "of these");
}
