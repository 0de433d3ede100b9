//! What is wrong is refused with the code that says so, a message that names the place and a hint that helps, and nothing
//! is written.

use hyper::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::world::{ACME, BOLT, Expect as _, Who, World};
use crate::support::server::{Answer, Call};

/// What a refusal must be: its status and code, and parts of what it says and advises.
struct Refused<'a> {
    status: u16,
    code: &'a str,
    says: &'a str,
    advises: &'a str,
}

fn refused<'a>(status: u16, code: &'a str, says: &'a str, advises: &'a str) -> Refused<'a> {
    Refused { status, code, says, advises }
}

impl Refused<'_> {
    #[track_caller]
    fn check(&self, asked: &str, answer: &Answer) {
        assert_eq!(answer.status.as_u16(), self.status, "{asked}: {}", answer.text());
        let body = answer.json();
        assert_eq!(body["code"], self.code, "{asked}: {body}");
        let said = format!("{} {}", body["message"], body["details"]);
        assert!(said.contains(self.says), "{asked}: {body}");
        assert!(body["hint"].as_str().unwrap_or_default().contains(self.advises), "{asked}: {body}");
    }
}

/// Everything that could have been written, as one value.
async fn state(world: &World) -> String {
    let tables = "SELECT string_agg(format('%I:%s', relname,
        (xpath('/row/sum/text()', query_to_xml(format('SELECT md5(string_agg(t::text, '','' ORDER BY t::text)) AS sum FROM public.%I t',
          relname), true, true, '')))[1]), ' ' ORDER BY relname)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition";
    world.value(tables).await
}

/// Sends what must be refused, and sees that nothing changed by it.
async fn all_refused(world: &World, cases: Vec<(String, Call<'_>, Refused<'_>)>) {
    let before = state(world).await;
    for (asked, call, expected) in cases {
        expected.check(&asked, &call.send().await);
    }
    assert_eq!(state(world).await, before);
}

fn read<'a>(world: &'a World, path: &str, expected: Refused<'a>) -> (String, Call<'a>, Refused<'a>) {
    (path.to_owned(), world.get(Who::Admin, path), expected)
}

fn sent<'a>(
    world: &'a World,
    method: &Method,
    path: &str,
    body: &str,
    expected: Refused<'a>,
) -> (String, Call<'a>, Refused<'a>) {
    let call =
        world.call(Who::Admin, method.clone(), path).header("content-type", "application/json").body(body.to_owned());
    (format!("{method} {path} {}", body.chars().take(80).collect::<String>()), call, expected)
}

