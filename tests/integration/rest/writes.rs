use hyper::Method;
use serde_json::{Value, json};

use super::world::{ACME, BOLT, CRYPT, DESIGN, Expect as _, HIDDEN, LIVE, Who, World};

const ROWS: &str = "return=representation";

#[tokio::test]
async fn inserts_one_row_or_several() {
    let world = World::new().await;
    let bare = world
        .post(Who::Admin, "clients_enhanced", &json!({"name": "New", "email": "new@example.com"}))
        .send()
        .await
        .expect(201);
    assert_eq!((bare.body.len(), bare.header("content-range")), (0, Some("*/*")));
    let counted = world
        .post(Who::Admin, "clients_enhanced", &json!({"name": "N2", "email": "n2@example.com"}))
        .header("prefer", "count=exact")
        .send()
        .await
        .expect(201);
    assert_eq!(
        (counted.header("content-range"), counted.header("preference-applied")),
        (Some("*/1"), Some("count=exact"))
    );

    // What one object leaves out gets the column's default, what an array's rows leave out NULL, or the default where asked.
    let one =
        json!({"name": "N3", "email": "n3@example.com", "business_goals": ["a", "b c"], "address": {"city": "Bonn"}});
    let made = world
        .post(Who::Admin, "clients_enhanced?select=tier,business_goals,address,created_by", &one)
        .header("prefer", ROWS)
        .send()
        .await
        .expect(201);
    assert_eq!(
        made.json(),
        json!([{"tier": "standard", "business_goals": ["a", "b c"], "address": {"city": "Bonn"}, "created_by": Who::Admin.id()}])
    );
    assert_eq!(made.header("preference-applied"), Some(ROWS));
    let several = json!([{"name": "N4", "email": "n4@example.com"}, {"name": "N5", "email": "n5@example.com", "address": {"city": "Bern"}}]);
    let path = "clients_enhanced?columns=\"name\",\"email\",\"address\"&select=name,address&order=name";
    let made = world.post(Who::Admin, path, &several).header("prefer", ROWS).send().await.expect(201);
    assert_eq!(made.json(), json!([{"name": "N4", "address": null}, {"name": "N5", "address": {"city": "Bern"}}]));
    let several =
        json!([{"name": "N6", "email": "n6@example.com"}, {"name": "N7", "email": "n7@example.com", "address": null}]);
    let made = world
        .post(Who::Admin, "clients_enhanced?columns=name,email,address&select=name,address&order=name", &several)
        .header("prefer", "return=representation,missing=default")
        .send()
        .await
        .expect(201);
    assert_eq!(made.json(), json!([{"name": "N6", "address": {}}, {"name": "N7", "address": null}]));
    assert_eq!(made.header("preference-applied"), Some("return=representation, missing=default"));
    // Without `columns`, an array's rows have the keys of all of them.
    let several =
        json!([{"name": "N8", "email": "n8@example.com"}, {"name": "N9", "email": "n9@example.com", "industry": "x"}]);
    let made = world
        .post(Who::Admin, "clients_enhanced?select=industry&order=name", &several)
        .header("prefer", ROWS)
        .send()
        .await
        .expect(201);
    assert_eq!(made.json(), json!([{"industry": null}, {"industry": "x"}]));
    // Keys that `columns` doesn't name are left alone.
    let made = world.post(
        Who::Admin,
        "clients_enhanced?columns=name,email&select=industry",
        &json!([{"name": "M1", "email": "m1@example.com", "industry": "x", "odd": 1}]),
    );
    assert_eq!(made.header("prefer", ROWS).send().await.expect(201).json(), json!([{"industry": null}]));
    let none = world
        .post(Who::Admin, "clients_enhanced?select=id", &json!([]))
        .header("prefer", ROWS)
        .send()
        .await
        .expect(201);
    assert_eq!(none.json(), json!([]));
    let object = world
        .post(
            Who::Manager,
            "client_customizations?select=version,clients_enhanced(name)",
            &json!({"client_id": ACME, "template_id": "blog"}),
        )
        .header("prefer", ROWS)
        .header("accept", "application/vnd.pgrst.object+json")
        .send()
        .await
        .expect(201);
    assert_eq!(object.json(), json!({"version": 1, "clients_enhanced": {"name": "Acme"}}));
    assert_eq!(world.value("SELECT count(*) FROM clients_enhanced").await, "13");
}

