//! What is accepted is honoured: no parameter and no header is passed over.

use hyper::Method;
use serde_json::json;

use super::world::{ACME, Who, World};
use crate::support::server::Answer;

/// What a client sees of an answer.
fn seen(answer: &Answer) -> (u16, String, String) {
    let headers = ["content-type", "content-range", "preference-applied"];
    let headers: Vec<&str> = headers.iter().map(|name| answer.header(name).unwrap_or_default()).collect();
    (answer.status.as_u16(), headers.join(" | "), answer.text().to_owned())
}

/// Whether a statement was refused for what it says, and not for where it stands.
fn is_refused(answer: &Answer) -> bool {
    answer.status.is_client_error() && answer.json()["code"].is_string()
}

#[tokio::test]
async fn every_parameter_changes_the_answer_or_is_refused() {
    let world = World::new().await;
    let base = "clients_enhanced?name=in.(Acme,Bolt,Crypt)";
    let plain = world.get(Who::Admin, base).send().await;
    for parameter in [
        "select=name",
        "select=count()",
        "order=name.desc",
        "limit=1",
        "offset=1",
        "tier=eq.basic",
        "or=(name.eq.Acme,name.eq.Bolt)",
        "and=(name.eq.Acme,tier.eq.premium)",
        "not.or=(name.eq.Acme)",
        "select=*,client_deployments(id)",
        "client_deployments.order=id",
        "client_deployments.id=eq.x",
        "columns=name",
        "on_conflict=id",
        "select=nothing",
        "nothing=eq.1",
        "apikey=x",
        "_=1",
        "prefer=count",
        "rows=5",
        "name",
        "=eq.1",
        "having=count.gt.1",
        "page=2",
        "Select=name",
        "order=",
        "limit=",
        "and=()",
    ] {
        let answer = world.get(Who::Admin, &format!("{base}&{parameter}")).send().await;
        assert!(seen(&answer) != seen(&plain), "{parameter} is passed over");
        assert!(answer.status.is_success() || is_refused(&answer), "{parameter}: {}", answer.text());
    }
}

#[tokio::test]
async fn every_header_of_the_dialect_changes_the_answer_or_is_refused() {
    let world = World::new().await;
    let base = "clients_enhanced?select=name&order=name";
    let plain = world.get(Who::Admin, base).send().await;
    for (name, value) in [
        ("accept", "application/vnd.pgrst.object+json"),
        ("accept", "text/csv"),
        ("accept", "application/vnd.pgrst.plan+json"),
        ("accept", "application/vnd.pgrst.object+json;nulls=stripped"),
        ("accept", "application/geo+json"),
        ("accept-profile", "auth"),
        ("content-profile", "tenantry"),
        ("prefer", "count=exact"),
        ("prefer", "count=planned"),
        ("prefer", "count=sometimes"),
        ("prefer", "return=representation"),
        ("prefer", "return=headers-only"),
        ("prefer", "resolution=merge-duplicates"),
        ("prefer", "missing=default"),
        ("prefer", "max-affected=1"),
        ("prefer", "handling=strict"),
        ("prefer", "handling=lenient"),
        ("prefer", "handling=strict, anything=else"),
        ("prefer", "tx=rollback"),
        ("prefer", "timezone=Europe/Oslo"),
        ("if-match", "\"1\""),
        ("if-none-match", "\"1\""),
        ("if-modified-since", "Mon, 23 Nov 2026 07:00:00 GMT"),
        ("range", "0-1"),
    ] {
        let answer = world.get(Who::Admin, base).header(name, value).send().await;
        assert!(seen(&answer) != seen(&plain), "{name}: {value} is passed over");
        assert!(answer.status.is_success() || is_refused(&answer), "{name}: {value}: {}", answer.text());
    }
}

#[tokio::test]
async fn every_parameter_and_header_of_a_write_changes_what_happens_or_is_refused() {
    let world = World::new().await;
    let base = format!("clients_enhanced?id=eq.{ACME}");
    let state = async || {
        world
            .value("SELECT string_agg(row(name, phone, industry)::text, ';' ORDER BY name) FROM clients_enhanced")
            .await
    };
    let reset = async || {
        world.admin.batch_execute("UPDATE clients_enhanced SET phone = NULL, industry = NULL; DELETE FROM clients_enhanced WHERE name = 'New'").await.unwrap();
    };
    let call = async |method: &Method, parameter: &str, header: Option<(&'static str, &str)>| {
        reset().await;
        let (path, body) = if *method == Method::POST {
            (format!("clients_enhanced?{parameter}"), json!({"name": "New", "email": "new@example.com", "phone": "1"}))
        } else {
            (format!("{base}&{parameter}"), json!({"phone": "1", "industry": "x"}))
        };
        let mut call = world.call(Who::Admin, method.clone(), &path).json(&body);
        if let Some((name, value)) = header {
            call = call.header(name, value);
        }
        let answer = call.send().await;
        (seen(&answer), state().await)
    };
    for method in [Method::POST, Method::PATCH] {
        let plain = call(&method, "", None).await;
        for parameter in [
            "select=name",
            "order=name",
            "limit=1",
            "offset=1",
            "columns=name,email",
            "columns=phone",
            "on_conflict=email",
            "tier=eq.basic",
            "nothing=eq.1",
        ] {
            assert!(call(&method, parameter, None).await != plain, "{method} {parameter} is passed over");
        }
        for (name, value) in [
            ("prefer", "return=representation"),
            ("prefer", "return=minimal"),
            ("prefer", "count=exact"),
            ("prefer", "resolution=merge-duplicates"),
            ("prefer", "missing=default"),
            ("prefer", "max-affected=5"),
            ("prefer", "max-affected=0"),
            ("prefer", "handling=strict"),
            ("prefer", "tx=rollback"),
            ("content-profile", "auth"),
            ("if-match", "\"2020-01-01T00:00:00Z\""),
            ("if-unmodified-since", "Mon, 23 Nov 2026 07:00:00 GMT"),
        ] {
            assert!(call(&method, "", Some((name, value))).await != plain, "{method} {name}: {value} is passed over");
        }
    }
}
