use std::collections::BTreeSet;
use std::sync::Arc;

use super::page::{self, Form};
use super::places::{self, APPROVED, DEPLOYMENT, DRAFT, GONE, Given, KIND, READY, SET_UP, WAITING};
use super::typed::typed;
use crate::console::world::{CLIENT, CUSTOMIZATION, TEMPLATE, World};
use crate::support::browser::SESSION;
use crate::support::server::{Answer, Folder};
use crate::support::{Browser, Database, Server};

/// A world in which every button of the console is there, and a super admin who gave their password again.
pub struct Stage {
    prepared: Arc<Prepared>,
    pub world: World,
    pub browser: Browser,
}

/// What each world is a copy of.
struct Prepared {
    database: Database,
    data_dir: Arc<Folder>,
    session: String,
    given: Given,
}

/// A form and the page that it is on.
#[derive(Clone, Debug)]
pub struct Found {
    pub page: String,
    /// Where it is sent to, as the table of routes has it.
    pub route: String,
    form: Form,
}

impl Found {
    /// Whether it is sent to an address, or to one that ends so.
    pub fn is_sent_to(&self, action: &str) -> bool {
        self.form.action.split('?').next().is_some_and(|path| path.ends_with(action))
    }

    /// What it is called where something is wrong with it.
    pub fn name(&self) -> String {
        format!("{} on {}", self.route, self.page)
    }
}

impl Stage {
    pub async fn new() -> Self {
        let prepared = Arc::new(Prepared::new().await);
        let (world, browser) = prepared.copy().await;
        Self { prepared, world, browser }
    }

    pub fn given(&self) -> &Given {
        &self.prepared.given
    }

    /// Begins anew, with nothing done.
    pub async fn renew(&mut self) {
        (self.world, self.browser) = self.prepared.copy().await;
    }

    /// Ends every session there is.
    pub async fn end_sessions(&self) {
        self.world.sql("UPDATE tenantry.sessions SET ended_at = now() WHERE ended_at IS NULL").await;
    }

    /// As if the sessions of the beginning had never ended.
    pub async fn come_back(&self) {
        self.world.sql("UPDATE tenantry.sessions SET ended_at = NULL").await;
        self.browser.set_cookie(SESSION, &self.prepared.session);
    }

    /// Every form of every page, each once: one stands for those of its kind that are in each row of a list.
    pub async fn forms(&self) -> Vec<Found> {
        let mut known = BTreeSet::new();
        let mut is_new = |found: &Found| {
            let names: Vec<String> = found.form.names().into_iter().map(ToOwned::to_owned).collect();
            known.insert((found.route.clone(), names, found.form.action.split('?').nth(1).map(ToOwned::to_owned)))
        };
        self.all_forms().await.into_iter().filter(|found| is_new(found)).collect()
    }

    /// Every form of every page.
    pub async fn all_forms(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for path in places::all(self.given()) {
            let answer = self.browser.get(&path).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
            if answer.status != 200 {
                continue;
            }
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}: going back shows no former page");
            for form in page::forms(answer.text()) {
                assert!(form.field("_page").is_some(), "{path}: {} doesn't say on which page it stands", form.action);
                found.push(Found { page: path.clone(), route: places::route(&form.action), form });
            }
        }
        found
    }

    /// A form as its page has it now; in a world that begins anew, where it isn't there any more.
    pub async fn open(&mut self, found: &Found) -> Form {
        if let Some(form) = self.look(found).await {
            return form;
        }
        self.renew().await;
        self.look(found).await.unwrap_or_else(|| panic!("{} is there at first", found.name()))
    }

    /// A form as its page has it now, if it does.
    pub async fn look(&self, found: &Found) -> Option<Form> {
        let answer = self.browser.get(&found.page).await;
        let forms = if answer.status == 200 { page::forms(answer.text()) } else { Vec::new() };
        let is_it = |form: &Form| form.action == found.form.action && form.names() == found.form.names();
        forms.into_iter().find(is_it)
    }

    /// The same, filled in as somebody would.
    pub async fn filled(&mut self, found: &Found) -> (Form, Vec<(String, String)>) {
        let form = self.open(found).await;
        let pairs = typed(&found.route, &form);
        (form, pairs)
    }

    pub async fn send(&self, action: &str, pairs: &[(String, String)]) -> Answer {
        send(&self.browser, action, pairs).await
    }

    /// A digest of every row but those that note who is signed in: equal where nothing was changed.
    pub async fn state(&self) -> String {
        self.world.text(STATE).await
    }
}