#[tokio::test]
async fn upserts_by_the_targets_that_components_use() {
    let world = World::new().await;
    let merge = "resolution=merge-duplicates,return=representation";
    let upsert = async |path: &str, prefer: &str, body: Value| {
        world.post(Who::Admin, path, &body).header("prefer", prefer).send().await
    };
    // The primary key, without on_conflict.
    let row = json!({"id": ACME, "name": "Acme 2", "email": "acme@example.com"});
    assert_eq!(
        upsert("clients_enhanced?select=name,tier", merge, row).await.expect(201).json(),
        json!([{"name": "Acme 2", "tier": "premium"}])
    );
    // An e-mail address, in whatever case it was written.
    let row = json!([{"name": "Acme 3", "email": "ACME@example.com"}, {"name": "Dune", "email": "dune@example.com"}]);
    let answer = upsert("clients_enhanced?columns=name,email&on_conflict=email&select=id,name&order=name", merge, row)
        .await
        .expect(201);
    assert_eq!(answer.json()[0], json!({"id": ACME, "name": "Acme 3"}));
    assert_eq!(answer.header("preference-applied"), Some("return=representation, resolution=merge-duplicates"));
    // Rows that are there stay as they are, and don't come back.
    let row = json!([{"name": "No", "email": "acme@example.com"}, {"name": "Elm", "email": "elm@example.com"}]);
    let answer = upsert(
        "clients_enhanced?on_conflict=email&select=name",
        "resolution=ignore-duplicates,return=representation",
        row,
    )
    .await
    .expect(201);
    assert_eq!(answer.json(), json!([{"name": "Elm"}]));
    assert_eq!(world.value(&format!("SELECT name FROM clients_enhanced WHERE id = '{ACME}'")).await, "Acme 3");
    // Analytics by the four columns of before, with and without an hour.
    let day = json!([{"client_id": ACME, "deployment_id": LIVE, "analytics_date": "2026-01-05", "analytics_period": "daily", "page_views": 1}]);
    let four = "client_analytics?on_conflict=client_id,deployment_id,analytics_date,analytics_period&select=page_views";
    assert_eq!(upsert(four, merge, day.clone()).await.expect(201).json(), json!([{"page_views": 1}]));
    let mut again = day.clone();
    again[0]["page_views"] = json!(2);
    assert_eq!(upsert(four, merge, again).await.expect(201).json(), json!([{"page_views": 2}]));
    assert_eq!(world.value("SELECT count(*) FROM client_analytics WHERE analytics_date = '2026-01-05'").await, "1");
    // An event's id, which no index keeps unique any more.
    let event = json!({"id": "f0000000-0000-4000-8000-00000000000a", "deployment_id": LIVE, "event_type": "error"});
    let ignore = "resolution=ignore-duplicates,return=representation";
    for path in ["deployment_tracking_events?on_conflict=id", "deployment_tracking_events"] {
        assert_eq!(upsert(path, ignore, event.clone()).await.expect(201).json(), json!([]), "{path}");
        let new = json!([{"id": uuid::Uuid::new_v4(), "deployment_id": LIVE, "event_type": "error"}, event]);
        assert_eq!(upsert(path, ignore, new).await.expect(201).json().as_array().unwrap().len(), 1, "{path}");
    }
    let twice = json!([{"id": LIVE, "deployment_id": LIVE, "event_type": "error"}, {"id": LIVE, "deployment_id": LIVE, "event_type": "error"}]);
    upsert("deployment_tracking_events?on_conflict=id", ignore, twice).await.refused(400, "21000");
    // Figures by their id, changed in place.
    let id = world
        .value(&format!("SELECT id FROM client_analytics WHERE client_id = '{ACME}' AND analytics_date = '2026-01-05'"))
        .await;
    let row =
        json!({"id": id, "client_id": ACME, "deployment_id": LIVE, "analytics_date": "2026-01-05", "page_views": 7});
    assert_eq!(
        upsert("client_analytics?select=id,page_views", merge, row).await.expect(201).json(),
        json!([{"id": id, "page_views": 7}])
    );

    let refused = upsert("clients_enhanced?on_conflict=name", merge, json!({"name": "x", "email": "x@example.com"}))
        .await
        .refused(400, "42P10");
    assert!(refused["hint"].as_str().unwrap().contains("on_conflict=email"), "{refused}");
    upsert("clients_enhanced?on_conflict=emial", merge, json!({"name": "x"})).await.refused(400, "PGRST204");
    upsert("clients_enhanced?on_conflict=email", "return=minimal", json!({"name": "x"})).await.refused(400, "PGRST100");
}

