use std::ops::Deref;

use hyper::Method;
use percent_encoding::percent_decode_str;

use crate::auth::world::id;
use crate::console::world::{World as Console, hidden};
use crate::support::Browser;
use crate::support::server::Answer;

/// An agency with three clients, and an administrator who imports.
pub struct World {
    console: Console,
    pub admin: Browser,
}

impl Deref for World {
    type Target = Console;

    fn deref(&self) -> &Console {
        &self.console
    }
}

impl World {
    pub async fn new() -> Self {
        let console = Console::new().await;
        console
            .sql(&format!(
                "INSERT INTO clients_enhanced (id, name, email, phone, industry, tier, assigned_manager, updated_at) VALUES
                     ('a1000000-0000-4000-8000-000000000001', 'Alder', 'Office@alder.example', '+44 20 1', 'food', 'basic', '{}', '2026-01-01'),
                     ('a1000000-0000-4000-8000-000000000002', 'Birch', 'hello@birch.example', NULL, NULL, 'standard', NULL, '2026-01-01');
                 INSERT INTO clients_enhanced (id, name, email, archived_at)
                     VALUES ('a1000000-0000-4000-8000-000000000003', 'Cedar', 'hello@cedar.example', now())",
                id("manager")
            ))
            .await;
        let admin = console.signed_in("admin").await;
        Self { console, admin }
    }

    /// Sends a file by the form.
    pub async fn upload(&self, browser: &Browser, file: &[u8]) -> Answer {
        upload(browser, "clients.csv", file).await
    }

    /// Sends a file, and looks at the page that it leads to.
    pub async fn dry_run(&self, file: &str) -> (String, Answer) {
        let answer = self.upload(&self.admin, file.as_bytes()).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let path = answer.header("location").expect("a page").to_owned();
        let page = self.settled(&path).await;
        (path, page)
    }

    /// A page once nobody is at its file any more: who is holds a lock, for which this waits.
    pub async fn settled(&self, path: &str) -> Answer {
        let id = path.rsplit('/').next().expect("an id");
        let lock = format!("hashtextextended('tenantry client import {id}', 0)");
        self.sql(&format!("SELECT pg_advisory_xact_lock_shared({lock})")).await;
        let page = self.admin.get(path).await;
        assert_eq!(page.status, 200, "{}", page.text());
        page
    }

    /// Presses the button of a dry run's page.
    pub async fn apply(&self, path: &str, page: &Answer) -> Answer {
        self.admin.post(&format!("{path}/apply"), &[("check", &hidden(page.text(), "check"))]).await
    }

    /// How many rows the last dry run would add, change, leave and refuse.
    pub async fn counts(&self) -> String {
        self.text(
            "SELECT concat_ws(' ', added, changed, unchanged, refused) FROM tenantry.client_imports ORDER BY created_at DESC LIMIT 1",
        )
        .await
    }

    /// What is wrong with a line, by the last dry run: places and rules.
    pub async fn faults(&self, line: i32) -> String {
        self.text(&format!(
            "SELECT string_agg(concat_ws(' ', nullif(f ->> 'pointer', ''), f ->> 'rule'), ', ')
               FROM tenantry.client_import_rows r, jsonb_array_elements(r.faults) f
              WHERE line = {line} AND import_id = (SELECT id FROM tenantry.client_imports ORDER BY created_at DESC LIMIT 1)"
        ))
        .await
    }

    /// What all clients are, one to a line.
    pub async fn clients(&self) -> String {
        self.text(
            "SELECT string_agg(concat_ws('|', name, email, phone, industry, status, tier, business_goals::text), E'\\n' ORDER BY email)
               FROM clients_enhanced WHERE archived_at IS NULL",
        )
        .await
    }
}

/// Sends a file of a name as a browser does.
pub async fn upload(browser: &Browser, name: &str, file: &[u8]) -> Answer {
    let head = format!(
        "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    let body = [head.as_bytes(), file, b"\r\n--XyZ--\r\n"].concat();
    let call =
        browser.call(Method::POST, "/clients/import").header("content-type", "multipart/form-data; boundary=XyZ");
    browser.send(call.header("sec-fetch-site", "same-origin").body(body)).await
}

/// The sentence that the next page says.
pub fn toast(browser: &Browser) -> String {
    let cookie = browser.cookie("__Host-toast").unwrap_or_default();
    percent_decode_str(&cookie).decode_utf8_lossy().into_owned()
}
