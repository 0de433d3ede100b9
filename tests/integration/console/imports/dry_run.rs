use hyper::Method;

use super::world::{World, upload};
use crate::auth::world::id;
use crate::console::world::hidden;
use crate::support::Browser;
use crate::support::server::Call;

#[tokio::test]
async fn a_dry_run_says_what_each_row_would_do_and_writes_nothing() {
    let world = World::new().await;
    let before = world.clients().await;
    let (path, page) = world
        .dry_run(
            "email,name,phone,tier\r\n\
             office@ALDER.example,Alder & Sons,+44 20 1,basic\r\n\
             hello@birch.example,Birch,,standard\r\n\
             new@dune.example,Dune,'=1+1,premium\r\n\
             new@elm.example,,x,gold\r\n",
        )
        .await;
    assert_eq!(world.counts().await, "1 1 1 1");
    assert_eq!(world.faults(5).await, "/name required, /tier choice");
    assert_eq!(world.clients().await, before);
    let text = page.text();
    assert!(text.contains("Import of clients.csv") && text.contains("Import 2 rows"), "{text}");
    assert!(text.contains("1 refused row is"), "{text}");
    for said in ["1 refused", "1 changed", "1 added", "1 as they are", "is none of the choices", "has to have a value"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    let changed = world.admin.get(&format!("{path}?show=change")).await;
    let changed = changed.text();
    assert!(changed.contains("Alder</span></del>") && changed.contains("Alder &amp; Sons</span></ins>"), "{changed}");
    assert!(!changed.contains("+44"), "what stays isn't told: {changed}");
    let added = world.admin.get(&format!("{path}?show=add")).await;
    assert!(
        added.text().contains("Dune") && added.text().contains("=1+1"),
        "the apostrophe of an export is none of it"
    );
    assert!(world.admin.get(&format!("{path}?show=same")).await.text().contains("Birch"));
    let log = "SELECT count(*)::text FROM audit_log WHERE table_name = 'clients_enhanced' AND user_id IS NOT NULL";
    assert_eq!(world.text(log).await, "0", "a dry run is no act");
}

#[tokio::test]
async fn the_export_is_imported_as_it_is_and_changes_nothing() {
    let world = World::new().await;
    world
        .sql(
            "INSERT INTO clients_enhanced (name, email, company_name, business_size, renewal_date) VALUES
                 ('=1+1', 'formula@client.example', '''=quoted', 'small', '2027-03-31'),
                 ('-Two', '+plus@client.example', '\"q\", ; x', NULL, NULL),
                 ('  Spaced ', 'spaced@client.example', '', NULL, NULL)",
        )
        .await;
    let before = world.clients().await;
    let export = world.admin.get("/clients.csv").await;
    let (path, page) = world.dry_run(export.text()).await;
    assert_eq!(world.faults(6).await, "", "{}", export.text());
    assert_eq!(world.counts().await, "0 0 6 0", "{}", page.text());
    assert!(page.text().contains("there is nothing to import"), "{}", page.text());
    let pressed = world.admin.post(&format!("{path}/apply"), &[("check", "1")]).await;
    assert_eq!(pressed.status, 409, "nothing can be imported");
    assert_eq!(world.clients().await, before);
}

#[tokio::test]
async fn rows_are_matched_by_id_and_else_by_address() {
    let world = World::new().await;
    let (_, page) = world
        .dry_run(&format!(
            "id;email;name;manager\n\
             a1000000-0000-4000-8000-000000000001;new@alder.example;Alder;\n\
             a1000000-0000-4000-8000-000000000002;office@alder.example;Birch;\n\
             a1000000-0000-4000-8000-000000000003;hello@cedar.example;Cedar;\n\
             a1000000-0000-4000-8000-00000000ffff;x@x.example;X;\n\
             not-an-id;y@y.example;Y;\n\
             ;shop@client.example;Shop & Co;{}\n\
             ;nobody@client.example;N;Nobody Known\n",
            crate::auth::world::email("manager")
        ))
        .await;
    assert_eq!(world.counts().await, "0 2 0 5", "{}", page.text());
    for (line, faults) in
        [(3, "/email unique"), (4, "/id archived"), (5, "/id unknown"), (6, "/id id"), (8, "/manager unknown")]
    {
        assert_eq!(world.faults(line).await, faults, "line {line}");
    }
    let after = world.text(
        "SELECT string_agg(after::text, ' ' ORDER BY line) FROM tenantry.client_import_rows WHERE outcome = 'change'",
    );
    let expected = format!(
        "{{\"email\": \"new@alder.example\", \"assigned_manager\": null}} {{\"assigned_manager\": \"{}\"}}",
        id("manager")
    );
    assert_eq!(after.await, expected);
}

#[tokio::test]
async fn two_rows_about_one_client_are_refused_and_name_each_other() {
    let world = World::new().await;
    let (path, page) = world
        .dry_run(
            "id,email,name\n\
             ,new@one.example,One\n\
             ,NEW@one.example,One again\n\
             a1000000-0000-4000-8000-000000000001,office@alder.example,Alder\n\
             ,office@alder.example,Alder too\n\
             ,new@two.example,Two\n",
        )
        .await;
    assert_eq!(world.counts().await, "1 0 0 4");
    for said in ["same client as line 3", "same client as line 2", "same client as line 5", "same client as line 4"] {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    let file = world.admin.get(&format!("{path}/refused.csv")).await;
    let file = file.text().trim_start_matches('\u{feff}');
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines[0], r#""id","email","name","refused_line","refused_because""#);
    assert!(
        lines.len() == 5
            && lines[1].starts_with(r#""","new@one.example","One","2","is about the same client as line 3"#),
        "{file}"
    );
    let mended = [lines[0], lines[1]].join("\r\n");
    world.dry_run(&mended).await;
    assert_eq!(world.counts().await, "1 0 0 0", "what is noted in the file of refused rows is passed over");
}

#[tokio::test]
async fn a_column_that_nobody_knows_is_left_out_by_choice_alone() {
    let world = World::new().await;
    let (path, page) = world.dry_run("email,name,Compny Name,Fax\nnew@one.example,One,One Ltd,1\n").await;
    let text = page.text();
    assert!(text.contains("Column “Compny Name”") && text.contains("Did you mean <strong>Company</strong>?"), "{text}");
    assert!(!text.contains("Import 1 row"), "{text}");
    let refused = world.admin.post(&format!("{path}/check"), &[("column-2", "company_name"), ("column-3", "")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("field-column-3-fault-0"), "the error stands at its field: {}", refused.text());
    assert!(
        refused.text().contains("value=\"company_name\" selected"),
        "and what was chosen stays: {}",
        refused.text()
    );
    let twice = world.admin.post(&format!("{path}/check"), &[("column-2", "name"), ("column-3", "-")]).await;
    assert_eq!(twice.status, 422);
    let odd = world.admin.post(&format!("{path}/check"), &[("column-2", "company_name"), ("column-9", "-")]).await;
    assert!(odd.status == 422 && odd.text().contains("column-9"), "{}", odd.text());
    let early = world.admin.post(&format!("{path}/apply"), &[("check", "0")]).await;
    assert_eq!(early.status, 409);
    let settled = world.admin.post(&format!("{path}/check"), &[("column-2", "company_name"), ("column-3", "-")]).await;
    assert_eq!(settled.status, 303);
    world.settled(&path).await;
    let after = world.text("SELECT after::text FROM tenantry.client_import_rows").await;
    assert_eq!(after, r#"{"name": "One", "email": "new@one.example", "company_name": "One Ltd"}"#);
}

#[tokio::test]
async fn script_in_cells_and_names_is_shown_and_not_run() {
    let world = World::new().await;
    let script = "<script>alert(1)</script>";
    let file = format!("email,name,tier,{script}\n{script}@x.example,{script},basic,1\nx,{script},{script},1\n");
    let answer = upload(&world.admin, "<script>alert(1).csv", file.as_bytes()).await;
    let path = answer.header("location").expect("a page").to_owned();
    let columns = world.admin.get(&path).await;
    world.admin.post(&format!("{path}/check"), &[("column-3", "-")]).await;
    let mut pages = vec![columns, world.settled(&path).await, world.admin.get("/clients/import").await];
    pages.push(world.admin.get(&format!("{path}?show=add")).await);
    for page in pages {
        assert!(!page.text().contains("<script>alert") && page.text().contains("&lt;script&gt;"), "{}", page.text());
    }
}

#[tokio::test]
async fn a_file_is_its_authors_alone() {
    let world = World::new().await;
    let (path, _) = world.dry_run("email,name\nnew@one.example,One\n").await;
    let other = world.signed_in("super_admin").await;
    for page in [path.clone(), format!("{path}/refused.csv")] {
        assert_eq!(other.get(&page).await.status, 404, "{page}");
    }
    for act in ["check", "apply", "discard"] {
        let answer = other.post(&format!("{path}/{act}"), &[]).await;
        assert!([303, 404].contains(&answer.status.as_u16()), "{act}: {}", answer.text());
    }
    assert!(!other.get("/clients/import").await.text().contains("clients.csv"));
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.client_imports").await, "1");
    let thrown = world.admin.post(&format!("{path}/discard"), &[]).await;
    assert_eq!((thrown.status.as_u16(), thrown.header("location")), (303, Some("/clients/import")));
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.client_import_lines").await, "0");
    assert_eq!(world.admin.get(&path).await.status, 404);
}

#[tokio::test]
async fn somebody_has_five_files_at_once_and_with_another_the_oldest_goes() {
    let world = World::new().await;
    let mut paths = Vec::new();
    for number in 0..6 {
        paths.push(world.dry_run(&format!("email,name\nn{number}@one.example,One\n")).await.0);
    }
    assert_eq!(world.admin.get(&paths[0]).await.status, 404);
    assert_eq!(world.admin.get(&paths[1]).await.status, 200);
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.client_imports").await, "5");
}

/// A file that a page of some site sends.
fn from_a<'a>(site: &str, browser: &'a Browser) -> Call<'a> {
    let body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nemail,name\na@b.c,A\r\n--x--\r\n";
    let call = browser.call(Method::POST, "/clients/import").header("content-type", "multipart/form-data; boundary=x");
    call.header("sec-fetch-site", site).body(body)
}

#[tokio::test]
async fn only_a_page_of_ours_sends_a_file_and_only_for_administrators() {
    let world = World::new().await;
    assert_eq!(from_a("cross-site", &world.admin).send().await.status, 403);
    assert_eq!(from_a("same-origin", &world.signed_in("manager").await).send().await.status, 403);
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.client_imports").await, "0");
    for (role, sees) in
        [("client", false), ("staff", false), ("manager", false), ("admin", true), ("super_admin", true)]
    {
        let page = world.signed_in(role).await.get("/clients").await;
        assert_eq!(page.text().contains("href=\"/clients/import\""), sees, "{role}");
    }
}

#[tokio::test]
async fn after_a_session_that_ended_the_file_is_chosen_again() {
    let world = World::new().await;
    world.sql("UPDATE tenantry.sessions SET ended_at = now()").await;
    let call =
        world.admin.call(Method::POST, "/clients/import").header("content-type", "multipart/form-data; boundary=x");
    let call = call.header("sec-fetch-site", "same-origin").header("referer", "http://localhost/clients/import");
    let answer = call.body(format!("--x\r\n{}\r\n--x--\r\n", "x".repeat(3 * 1024 * 1024))).send().await;
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("choose the file again"), "{}", answer.text());
    assert_eq!(hidden(answer.text(), "next"), "/clients/import", "signing in leads back to the form");
}