#[tokio::test]
async fn updates_and_deletes_the_rows_that_filters_find() {
    let world = World::new().await;
    let bare = world
        .patch(Who::Manager, &format!("clients_enhanced?id=eq.{ACME}"), &json!({"industry": "toys"}))
        .send()
        .await
        .expect(204);
    assert_eq!(bare.body.len(), 0);
    let path = "clients_enhanced?tier=eq.basic&select=name,industry&order=name";
    let changed =
        world.patch(Who::Manager, path, &json!({"industry": "wood"})).header("prefer", ROWS).send().await.expect(200);
    assert_eq!(changed.json(), json!([{"name": "Bolt", "industry": "wood"}]));
    assert_eq!(changed.header("content-range"), Some("0-0/*"));
    assert_eq!(world.value(&format!("SELECT industry FROM clients_enhanced WHERE id = '{CRYPT}'")).await, "secrets");
    let none = world
        .patch(Who::Manager, &format!("clients_enhanced?id=eq.{CRYPT}"), &json!({"industry": "x"}))
        .header("prefer", ROWS)
        .send()
        .await
        .expect(200);
    assert_eq!((none.json(), none.header("content-range")), (json!([]), Some("*/*")));
    let counted = world
        .patch(Who::Admin, "clients_enhanced?tier=eq.basic", &json!({"phone": "1"}))
        .header("prefer", "count=exact")
        .send()
        .await
        .expect(204);
    assert_eq!(counted.header("content-range"), Some("0-1/2"));
    // Other keys of the body are left alone where `columns` names some.
    let some = world.patch(
        Who::Admin,
        &format!("clients_enhanced?id=eq.{ACME}&columns=phone&select=phone,industry"),
        &json!({"phone": "2", "industry": "no"}),
    );
    assert_eq!(
        some.header("prefer", ROWS).send().await.expect(200).json(),
        json!([{"phone": "2", "industry": "toys"}])
    );

    let gone = world
        .delete(Who::Admin, &format!("client_deployments?client_id=eq.{ACME}&status=eq.pending&select=deployment_name"))
        .header("prefer", ROWS)
        .send()
        .await
        .expect(200);
    assert_eq!(gone.json(), json!([{"deployment_name": "acme-next"}]));
    let gone = world
        .delete(Who::Admin, "client_deployments?deployment_name=eq.nothing")
        .header("prefer", "count=exact")
        .send()
        .await
        .expect(204);
    assert_eq!(gone.header("content-range"), Some("*/0"));
    world.delete(Who::Manager, &format!("client_deployments?id=eq.{LIVE}")).send().await.refused(403, "42501");
    world.delete(Who::Admin, &format!("clients_enhanced?id=eq.{ACME}")).send().await.refused(403, "42501");
}

#[tokio::test]
async fn whole_tables_are_written_only_within_a_bound() {
    let world = World::new().await;
    let refused =
        world.patch(Who::Admin, "clients_enhanced", &json!({"phone": "1"})).send().await.refused(400, "21000");
    assert_eq!(refused["message"], "UPDATE requires a WHERE clause");
    world.delete(Who::Admin, "client_members").send().await.refused(400, "21000");
    let bounded = async |most: &str| {
        world
            .patch(Who::Admin, "clients_enhanced?select=name", &json!({"phone": "9"}))
            .header("prefer", &format!("{ROWS},handling=strict,max-affected={most}"))
            .send()
            .await
    };
    let refused = bounded("2").await.refused(400, "PGRST124");
    assert_eq!(refused["details"], "The query affects 3 rows");
    assert_eq!(world.value("SELECT count(*) FROM clients_enhanced WHERE phone = '9'").await, "0");
    let done = bounded("3").await.expect(200);
    assert_eq!(done.json().as_array().unwrap().len(), 3);
    assert_eq!(done.header("preference-applied"), Some("return=representation, handling=strict, max-affected=3"));
    world.delete(Who::Admin, "client_members").header("prefer", "max-affected=1").send().await.refused(400, "PGRST124");
    world.post(Who::Admin, "client_members", &json!([{"client_id": CRYPT, "user_id": Who::Staff.id(), "member_role": "staff"}, {"client_id": CRYPT, "user_id": Who::Manager.id(), "member_role": "staff"}]))
        .header("prefer", "max-affected=1").send().await.refused(400, "PGRST124");
    assert_eq!(world.value(&format!("SELECT count(*) FROM client_members WHERE client_id = '{CRYPT}'")).await, "0");
}

