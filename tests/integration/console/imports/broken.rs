use hyper::Method;

use super::world::World;

/// What can't be read, and what the page says of it.
const BROKEN: &[(&[u8], &str, &str)] = &[
    (b"", "The file is empty", "Export the list"),
    (b"\xef\xbb\xbf\r\n\r\n", "The file is empty", "Export the list"),
    (b"email,name\n", "The file has a heading and no rows", "Export the list"),
    (b"email,name\n,\n , \n", "The file has a heading and no rows", "Export the list"),
    (b"email,name\na@b.c,\"A\n", "Line 2, cell 2: a quote is opened and never closed", "Close it"),
    (b"email,name\na@b.c,A\"B\n", "Line 2, cell 2: a quote stands within a cell", "Put the whole cell in quotes"),
    (
        b"email,name\na@b.c,\"A\"B\n",
        "Line 2, cell 2: text stands behind the quote",
        "Write a quote within a cell twice",
    ),
    (b"email,name\na@b.c,A\0B\n", "Line 2, cell 2: the character U+0000", "Save the file as"),
    (b"email,name\na@b.c,Z\xfcrich\n", "Line 2, cell 2: this isn&#39;t UTF-8", "Save it as"),
    (b"\xff\xfee\0m\0", "The file is in UTF-16", "Save it as"),
    (b"PK\x03\x04zip", "The file is a workbook", "Open it in the spreadsheet"),
    (b"email,name,Email\na@b.c,A,B\n", "Line 1, cell 3: the column", "Take one of them away"),
    (b"email,,name\na@b.c,x,A\n", "Line 1, cell 2: the column has no heading", "Give it one"),
    (b"name,phone\nA,1\n", "The file has neither a column email nor a column id", "Add one of them"),
];

#[tokio::test]
async fn what_cannot_be_read_is_told_with_its_place_and_nothing_is_kept() {
    let world = World::new().await;
    let before = world.clients().await;
    for (file, said, mend) in BROKEN {
        let answer = world.upload(&world.admin, file).await;
        let name = String::from_utf8_lossy(file);
        assert_eq!(answer.status, 422, "{name}: {}", answer.text());
        let page = answer.text().replace('\'', "&#39;");
        assert!(page.contains(said) && page.contains(mend), "{name} ({said}): {page}");
        assert!(page.contains("id=\"field-file-fault-0\"") && page.contains("<h1"), "{name}: at its field");
    }
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.client_imports").await, "0");
    assert_eq!(world.clients().await, before);
}

#[tokio::test]
async fn a_row_of_two_megabytes_is_refused_also_deep_within_a_file() {
    let world = World::new().await;
    let rows = |count: usize| (0..count).map(|row| format!("r{row}@client.example,Row {row}\n")).collect::<String>();
    let file = format!("email,name\n{}long@client.example,{}\n{}", rows(9_000), "x".repeat(2 * 1024 * 1024), rows(10));
    let answer = world.upload(&world.admin, file.as_bytes()).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Line 9002: the row has more than 1048576 bytes"), "{}", answer.text());
    let left =
        "SELECT (SELECT count(*) FROM tenantry.client_imports) + (SELECT count(*) FROM tenantry.client_import_lines)";
    assert_eq!(world.text(&format!("SELECT ({left})::text")).await, "0", "not even what was read before");
}

#[tokio::test]
async fn rows_with_other_cells_than_the_heading_are_refused_and_the_others_are_not() {
    let world = World::new().await;
    let (_, page) = world
        .dry_run("email,name,phone\nfew@x.example,Few\nmany@x.example,Many,1,2\n,,\nright@x.example,Right,1\n")
        .await;
    assert_eq!(world.counts().await, "1 0 0 2");
    assert_eq!((world.faults(2).await, world.faults(3).await), ("cells".to_owned(), "cells".to_owned()));
    assert!(
        page.text().contains("Has 2 of 3 cells") && page.text().contains("Has 4 cells, and the heading 3"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn more_rows_than_are_taken_are_refused() {
    let world = World::new().await;
    let file: String = std::iter::once("email,name\n".to_owned())
        .chain((0..=100_000).map(|row| format!("{row}@x.example,X\n")))
        .collect();
    let answer = world.upload(&world.admin, file.as_bytes()).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.text().contains("more than 100,000 rows") && answer.text().contains("Split it"),
        "{}",
        answer.text()
    );
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.client_imports").await, "0");
}

#[tokio::test]
async fn more_bytes_than_are_taken_are_refused_and_other_forms_keep_their_limit() {
    let world = World::new().await;
    let row = format!("x@x.example,{}\n", "x".repeat(500_000));
    let file = format!("email,name\n{}", row.repeat(140));
    assert!(file.len() > 64 * 1024 * 1024);
    let answer = world.upload(&world.admin, file.as_bytes()).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(answer.text().contains("more than 64 MiB"), "{}", answer.text());
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.client_imports").await, "0");
    let elsewhere =
        world.admin.call(Method::POST, "/clients/new").header("content-type", "multipart/form-data; boundary=x");
    let elsewhere = elsewhere.header("sec-fetch-site", "same-origin").header("accept", "text/html");
    assert_eq!(elsewhere.body(vec![b'x'; 17 * 1024 * 1024]).send().await.status, 413);
}

#[tokio::test]
async fn what_is_no_file_of_the_form_is_refused() {
    let world = World::new().await;
    let post = |body: &'static str| {
        let call =
            world.admin.call(Method::POST, "/clients/import").header("content-type", "multipart/form-data; boundary=x");
        call.header("sec-fetch-site", "same-origin").body(body)
    };
    for (body, status, said) in [
        ("--x--\r\n", 422, "Choose a file"),
        (
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--x--\r\n",
            422,
            "Choose a file",
        ),
        ("--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n1\r\n--x--\r\n", 422, "no such field"),
        (
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nemail,na",
            400,
            "Choose the file again",
        ),
        ("nothing", 400, "Choose the file again"),
    ] {
        let answer = post(body).send().await;
        assert!(answer.status == status && answer.text().contains(said), "{body}: {} {}", answer.status, answer.text());
    }
    let plain = world.admin.post("/clients/import", &[("file", "email,name")]).await;
    assert_eq!(plain.status, 415);
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.client_imports").await, "0");
}
