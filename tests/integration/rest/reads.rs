use serde_json::json;

use super::world::{ACME, BOLT, CRYPT, Expect as _, LIVE, Who, World};

/// The bodies of GETs, side by side with what they must be.
async fn all(world: &World, who: Who, cases: &[(&str, serde_json::Value)]) {
    for (path, expected) in cases {
        let answer = world.get(who, path).send().await.expect(200);
        assert_eq!(&answer.json(), expected, "{path}");
    }
}

#[tokio::test]
async fn selects_columns_casts_and_paths() {
    let world = World::new().await;
    all(
        &world,
        Who::Admin,
        &[
            ("clients_enhanced?select=name&order=name", json!([{"name": "Acme"}, {"name": "Bolt"}, {"name": "Crypt"}])),
            ("clients_enhanced?select=title:name,tier&name=eq.Acme", json!([{"title": "Acme", "tier": "premium"}])),
            ("clients_enhanced?select=annual_revenue::text&name=eq.Acme", json!([{"annual_revenue": "1234567.89"}])),
            (
                "clients_enhanced?select=address->>city,first:address->lines->0&name=eq.Acme",
                json!([{"city": "Oslo", "first": "a"}]),
            ),
            ("clients_enhanced?select=goal:business_goals->>1&name=eq.Acme", json!([{"goal": "two words"}])),
            ("clients_enhanced?select=&name=eq.Acme", json!([{}])),
            ("clients_enhanced?select=count()", json!([{"count": 3}])),
            ("clients_enhanced?select=count", json!([{"count": 3}])),
            (
                "clients_enhanced?select=tier,n:count()&order=n.desc",
                json!([{"tier": "basic", "n": 2}, {"tier": "premium", "n": 1}]),
            ),
            (
                "clients_enhanced?select=address->>city,count()&order=address->>city.nullsfirst",
                json!([{"city": null, "count": 1}, {"city": "Oslo", "count": 1}, {"city": "Rome", "count": 1}]),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn star_is_what_the_role_may_read() {
    let world = World::new().await;
    let keys = async |who, path: &str| {
        let body = world.get(who, path).send().await.expect(200).json();
        body[0].as_object().expect("a row").keys().cloned().collect::<Vec<_>>()
    };
    let path = format!("client_deployments?id=eq.{LIVE}");
    let (of_staff, of_client) = (keys(Who::Staff, &path).await, keys(Who::Client, &path).await);
    assert!(of_staff.iter().any(|key| key == "build_logs"));
    assert!(of_client.iter().all(|key| key != "build_logs" && key != "environment_variables"));
    assert!(of_client.iter().any(|key| key == "deployment_name"));
    let embedded = world.get(Who::Client, "clients_enhanced?select=client_deployments(*)").send().await.expect(200);
    assert!(!embedded.text().contains("build_logs") && embedded.text().contains("acme-live"));

    let refused = world.get(Who::Client, "client_deployments?select=build_logs").send().await.refused(403, "42501");
    assert!(refused["message"].as_str().unwrap().contains("build_logs"));
    world.get(Who::Client, "client_deployments?select=id&build_logs=eq.x").send().await.refused(403, "42501");
    world.get(Who::Client, "client_deployments?select=id&order=build_logs").send().await.refused(403, "42501");
    // What is named is taken before what `*` brings.
    let named = world.get(Who::Staff, &format!("client_deployments?select=*,id:deployment_name&id=eq.{LIVE}"));
    assert_eq!(named.send().await.expect(200).json()[0]["id"], "acme-live");
    world.get(Who::Staff, "client_deployments?select=a:id,a:status").send().await.refused(400, "PGRST100");
}

#[tokio::test]
async fn each_role_sees_what_policies_let_through() {
    let world = World::new().await;
    for (who, names) in [
        (Who::SuperAdmin, json!(["Acme", "Bolt", "Crypt"])),
        (Who::Admin, json!(["Acme", "Bolt", "Crypt"])),
        (Who::Service, json!(["Acme", "Bolt", "Crypt"])),
        (Who::Manager, json!(["Acme", "Bolt"])),
        (Who::Staff, json!(["Acme"])),
        (Who::Client, json!(["Acme"])),
    ] {
        let call = world.get(who, "clients_enhanced?select=name&order=name").header("prefer", "count=exact");
        let answer = call.send().await.expect(200);
        let found: Vec<serde_json::Value> =
            answer.json().as_array().unwrap().iter().map(|row| row["name"].clone()).collect();
        assert_eq!(json!(found), names, "{who:?}");
        let total = names.as_array().unwrap().len();
        assert_eq!(answer.header("content-range").unwrap(), format!("0-{}/{total}", total - 1), "{who:?}");
    }
    let answer = world.get(Who::Anon, "clients_enhanced?select=name").send().await;
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    answer.refused(401, "42501");
    world.get(Who::Anon, "clients_enhanced").send().await.refused(401, "42501");
}

#[tokio::test]
async fn filters_by_every_operator() {
    let world = World::new().await;
    let names = async |who: Who, filter: &str| {
        let answer =
            world.get(who, &format!("clients_enhanced?select=name&order=name&{filter}")).send().await.expect(200);
        let rows = answer.json();
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (filter, expected) in [
        ("tier=eq.basic", "Bolt Crypt"),
        ("tier=neq.basic", "Acme"),
        ("name=gt.Bolt", "Crypt"),
        ("name=gte.Bolt", "Bolt Crypt"),
        ("name=lt.Bolt", "Acme"),
        ("name=lte.Bolt", "Acme Bolt"),
        ("annual_revenue=gt.1000", "Acme"),
        ("name=like.*o*", "Bolt"),
        ("name=ilike.*c*", "Acme Crypt"),
        ("name=like(any).{A*,B*}", "Acme Bolt"),
        ("name=ilike(all).{*C*,*e}", "Acme"),
        ("name=match.^[AB]", "Acme Bolt"),
        ("name=imatch.^a", "Acme"),
        ("industry=is.null", "Bolt"),
        ("industry=not.is.null", "Acme Crypt"),
        ("industry=is.not_null", "Acme Crypt"),
        ("industry=isdistinct.retail", "Bolt Crypt"),
        ("name=in.(Acme,Crypt)", "Acme Crypt"),
        ("company_name=in.(\"Acme, Inc.\",nothing)", "Acme"),
        ("company_name=eq.Acme, Inc.", "Acme"),
        ("name=in.()", ""),
        ("name=not.in.(Acme,Crypt)", "Bolt"),
        ("business_goals=cs.{grow}", "Acme Crypt"),
        ("business_goals=cd.{grow,more}", "Bolt Crypt"),
        ("business_goals=ov.{\"two words\",x}", "Acme"),
        ("address=cs.{\"city\":\"Rome\"}", "Crypt"),
        ("address->>city=eq.Oslo", "Acme"),
        ("address->lines->>0=eq.a", "Acme"),
        ("or=(name.eq.Acme,tier.eq.basic)", "Acme Bolt Crypt"),
        ("or=(name.eq.Acme,and(tier.eq.basic,industry.not.is.null))", "Acme Crypt"),
        ("not.or=(name.eq.Acme,name.eq.Bolt)", "Crypt"),
        ("and=(name.neq.Acme,name.neq.Bolt)", "Crypt"),
        ("name=neq.Acme&name=neq.Bolt", "Crypt"),
        ("name=fts.acme", "Acme"),
        ("name=plfts(english).acme", "Acme"),
        ("company_name=phfts(simple).acme inc", "Acme"),
        ("name=wfts(english).acme or bolt", "Acme Bolt"),
        ("name=not.fts.acme", "Bolt Crypt"),
    ] {
        assert_eq!(names(Who::Admin, filter).await, expected, "{filter}");
    }
    assert_eq!(names(Who::Manager, "tier=eq.basic").await, "Bolt");
}

#[tokio::test]
async fn embeds_related_rows() {
    let world = World::new().await;
    all(
        &world,
        Who::Admin,
        &[
            // Many to one, renamed and filtered.
            ("client_deployments?select=deployment_name,client:clients_enhanced(name)&order=deployment_name&limit=1",
             json!([{"deployment_name": "acme-live", "client": {"name": "Acme"}}])),
            // One to many, ordered and limited by its own parameters.
            ("clients_enhanced?select=name,client_deployments(deployment_name)&order=name&client_deployments.order=deployment_name.desc&client_deployments.limit=1",
             json!([{"name": "Acme", "client_deployments": [{"deployment_name": "acme-next"}]},
                    {"name": "Bolt", "client_deployments": []},
                    {"name": "Crypt", "client_deployments": [{"deployment_name": "crypt-live"}]}])),
            // One to one: an object.
            ("clients_enhanced?select=name,client_billing_info(subscription_tier)&order=name",
             json!([{"name": "Acme", "client_billing_info": {"subscription_tier": "premium"}},
                    {"name": "Bolt", "client_billing_info": null},
                    {"name": "Crypt", "client_billing_info": {"subscription_tier": "basic"}}])),
            // Inner joins leave rows out, and filters of the embed decide.
            ("clients_enhanced?select=name,client_deployments!inner(deployment_name)&client_deployments.status=eq.pending",
             json!([{"name": "Acme", "client_deployments": [{"deployment_name": "acme-next"}]}])),
            ("clients_enhanced?select=name,client_deployments!inner()&client_deployments.status=eq.pending", json!([{"name": "Acme"}])),
            ("clients_enhanced?select=name,client_deployments()&client_deployments=is.null", json!([{"name": "Bolt"}])),
            ("clients_enhanced?select=name,d:client_deployments()&order=name&d=not.is.null", json!([{"name": "Acme"}, {"name": "Crypt"}])),
            ("clients_enhanced?select=name,client_deployments()&or=(name.eq.Bolt,client_deployments.not.is.null)&order=name.desc",
             json!([{"name": "Crypt"}, {"name": "Bolt"}, {"name": "Acme"}])),
            // By composite keys, three levels deep; the keys' columns needn't be selected.
            ("deployment_tracking_events?select=event_type,client_deployments(deployment_name,client_customizations(template_id,clients_enhanced(name)))&event_type=eq.health_check",
             json!([{"event_type": "health_check", "client_deployments": {"deployment_name": "acme-live",
                     "client_customizations": {"template_id": "shop", "clients_enhanced": {"name": "Acme"}}}}])),
            // A view through the columns that it selects unchanged.
            ("client_summary?select=name,client_deployments(status)&order=name&limit=1&client_deployments.order=status",
             json!([{"name": "Acme", "client_deployments": [{"status": "deployed"}, {"status": "pending"}]}])),
            // Counts.
            ("clients_enhanced?select=name,client_deployments(count)&order=name.desc",
             json!([{"name": "Crypt", "client_deployments": [{"count": 1}]}, {"name": "Bolt", "client_deployments": [{"count": 0}]},
                    {"name": "Acme", "client_deployments": [{"count": 2}]}])),
            // Spread, of one row and of several.
            ("client_deployments?select=deployment_name,...clients_enhanced(client:name,tier)&order=deployment_name&limit=1",
             json!([{"deployment_name": "acme-live", "client": "Acme", "tier": "premium"}])),
            ("clients_enhanced?select=name,...client_deployments(names:deployment_name)&order=name&client_deployments.order=deployment_name",
             json!([{"name": "Acme", "names": ["acme-live", "acme-next"]}, {"name": "Bolt", "names": []}, {"name": "Crypt", "names": ["crypt-live"]}])),
            // Ordered by a related row's column.
            ("client_deployments?select=deployment_name,clients_enhanced(name)&order=clients_enhanced(name).desc,deployment_name.desc&limit=2",
             json!([{"deployment_name": "crypt-live", "clients_enhanced": {"name": "Crypt"}}, {"deployment_name": "acme-next", "clients_enhanced": {"name": "Acme"}}])),
            // By the name of the key, its column, and what the key was called before it was composite.
            ("client_deployments?select=c:client_customizations!customization_id(template_id)&deployment_name=eq.acme-live", json!([{"c": {"template_id": "shop"}}])),
            ("client_deployments?select=c:client_customizations!client_deployments_customization_id_fkey(template_id)&deployment_name=eq.acme-live", json!([{"c": {"template_id": "shop"}}])),
            ("client_deployments?select=client_id(name)&deployment_name=eq.acme-live", json!([{"client_id": {"name": "Acme"}}])),
            ("client_deployments?select=client_deployments_client_id_fkey(name)&deployment_name=eq.acme-live", json!([{"client_deployments_client_id_fkey": {"name": "Acme"}}])),
        ],
    )
    .await;
    // The policies of the embedded table hold too.
    all(
        &world,
        Who::Staff,
        &[(
            "clients_enhanced?select=name,client_billing_info(subscription_tier)",
            json!([{"name": "Acme", "client_billing_info": null}]),
        )],
    )
    .await;
}

/// A site's tables, of which one says which rows of the other two belong together.
const TEAMS: &str = "
    CREATE TABLE teams (id int PRIMARY KEY, name text); CREATE TABLE players (id int PRIMARY KEY, name text);
    CREATE TABLE squads (team int REFERENCES teams, player int REFERENCES players, shirt int, PRIMARY KEY (team, player));
    ALTER TABLE teams ENABLE ROW LEVEL SECURITY; ALTER TABLE players ENABLE ROW LEVEL SECURITY;
    ALTER TABLE squads ENABLE ROW LEVEL SECURITY;
    GRANT SELECT ON teams, players, squads TO authenticated;
    CREATE POLICY everybody ON teams FOR SELECT TO authenticated USING (true);
    CREATE POLICY everybody ON squads FOR SELECT TO authenticated USING (true);
    CREATE POLICY listed ON players FOR SELECT TO authenticated USING (name <> 'Hidden');
    INSERT INTO teams VALUES (1, 'Reds'), (2, 'Blues'), (3, 'Nobody');
    INSERT INTO players VALUES (1, 'Ann'), (2, 'Bea'), (3, 'Hidden');
    INSERT INTO squads VALUES (1, 1, 10), (1, 2, 11), (1, 3, 12), (2, 2, 7);";

#[tokio::test]
async fn embeds_many_to_many_through_the_table_between() {
    let world = World::new().await;
    world.admin.batch_execute(TEAMS).await.unwrap();
    all(
        &world,
        Who::Staff,
        &[
            ("teams?select=name,players(name)&order=id&players.order=name",
             json!([{"name": "Reds", "players": [{"name": "Ann"}, {"name": "Bea"}]}, {"name": "Blues", "players": [{"name": "Bea"}]},
                    {"name": "Nobody", "players": []}])),
            ("players?select=name,in:teams(name)&name=eq.Bea&in.order=name.desc&in.limit=1",
             json!([{"name": "Bea", "in": [{"name": "Reds"}]}])),
            ("teams?select=name,players!inner(name)&players.name=eq.Ann", json!([{"name": "Reds", "players": [{"name": "Ann"}]}])),
            ("teams?select=name,players!squads(count)&order=id", json!([{"name": "Reds", "players": [{"count": 2}]},
                    {"name": "Blues", "players": [{"count": 1}]}, {"name": "Nobody", "players": [{"count": 0}]}])),
            ("teams?select=name,...players(who:name)&id=eq.1&players.order=name.desc", json!([{"name": "Reds", "who": ["Bea", "Ann"]}])),
            ("teams?select=name,players()&players=is.null", json!([{"name": "Nobody"}])),
            // What the table between says of the pair is embedded by itself.
            ("teams?select=name,squads(shirt,players(name))&id=eq.2", json!([{"name": "Blues", "squads": [{"shirt": 7, "players": {"name": "Bea"}}]}])),
        ],
    )
    .await;
}

#[tokio::test]
async fn refuses_embeds_that_mean_nothing_or_several_things() {
    let world = World::new().await;
    let get = async |path: &str| world.get(Who::Admin, path).send().await;
    let refused = get("clients_enhanced?select=client_deployment(id)").await.refused(400, "PGRST200");
    assert_eq!(refused["hint"], "did you mean `client_deployments`?");
    assert!(refused["details"].as_str().unwrap().contains("Searched for a foreign key relationship"));
    get("clients_enhanced?select=client_deployments!nothing(id)").await.refused(400, "PGRST200");
    get("clients_enhanced?select=name&client_deployments.status=eq.x").await.refused(400, "PGRST108");
    get("clients_enhanced?select=name&order=client_deployments(status)").await.refused(400, "PGRST108");
    get("clients_enhanced?select=name,client_deployments(status)&order=client_deployments(status)")
        .await
        .refused(400, "PGRST118");
    get("clients_enhanced?select=client_deployments(id),client_deployments(status)").await.refused(400, "PGRST100");
    get("clients_enhanced?select=count(),client_deployments(id)").await.refused(400, "PGRST100");
    world
        .admin
        .batch_execute(
            "CREATE TABLE teams (id int PRIMARY KEY); CREATE TABLE matches (id int PRIMARY KEY, home int REFERENCES teams, away int REFERENCES teams);
             ALTER TABLE teams ENABLE ROW LEVEL SECURITY; ALTER TABLE matches ENABLE ROW LEVEL SECURITY;
             GRANT SELECT ON teams, matches TO authenticated",
        )
        .await
        .unwrap();
    let refused = get("matches?select=teams(id)").await.refused(300, "PGRST201");
    assert!(
        refused["hint"].as_str().unwrap().contains("'teams!matches_away_fkey', 'teams!matches_home_fkey'"),
        "{refused}"
    );
    let details: serde_json::Value = serde_json::from_str(refused["details"].as_str().unwrap()).unwrap();
    assert_eq!(details[0]["cardinality"], "many-to-one");
    get("matches?select=home:teams!home(id),away:teams!matches_away_fkey(id)").await.expect(200);
}

#[tokio::test]
async fn pages_and_counts() {
    let world = World::new().await;
    let range = async |who: Who, path: &str, prefer: Option<&str>| {
        let call = world.get(who, path);
        let call = match prefer {
            Some(prefer) => call.header("prefer", prefer),
            None => call,
        };
        let answer = call.send().await;
        (answer.status.as_u16(), answer.header("content-range").unwrap_or_default().to_owned())
    };
    let exact = Some("count=exact");
    let status_and = |status: u16, range: &str| (status, range.to_owned());
    assert_eq!(range(Who::Admin, "clients_enhanced?limit=2", None).await, status_and(200, "0-1/*"));
    assert_eq!(range(Who::Admin, "clients_enhanced?limit=2", exact).await, status_and(206, "0-1/3"));
    assert_eq!(range(Who::Admin, "clients_enhanced?limit=2&offset=2", exact).await, status_and(206, "2-2/3"));
    assert_eq!(range(Who::Admin, "clients_enhanced", exact).await, status_and(200, "0-2/3"));
    assert_eq!(range(Who::Admin, "clients_enhanced?name=eq.x", exact).await, status_and(200, "*/0"));
    assert_eq!(range(Who::Admin, "clients_enhanced?name=eq.x", None).await, status_and(200, "*/*"));
    assert_eq!(range(Who::Admin, "clients_enhanced?limit=0", exact).await, status_and(206, "*/3"));
    assert_eq!(range(Who::Admin, "clients_enhanced?offset=9", None).await, status_and(200, "*/*"));
    for estimate in ["count=planned", "count=estimated"] {
        assert_eq!(range(Who::Manager, "clients_enhanced?limit=1", Some(estimate)).await, status_and(206, "0-0/2"));
    }
    let inner = "clients_enhanced?select=name,client_deployments!inner(id)&limit=1";
    assert_eq!(range(Who::Admin, inner, exact).await, status_and(206, "0-0/2"));
    assert_eq!(
        range(Who::Admin, "clients_enhanced?select=tier,count()&limit=1", exact).await,
        status_and(206, "0-0/2")
    );

    let behind = world.get(Who::Admin, "clients_enhanced?offset=9").header("prefer", "count=exact").send().await;
    let behind = behind.refused(416, "PGRST103");
    assert_eq!(behind["details"], "An offset of 9 was requested, but there are only 3 rows.");

    let head = world
        .call(Who::Manager, hyper::Method::HEAD, "clients_enhanced?select=*")
        .header("prefer", "count=exact")
        .send()
        .await
        .expect(200);
    assert_eq!((head.header("content-range"), head.body.len()), (Some("0-1/2"), 0));
    assert_eq!(head.header("preference-applied"), Some("count=exact"));
}

#[tokio::test]
async fn answers_hold_at_most_so_many_rows() {
    let mut settings = tenantry::settings::Server::default();
    settings.tables.max_rows = 2;
    let world = World::with(settings).await;
    let answer =
        world.get(Who::Admin, "clients_enhanced?limit=5").header("prefer", "count=exact").send().await.expect(206);
    assert_eq!(answer.header("content-range"), Some("0-1/3"));
    let answer = world.get(Who::Admin, "clients_enhanced").send().await.expect(200);
    assert_eq!((answer.header("content-range"), answer.json().as_array().unwrap().len()), (Some("0-1/*"), 2));
}

#[tokio::test]
async fn answers_in_the_form_that_was_asked_for() {
    let world = World::new().await;
    let object = "application/vnd.pgrst.object+json";
    let one = world
        .get(Who::Admin, "clients_enhanced?select=name&name=eq.Acme")
        .header("accept", object)
        .send()
        .await
        .expect(200);
    assert_eq!(one.text(), r#"{"name":"Acme"}"#);
    assert_eq!(one.header("content-type"), Some("application/vnd.pgrst.object+json; charset=utf-8"));
    for (path, found) in [("clients_enhanced?name=eq.x", 0), ("clients_enhanced", 3)] {
        let refused = world.get(Who::Admin, path).header("accept", object).send().await.refused(406, "PGRST116");
        assert_eq!(refused["message"], "Cannot coerce the result to a single JSON object");
        assert_eq!(refused["details"], format!("The result contains {found} rows"));
    }
    let csv = world
        .get(Who::Admin, "clients_enhanced?select=name,company_name,industry,business_goals&order=name")
        .header("accept", "text/csv")
        .send()
        .await
        .expect(200);
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(
        csv.text(),
        "name,company_name,industry,business_goals\n\
         Acme,\"Acme, Inc.\",retail,\"{grow,\"\"two words\"\"}\"\n\
         Bolt,\"Bolt \"\"fast\"\" Ltd\",,{}\n\
         Crypt,Crypt,secrets,{grow}"
    );
    world.get(Who::Admin, "clients_enhanced").header("accept", "application/xml").send().await.refused(406, "PGRST107");
    let ids = world.get(Who::Manager, "clients_enhanced?select=id&order=name").send().await.expect(200);
    assert_eq!(ids.json(), json!([{"id": ACME}, {"id": BOLT}]));
    assert!(!ids.text().contains(CRYPT));
}

#[tokio::test]
async fn says_what_is_wrong_with_a_read() {
    let world = World::new().await;
    let get = async |path: &str| world.get(Who::Admin, path).send().await;
    let refused = get("client_enhanced").await.refused(404, "PGRST205");
    assert_eq!(refused["hint"], "did you mean `clients_enhanced`?");
    get("people").await.refused(404, "PGRST205");
    get("pg_class").await.refused(404, "PGRST205");
    let refused = get("clients_enhanced?select=teir").await.refused(400, "PGRST204");
    assert_eq!(refused["hint"], "did you mean `tier`?");
    get("clients_enhanced?teir=eq.x").await.refused(400, "PGRST204");
    get("clients_enhanced?order=teir").await.refused(400, "PGRST204");
    get("clients_enhanced?select=tier::regclass").await.refused(400, "42704");
    get("clients_enhanced?select=name::int").await.refused(400, "22P02");
    get("clients_enhanced?id=eq.x").await.refused(400, "22P02");
    get("clients_enhanced?annual_revenue=eq.1e999999").await.refused(400, "22003");
    get("clients_enhanced?name=match.(").await.refused(400, "2201B");
    get("clients_enhanced?name=fts(klingon).x").await.refused(400, "42704");
    get("clients_enhanced?id=like.x").await.refused(404, "42883");
    get("clients_enhanced?name=xx.x").await.refused(400, "PGRST100");
    get("clients_enhanced?limit=x").await.refused(400, "PGRST100");
    get("clients_enhanced?columns=name").await.refused(400, "PGRST100");
    get("clients_enhanced?on_conflict=id").await.refused(400, "PGRST100");
    world.get(Who::Admin, "clients_enhanced").header("accept-profile", "auth").send().await.refused(406, "PGRST106");
    world
        .get(Who::Admin, "clients_enhanced")
        .header("prefer", "return=representation")
        .send()
        .await
        .refused(400, "PGRST122");
    world.get(Who::Admin, "clients_enhanced").header("if-match", "\"1\"").send().await.refused(400, "PGRST100");
    world.call(Who::Admin, hyper::Method::PUT, "clients_enhanced").send().await.refused(405, "PGRST117");
    get("rpc/anything").await.refused(404, "PGRST202");
    get("rpc/anything?x=1").await.refused(404, "PGRST202");
    world.server.get("/rest/v1/clients_enhanced").await.refused(401, "PGRST302");
}