#[tokio::test]
async fn a_single_row_that_is_none_or_several_is_rolled_back() {
    let world = World::new().await;
    let object = "application/vnd.pgrst.object+json";
    let patch = async |path: &str, prefer: &str| {
        world
            .patch(Who::Admin, path, &json!({"phone": "7"}))
            .header("accept", object)
            .header("prefer", prefer)
            .send()
            .await
    };
    for prefer in [ROWS, "return=minimal"] {
        let refused = patch("clients_enhanced?tier=eq.basic", prefer).await.refused(406, "PGRST116");
        assert_eq!(refused["details"], "The result contains 2 rows");
        let refused = patch("clients_enhanced?name=eq.x", prefer).await.refused(406, "PGRST116");
        assert_eq!(refused["details"], "The result contains 0 rows");
    }
    assert_eq!(world.value("SELECT count(*) FROM clients_enhanced WHERE phone = '7'").await, "0");
    let one = patch(&format!("clients_enhanced?id=eq.{ACME}&select=phone"), ROWS).await.expect(200);
    assert_eq!(one.json(), json!({"phone": "7"}));
    let two = json!([{"name": "a", "email": "a@example.com"}, {"name": "b", "email": "b@example.com"}]);
    world
        .post(Who::Admin, "clients_enhanced", &two)
        .header("accept", object)
        .header("prefer", ROWS)
        .send()
        .await
        .refused(406, "PGRST116");
    assert_eq!(world.value("SELECT count(*) FROM clients_enhanced").await, "3");
    world.delete(Who::Admin, "client_members?client_id=eq.").send().await.refused(400, "22P02");
    world
        .delete(Who::Admin, &format!("client_members?client_id=eq.{ACME}"))
        .header("accept", object)
        .header("prefer", ROWS)
        .send()
        .await
        .refused(406, "PGRST116");
    assert_eq!(world.value("SELECT count(*) FROM client_members").await, "4");
}

#[tokio::test]
async fn a_row_that_has_moved_on_is_not_overwritten() {
    let world = World::new().await;
    let read = async |path: &str| {
        world
            .get(Who::Manager, path)
            .header("accept", "application/vnd.pgrst.object+json")
            .send()
            .await
            .expect(200)
            .json()
    };
    // Configuration counts its writes; everything else says when it was last changed.
    let path = format!("system_configurations?client_id=eq.{ACME}&configuration_key=eq.site.title");
    let version = read(&format!("{path}&select=version")).await["version"].to_string();
    let write = async |path: &str, version: &str, body: Value| {
        world.patch(Who::Manager, path, &body).header("if-match", &format!("\"{version}\"")).send().await
    };
    write(&path, &version, json!({"configuration_value": "one"})).await.expect(204);
    let refused = write(&path, &version, json!({"configuration_value": "two"})).await.refused(412, "TN412");
    let row: Value = serde_json::from_str(refused["details"].as_str().unwrap()).unwrap();
    assert_eq!((&row["configuration_value"], &row["version"]), (&json!("one"), &json!(2)));

    let path = format!("clients_enhanced?id=eq.{ACME}");
    let stamp = read(&format!("{path}&select=updated_at")).await["updated_at"].as_str().unwrap().to_owned();
    write(&path, &stamp, json!({"phone": "1"})).await.expect(204);
    let refused = write(&path, &stamp, json!({"phone": "2"})).await.refused(412, "TN412");
    let row: Value = serde_json::from_str(refused["details"].as_str().unwrap()).unwrap();
    assert_eq!((&row["phone"], &row["name"]), (&json!("1"), &json!("Acme")));
    let now = row["updated_at"].as_str().unwrap();
    write(&path, now, json!({"phone": "3"})).await.expect(204);

    // What isn't there or isn't visible has no version; what is several rows has several.
    let refused =
        write(&format!("clients_enhanced?id=eq.{CRYPT}"), now, json!({"phone": "4"})).await.refused(412, "TN412");
    assert_eq!(refused["details"], "there is no such row");
    write("clients_enhanced?name=like.*", "2020-01-01T00:00:00Z", json!({"phone": "5"})).await.refused(400, "PGRST100");
    write(&path, "yesterday-ish", json!({"phone": "6"})).await.refused(400, "22007");
    world
        .delete(Who::Admin, &format!("client_deployments?id=eq.{LIVE}"))
        .header("if-match", "\"2020-01-01T00:00:00Z\"")
        .send()
        .await
        .refused(412, "TN412");
    world
        .post(Who::Admin, "clients_enhanced", &json!({"name": "x"}))
        .header("if-match", "\"1\"")
        .send()
        .await
        .refused(400, "PGRST100");
    assert_eq!(world.value("SELECT count(*) FROM client_deployments").await, "3");
}