/// Sends a form as its page would.
pub async fn send(browser: &Browser, action: &str, pairs: &[(String, String)]) -> Answer {
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(action, &pairs).await
}

/// Whether a form was taken: with a redirect, or with a page that shows something once.
pub fn is_taken(answer: &Answer) -> bool {
    answer.status == 303 || answer.status == 200
}

const STATE: &str = "
    SELECT string_agg(t.name || ' ' || (xpath('//h/text()', query_to_xml(
             format('SELECT md5(coalesce(string_agg(t::text, '' '' ORDER BY t::text), '''')) AS h FROM %s t', t.name),
             false, false, '')))[1]::text, E'\\n' ORDER BY t.name)
      FROM (SELECT c.oid::regclass::text AS name
              FROM pg_class c
             WHERE c.relnamespace IN ('public'::regnamespace, 'tenantry'::regnamespace, 'auth'::regnamespace)
               AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND c.relname NOT IN ('sessions', 'sign_in_delays')) t";

impl Prepared {
    async fn new() -> Self {
        let world = World::new().await;
        let (owner, manager) = (world.stepped_up("super_admin").await, world.signed_in("manager").await);
        world.signed_in("super_admin").await;
        world.signed_in("staff").await;
        rows(&world).await;
        let given = given(&world, &owner, &manager).await;
        let session = owner.cookie(SESSION).expect("a session");
        let (former, data_dir) = (world.server.database.clone(), world.server.data_dir.clone());
        world.server.end().await;
        let database = former.copy().await;
        Self { database, data_dir, session, given }
    }

    async fn copy(&self) -> (World, Browser) {
        let server = Server::of(self.database.copy().await, self.data_dir.clone()).await;
        let browser = Browser::new(&server);
        browser.set_cookie(SESSION, &self.session);
        (World { server }, browser)
    }
}

/// Rows of each state that has a button of its own.
async fn rows(world: &World) {
    world
        .sql(&format!(
            "INSERT INTO auth.users (id, email) VALUES ('{GONE}', 'gone@agency.example');
             INSERT INTO tenantry.people (user_id, role, disabled_at) VALUES ('{GONE}', 'staff', now());
             INSERT INTO deployment_templates (id, template_name) VALUES ('{KIND}', 'Quick');
             SET ROLE tenantry_owner;
             INSERT INTO client_customizations (id, client_id, template_id, template_version, version, customization_config, status)
             VALUES ('{DRAFT}', '{CLIENT}', '{TEMPLATE}', '2.0.0', 2, '{{\"branding\": {{\"tagline\": \"Next\"}}}}', 'draft'),
                    ('{WAITING}', '{CLIENT}', '{TEMPLATE}', '2.0.0', 3, '{{\"branding\": {{\"tagline\": \"Soon\"}}}}', 'in_review'),
                    ('{APPROVED}', '{CLIENT}', '{TEMPLATE}', '2.0.0', 4, '{{\"branding\": {{\"tagline\": \"Done\"}}}}', 'approved');
             INSERT INTO client_deployments (id, client_id, customization_id, deployment_name, status)
             VALUES ('{DEPLOYMENT}', '{CLIENT}', '{CUSTOMIZATION}', 'live', 'deployed');
             INSERT INTO deployment_configurations (id, client_id, template_id, environment, deployment_name, status)
             VALUES ('{SET_UP}', '{CLIENT}', '{TEMPLATE}', 'staging', 'web', 'draft'),
                    ('{READY}', '{CLIENT}', '{TEMPLATE}', 'development', 'ready', 'validated');
             RESET ROLE"
        ))
        .await;
}

async fn given(world: &World, owner: &Browser, manager: &Browser) -> Given {
    let applied = proposed(owner, "branding.colour", "#333333").await;
    taken(owner, &format!("{applied}/apply"), &[]).await;
    let secret = proposed(owner, "api.key", "s3cret value").await;
    taken(owner, &format!("{secret}/apply"), &[]).await;
    let theirs = proposed(manager, "branding.tagline", "Theirs").await;
    let own = proposed(owner, "branding.tagline", "Mine").await;
    let billing = format!("/clients/{CLIENT}/billing/edit");
    let page = owner.get(&billing).await;
    let form = page::forms(page.text()).into_iter().find(|form| form.action == billing).expect("an account to open");
    let opened = send(owner, &billing, &form.pairs()).await;
    assert_eq!(opened.status, 303, "{}", opened.text());
    taken(owner, "/tokens", &[("kind", "service"), ("name", "nightly"), ("write", "on")]).await;
    let row = async |is: &str| {
        world.text(&format!("SELECT id::text FROM system_configurations WHERE {is} ORDER BY id LIMIT 1")).await
    };
    let number = |path: String| path.rsplit('/').next().unwrap_or_default().to_owned();
    Given {
        theirs: number(theirs),
        own: number(own),
        applied: number(applied),
        secret: row("configuration_key = 'api.key'").await,
        steering: row("is_system AND configuration_key = 'default_template_settings'").await,
    }
}

/// Proposes a value for the client; the path of the change.
async fn proposed(browser: &Browser, key: &str, value: &str) -> String {
    let address = format!("/clients/{CLIENT}/configuration/edit?key={key}&whose=client&in=all");
    let page = browser.get(&address).await;
    let forms = page::forms(page.text());
    let form = forms.iter().find(|form| form.action.contains("/configuration/edit")).expect("a form");
    let mut pairs = form.pairs();
    for (name, held) in &mut pairs {
        match name.split('/').next() {
            Some("value") => value.clone_into(held),
            Some("reason") => "because".clone_into(held),
            _ => {}
        }
    }
    let answer = send(browser, &form.action, &pairs).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").expect("a change").to_owned()
}

async fn taken(browser: &Browser, path: &str, fields: &[(&str, &str)]) {
    let answer = browser.post(path, fields).await;
    assert!(is_taken(&answer), "{path}: {}", answer.text());
}

/// Forms that stand on no page that one may simply look at, and the test that shows what they do.
const ELSEWHERE: &[(&str, &str)] = &[
    ("/changes/{id}/undo", "in what is said after an act: twice.rs"),
    ("/changes/{id}/again", "where somebody else was faster: changes.rs"),
    ("/clients/import", "it sends a file: imports/"),
    ("/clients/import/{id}/check", "of a file that was sent: imports/"),
    ("/clients/import/{id}/apply", "of a file that was sent: imports/"),
    ("/clients/import/{id}/discard", "of a file that was sent: imports/"),
];

#[tokio::test]
async fn every_post_of_the_console_has_a_form_that_these_tests_find() {
    let stage = Stage::new().await;
    let found: BTreeSet<String> = stage.forms().await.into_iter().map(|found| found.route).collect();
    let routes = crate::console::pages::lines().into_iter().filter(|line| line.method == "POST").map(|line| line.path);
    let missing: Vec<&str> =
        routes.filter(|route| !found.contains(*route) && !ELSEWHERE.iter().any(|(known, _)| known == route)).collect();
    assert!(missing.is_empty(), "give stage.rs the rows with which their forms are shown: {missing:#?}");
}