#[tokio::test]
async fn unknown_names_are_named_with_what_was_meant() {
    let world = &World::new().await;
    let acme = format!("clients_enhanced?id=eq.{ACME}");
    let post = |path: &str, body: &str, expected| sent(world, &Method::POST, path, body, expected);
    let patch = |path: &str, body: &str, expected| sent(world, &Method::PATCH, path, body, expected);
    let teir = || refused(400, "PGRST204", "'teir'", "did you mean `tier`?");
    let cases = vec![
        read(world, "clients_enhaced", refused(404, "PGRST205", "clients_enhaced", "clients_enhanced")),
        read(world, "pg_class", refused(404, "PGRST205", "pg_class", "")),
        read(world, "rpc/resolve", refused(404, "PGRST202", "resolve", "")),
        read(world, "clients_enhanced?select=name,teir", teir()),
        read(world, "clients_enhanced?teir=eq.basic", teir()),
        read(world, "clients_enhanced?or=(name.eq.a,and(teir.eq.basic))", teir()),
        read(world, "clients_enhanced?order=teir", teir()),
        read(world, "clients_enhanced?order=teir->a", teir()),
        read(world, "client_deployments?select=client:clients_enhanced(teir)", teir()),
        read(world, "client_deployments?select=client:clients_enhanced(tier)&client.teir=eq.x", teir()),
        read(world, "client_deployments?select=client:clients_enhanced(tier)&order=client(teir)", teir()),
        post("clients_enhanced", r#"{"name": "x", "teir": "basic"}"#, teir()),
        post("clients_enhanced?columns=name,teir", r#"[{"name": "x"}]"#, teir()),
        patch(&acme, r#"{"teir": "basic"}"#, teir()),
        patch("clients_enhanced?teir=eq.x", r#"{"tier": "basic"}"#, teir()),
        read(
            world,
            "clients_enhanced?tier=equals.basic",
            refused(400, "PGRST100", "tier=equals.basic", "did you mean eq?"),
        ),
        read(world, "clients_enhanced?tier=basic", refused(400, "PGRST100", "column 6", "tier=eq.gold")),
        read(world, "clients_enhanced?select=templates(*)", refused(400, "PGRST200", "'templates'", "")),
        read(
            world,
            "clients_enhanced?select=client_deployment(*)",
            refused(400, "PGRST200", "'client_deployment'", "client_deployments"),
        ),
        read(world, "clients_enhanced?select=client_deployments!nokey(*)", refused(400, "PGRST200", "nokey", "")),
        read(
            world,
            "clients_enhanced?select=name&client_deployments.id=eq.1",
            refused(400, "PGRST108", "client_deployments", "select"),
        ),
        read(world, "clients_enhanced?select=name::txt", refused(400, "42704", "txt", "text")),
    ];
    all_refused(world, cases).await;
}

#[tokio::test]
async fn an_ambiguous_relation_names_the_ways() {
    let world = World::new().await;
    let site = "CREATE TABLE public.teams (id int PRIMARY KEY);
        CREATE TABLE public.games (id int PRIMARY KEY, home int REFERENCES public.teams, away int REFERENCES public.teams);
        ALTER TABLE public.teams ENABLE ROW LEVEL SECURITY; ALTER TABLE public.games ENABLE ROW LEVEL SECURITY;
        GRANT SELECT ON public.teams, public.games TO authenticated";
    world.admin.batch_execute(site).await.expect("the site's tables");
    let body = world.get(Who::Admin, "games?select=teams(id)").send().await.refused(300, "PGRST201");
    let said = body.to_string();
    assert!(said.contains("games_home_fkey") && said.contains("games_away_fkey"), "{said}");
    assert!(body["hint"].as_str().is_some_and(|hint| hint.contains("teams!games_")), "{said}");
    world.get(Who::Admin, "games?select=teams!games_home_fkey(id)").send().await.expect(200);
}

#[tokio::test]
async fn bodies_that_arent_rows_are_refused() {
    let world = &World::new().await;
    let path = &format!("clients_enhanced?id=eq.{ACME}");
    let deep = format!(r#"{{"address": {}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    let bad = |says| refused(400, "PGRST102", says, "");
    let mut cases = Vec::new();
    for (body, expected) in [
        ("", bad("")),
        ("{", bad("line 1 column 1")),
        (r#"{"tier": }"#, bad("column 10")),
        (r#"{"tier": "basic"} x"#, bad("column")),
        ("[1]", bad("")),
        ("\"x\"", bad("")),
        ("null", bad("")),
        ("{\"tier\": NaN}", bad("")),
        (r#"{"tier": "basic", "tier": "premium"}"#, bad("tier")),
        (r#"{"address": {"a": 1, "a": 2}}"#, bad("\\\"a\\\"")),
        (r#"{"name": "a\u0000b"}"#, bad("")),
        (r#"{"address": {"a\u0000": 1}}"#, bad("")),
        (deep.as_str(), bad("")),
    ] {
        cases.push(sent(world, &Method::PATCH, path, body, expected));
    }
    all_refused(world, cases).await;
    let call = world.call(Who::Admin, Method::PATCH, path).header("content-type", "application/json");
    call.body(&b"{\"name\": \"\xff\"}"[..]).send().await.refused(400, "PGRST102");
}

#[tokio::test]
async fn values_that_dont_fit_are_refused() {
    let world = &World::new().await;
    let acme = &format!("clients_enhanced?id=eq.{ACME}");
    let patch = |body: &str, expected| sent(world, &Method::PATCH, acme, body, expected);
    let cases = vec![
        read(world, "clients_enhanced?id=eq.1", refused(400, "22P02", "uuid", "")),
        read(world, "clients_enhanced?created_at=gt.yesterdayish", refused(400, "22007", "yesterdayish", "")),
        read(world, "clients_enhanced?annual_revenue=gt.much", refused(400, "22P02", "much", "")),
        read(world, "client_analytics?page_views=eq.99999999999999999999", refused(400, "22003", "out of range", "")),
        read(world, "clients_enhanced?address=cs.{", refused(400, "22P02", "json", "")),
        read(world, "clients_enhanced?business_goals=cs.a", refused(400, "22P02", "array", "")),
        read(world, "clients_enhanced?name=match.(", refused(400, "2201B", "regular expression", "")),
        read(world, "clients_enhanced?name=fts(klingon).a", refused(400, "42704", "klingon", "")),
        read(world, "clients_enhanced?annual_revenue=like.1*", refused(404, "42883", "operator", "")),
        read(world, "clients_enhanced?name=eq.a%00b", refused(400, "PGRST100", "name", "")),
        read(world, "clients_enhanced?limit=99999999999999999999", refused(400, "PGRST100", "limit", "")),
        read(world, "clients_enhanced?limit=-1", refused(416, "PGRST103", "limit=-1", "")),
        read(world, "clients_enhanced?offset=-1", refused(416, "PGRST103", "offset=-1", "")),
        patch(r#"{"annual_revenue": "much"}"#, refused(400, "22P02", "much", "")),
        patch(&format!(r#"{{"annual_revenue": {}}}"#, "9".repeat(2_000)), refused(400, "PGRST102", "number", "")),
        patch(r#"{"annual_revenue": 1e300}"#, refused(400, "22003", "", "")),
        patch(r#"{"last_contact_date": "soon"}"#, refused(400, "22007", "soon", "")),
        patch(r#"{"business_goals": "not an array"}"#, refused(400, "22P02", "", "")),
        patch(r#"{"tier": "golden"}"#, refused(400, "23514", "tier", "")),
        patch(r#"{"name": null}"#, refused(400, "23502", "name", "")),
        patch(&format!(r#"{{"name": "{}"}}"#, "x".repeat(300)), refused(400, "22001", "", "")),
    ];
    all_refused(world, cases).await;
}

#[tokio::test]
async fn too_much_is_refused() {
    let world = &World::new().await;
    let filters = |count| vec!["tier=eq.basic"; count].join("&");
    let many = refused(400, "PGRST100", "more than 200 filters", "in.(…)");
    let nested = |levels| format!("or={}name.eq.a{}", "(or".repeat(levels - 1) + "(", ")".repeat(levels));
    let embeds = format!("select={}id{}", "client_deployments(".repeat(20), ")".repeat(20));
    let cases = vec![
        read(world, &format!("clients_enhanced?{}", filters(201)), many),
        read(world, &format!("clients_enhanced?{}", nested(11)), refused(400, "PGRST100", "more than 10 levels", "")),
        read(
            world,
            &format!("clients_enhanced?{}", nested(4_000)),
            refused(400, "PGRST100", "more than 10 levels", ""),
        ),
        read(world, &format!("clients_enhanced?{embeds}"), refused(400, "PGRST100", "more than 6 levels", "")),
        read(
            world,
            &format!("clients_enhanced?id=in.({})", vec!["1"; 2_001].join(",")),
            refused(400, "PGRST100", "more than 2000", ""),
        ),
        read(
            world,
            &format!("clients_enhanced?select={}", vec!["id"; 1_001].join(",")),
            refused(400, "PGRST100", "more than 1000", ""),
        ),
    ];
    all_refused(world, cases).await;

    let status = status_of(world, &format!("/rest/v1/clients_enhanced?{}", filters(10_000))).await;
    let too_long = ["HTTP/1.1 414 URI Too Long", "HTTP/1.1 431 Request Header Fields Too Large"];
    assert!(too_long.contains(&status.as_str()), "{status}");
    let before = state(world).await;
    let large = format!(r#"[{{"name": "{}"}}]"#, "x".repeat(50 << 20));
    let call = world.call(Who::Admin, Method::POST, "clients_enhanced").header("content-type", "application/json");
    // The connection may end while the rest of the body is still on its way.
    if let Ok(answer) = call.body(large).try_send().await {
        assert_eq!(answer.status.as_u16(), 413, "{}", answer.text());
        assert!(answer.json()["hint"].is_string(), "{}", answer.text());
    }
    assert_eq!(state(world).await, before);
}

/// The first line of the answer to a GET whose URI is longer than the test's client sends.
async fn status_of(world: &World, uri: &str) -> String {
    let mut stream = TcpStream::connect(world.server.address).await.expect("the server listens");
    let request = format!("GET {uri} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).await.expect("the server answers");
    answer.trim_end().to_owned()
}

#[tokio::test]
async fn what_would_be_missed_is_refused() {
    let world = &World::new().await;
    let acme = &format!("clients_enhanced?id=eq.{ACME}");
    let get = |header: &'static str, value: &str, expected| {
        (format!("{header}: {value}"), world.get(Who::Admin, acme).header(header, value), expected)
    };
    let patch = |path: &str, header: &'static str, value: &str, expected| {
        let call = world.patch(Who::Admin, path, &json!({"tier": "basic"})).header(header, value);
        (format!("PATCH {path} {header}: {value}"), call, expected)
    };
    let cases = vec![
        get("prefer", "handling=strict, anything", refused(400, "PGRST122", "anything", "count=exact")),
        get("prefer", "tx=rollback", refused(400, "PGRST122", "tx=rollback", "")),
        get("prefer", "count=some", refused(400, "PGRST122", "count=some", "count=exact")),
        get("accept", "application/geo+json", refused(406, "PGRST107", "application/geo+json", "application/json")),
        get(
            "accept",
            "application/vnd.pgrst.array+json;nulls=stripped",
            refused(406, "PGRST107", "nulls=stripped", ""),
        ),
        get("accept-profile", "tenantry", refused(406, "PGRST106", "tenantry", "public")),
        get("range", "0-9", refused(400, "PGRST100", "range", "limit")),
        patch(acme, "prefer", "handling=strict, anything", refused(400, "PGRST122", "anything", "")),
        patch(acme, "prefer", "tx=rollback", refused(400, "PGRST122", "tx=rollback", "")),
        patch(acme, "prefer", "max-affected=-1", refused(400, "PGRST122", "max-affected=-1", "")),
        patch(acme, "content-profile", "tenantry", refused(406, "PGRST106", "tenantry", "public")),
        patch(acme, "if-match", "7", refused(400, "PGRST100", "If-Match", "")),
        patch(acme, "if-unmodified-since", "today", refused(400, "PGRST100", "if-unmodified-since", "If-Match")),
        patch("clients_enhanced", "x-none", "", refused(400, "21000", "WHERE", "max-affected")),
        patch("clients_enhanced?tier=eq.basic", "prefer", "max-affected=1", refused(400, "PGRST124", "", "")),
        patch("client_summary?id=eq.1", "x-none", "", refused(405, "PGRST117", "client_summary", "tables")),
        read(world, "clients_enhanced?select=id&select=name", refused(400, "PGRST100", "twice", "")),
        read(world, "clients_enhanced?limit=1&limit=2", refused(400, "PGRST100", "twice", "")),
        read(world, "clients_enhanced?order=id&order=name", refused(400, "PGRST100", "twice", "order=a.asc,b.desc")),
        read(world, "clients_enhanced?columns=name", refused(400, "PGRST100", "columns", "")),
        read(world, "clients_enhanced?select=annual_revenue.sum()", refused(400, "PGRST100", "", "count()")),
        sent(world, &Method::PUT, acme, "{}", refused(405, "PGRST117", "PUT", "")),
    ];
    all_refused(world, cases).await;
    for content_type in ["text/csv", "application/x-www-form-urlencoded"] {
        let call = world.call(Who::Admin, Method::PATCH, acme).header("content-type", content_type).body("tier\nbasic");
        call.send().await.refused(415, "PGRST107");
    }
}

#[tokio::test]
async fn a_version_that_has_moved_refuses_the_write_and_gives_the_row() {
    let world = World::new().await;
    let path = format!("clients_enhanced?id=eq.{BOLT}");
    let version = world.get(Who::Admin, &format!("{path}&select=updated_at")).send().await.expect(200).json();
    let version = version[0]["updated_at"].as_str().expect("a time").to_owned();
    let patch = async |tier: &str| {
        let call = world.patch(Who::Admin, &path, &json!({"tier": tier}));
        call.header("if-match", &format!("\"{version}\"")).send().await
    };
    patch("premium").await.expect(204);
    let body: Value = patch("standard").await.expect(412).json();
    assert!(body.to_string().contains("premium"), "the row as it is: {body}");
    assert!(body["message"].is_string() && body["hint"].is_string(), "{body}");
    assert_eq!(world.value(&format!("SELECT tier FROM clients_enhanced WHERE id = '{BOLT}'")).await, "premium");
}