#[tokio::test]
async fn a_row_keeps_its_id() {
    let world = World::new().await;
    let path = format!("clients_enhanced?id=eq.{ACME}");
    for who in [Who::Manager, Who::Admin, Who::SuperAdmin, Who::Service] {
        let refused = world.patch(who, &path, &json!({"id": Who::Admin.id()})).send().await.refused(403, "42501");
        assert_eq!(refused["hint"], "Leave id out, or send the one that the row has.");
        // A form sends the whole row back, its id with it.
        world.patch(who, &path, &json!({"id": ACME, "industry": "dentistry"})).send().await.expect(204);
    }
    let design = format!("client_customizations?id=eq.{DESIGN}");
    world.patch(Who::Manager, &design, &json!({"id": Who::Admin.id()})).send().await.refused(403, "42501");
}

#[tokio::test]
async fn refuses_what_rules_refuse_and_says_which() {
    let world = World::new().await;
    let post = async |who, path: &str, body: Value| world.post(who, path, &body).send().await;
    let refused = post(Who::Admin, "clients_enhanced", json!({"name": "x", "email": "x@example.com", "tier": "gold"}))
        .await
        .refused(400, "23514");
    assert_eq!(refused["hint"], "`tier` is one of standard, basic, premium, enterprise");
    let refused = post(Who::Admin, "clients_enhanced", json!({"name": "x"})).await.refused(400, "23502");
    assert_eq!(refused["hint"], "send a value for `email`");
    let refused = post(Who::Admin, "clients_enhanced", json!({"nmae": "x"})).await.refused(400, "PGRST204");
    assert_eq!(refused["hint"], "did you mean `name`?");
    post(Who::Admin, "clients_enhanced?columns=nmae", json!([{"name": "x"}])).await.refused(400, "PGRST204");
    post(Who::Admin, "clients_enhanced", json!({"name": "x", "email": "acme@example.com"})).await.refused(409, "23505");
    post(Who::Admin, "client_customizations", json!({"client_id": Who::Admin.id(), "template_id": "shop"}))
        .await
        .refused(409, "23503");
    post(Who::Admin, "clients_enhanced", json!({"name": "x", "email": "x@example.com", "annual_revenue": "much"}))
        .await
        .refused(400, "22P02");
    post(Who::Admin, "clients_enhanced", json!({"name": "x".repeat(300), "email": "x@example.com"}))
        .await
        .refused(400, "22001");
    // The row goes to a partition, of which no caller has heard.
    let event = json!({"client_id": ACME, "deployment_id": LIVE, "event_type": "party"});
    let refused = post(Who::Admin, "deployment_tracking_events", event).await.refused(400, "23514");
    assert!(refused["hint"].as_str().unwrap().starts_with("`event_type` is one of build_started, "), "{refused}");
    let message = refused["message"].as_str().unwrap();
    assert!(message.contains("relation \"deployment_tracking_events\" violates"), "{message}");
    post(Who::Admin, "audit_log", json!({"action": "x"})).await.refused(403, "42501");
    post(Who::Admin, "client_summary", json!({"name": "x"})).await.refused(405, "PGRST117");
    post(Who::Staff, "client_customizations", json!({"client_id": ACME, "template_id": "shop"}))
        .await
        .refused(403, "42501");
    post(Who::Manager, "client_customizations", json!({"client_id": CRYPT, "template_id": "shop"}))
        .await
        .refused(403, "42501");
    world
        .patch(Who::Manager, &format!("clients_enhanced?id=eq.{ACME}"), &json!({"tier": "basic"}))
        .send()
        .await
        .refused(403, "42501");
    post(Who::Anon, "clients_enhanced", json!({"name": "x"})).await.refused(401, "42501");
    let refused = world
        .patch(Who::Manager, &format!("client_customizations?id=eq.{DESIGN}"), &json!({"status": "deployed"}))
        .send()
        .await;
    let refused = refused.refused(422, "TN422");
    assert!(!refused["hint"].is_null(), "{refused}");
    for body in ["", "{", "[1]", "\"x\"", "{\"name\": \"a\", \"name\": \"b\"}", "{\"name\": \"\\u0000\"}"] {
        let call = world
            .call(Who::Admin, Method::POST, "clients_enhanced")
            .header("content-type", "application/json")
            .body(body);
        call.send().await.refused(400, "PGRST102");
    }
    let call =
        world.call(Who::Admin, Method::POST, "clients_enhanced").header("content-type", "text/csv").body("name\nx");
    call.send().await.refused(415, "PGRST107");
    assert_eq!(world.value("SELECT count(*) FROM clients_enhanced").await, "3");
}

#[tokio::test]
async fn refuses_what_would_have_no_effect_on_a_write() {
    let world = World::new().await;
    let body = json!({"phone": "1"});
    let path = format!("clients_enhanced?id=eq.{ACME}");
    for more in ["select=name", "order=name", "limit=1", "offset=1", "on_conflict=id", "client_deployments.limit=1"] {
        let answer = world.patch(Who::Admin, &format!("{path}&{more}"), &body).send().await;
        assert_eq!(answer.status.as_u16(), 400, "{more}: {}", answer.text());
    }
    for prefer in ["resolution=merge-duplicates", "missing=default"] {
        world.patch(Who::Admin, &path, &body).header("prefer", prefer).send().await.refused(400, "PGRST122");
        world.delete(Who::Admin, &path).header("prefer", prefer).send().await.refused(400, "PGRST122");
    }
    world.post(Who::Admin, "clients_enhanced?name=eq.x", &json!({"name": "x"})).send().await.refused(400, "PGRST100");
    world.delete(Who::Admin, "client_members?user_id=is.null&columns=user_id").send().await.refused(400, "PGRST100");
    world.patch(Who::Admin, &path, &json!([{"phone": "1"}])).send().await.refused(400, "PGRST102");
    world.patch(Who::Admin, &path, &json!({})).send().await.refused(400, "PGRST102");
    world.call(Who::Admin, Method::DELETE, &path).json(&body).send().await.refused(400, "PGRST102");
    assert_eq!(world.value("SELECT count(phone) FROM clients_enhanced").await, "0");
}

#[tokio::test]
async fn refusals_tell_nothing_of_hidden_rows() {
    let world = World::new().await;
    let said = async |body: Value, path: &str| {
        let mut refused = world.post(Who::Manager, path, &body).send().await.json();
        refused["details"].take();
        refused
    };
    // A deployment of a client that the manager doesn't see, and one that isn't there.
    let event = |deployment: &str| json!({"deployment_id": deployment, "event_type": "error"});
    let there = said(event(HIDDEN), "deployment_tracking_events").await;
    assert_eq!(there, said(event(BOLT), "deployment_tracking_events").await);
    let taken =
        world.post(Who::Admin, "client_billing_info", &json!({"client_id": CRYPT})).send().await.refused(409, "23505");
    assert!(taken["details"].is_null(), "{taken}");
    let missing = world
        .post(
            Who::Manager,
            "client_deployments",
            &json!({"client_id": BOLT, "customization_id": DESIGN, "deployment_name": "x"}),
        )
        .send()
        .await;
    let missing = missing.refused(409, "23503");
    assert!(!missing.to_string().contains(DESIGN), "{missing}");
    let hidden = "e0000000-0000-4000-8000-00000000000c";
    let other = world
        .post(
            Who::Manager,
            "client_deployments",
            &json!({"client_id": BOLT, "customization_id": hidden, "deployment_name": "x"}),
        )
        .send()
        .await
        .refused(409, "23503");
    assert_eq!(other, missing);
}
