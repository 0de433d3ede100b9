//! Two people who edit one row: the second sees both versions and chooses, and nothing of either is lost.

use super::page::{Form, forms, texts};
use super::places::{DEPLOYMENT, DRAFT, KIND, SET_UP};
use super::stage::{Stage, send};
use crate::auth::world::id;
use crate::console::world::{CLIENT, TEMPLATE};
use crate::support::server::Answer;

/// A row that is edited: its form, a field that both write and what each writes, and one that only the first writes.
struct Row {
    page: String,
    field: &'static str,
    first: &'static str,
    second: &'static str,
    other: Option<(&'static str, &'static str)>,
    /// What stands in the field in the end.
    kept: String,
}

fn rows(stage: &Stage) -> Vec<Row> {
    let of = |table: &str, column: &str, id: &str| format!("SELECT {column}::text FROM {table} WHERE id = '{id}'");
    let row = |page: String, field, (first, second), other, kept| Row { page, field, first, second, other, kept };
    vec![
        row(
            format!("/clients/{CLIENT}/edit"),
            "phone",
            ("111", "222"),
            Some(("industry", "bakery")),
            of("clients_enhanced", "phone || ' ' || industry", CLIENT),
        ),
        row(
            format!("/clients/{CLIENT}/billing/edit"),
            "billing_email",
            ("one@client.example", "two@client.example"),
            Some(("payment_provider", "acme")),
            format!(
                "SELECT billing_email || ' ' || payment_provider FROM client_billing_info WHERE client_id = '{CLIENT}'"
            ),
        ),
        row(
            format!("/customizations/{DRAFT}/edit"),
            "value/branding/tagline",
            ("One", "Two"),
            Some(("value/branding/colour", "#abcdef")),
            of(
                "client_customizations",
                "(customization_config #>> '{branding,tagline}') || ' ' || (customization_config #>> '{branding,colour}')",
                DRAFT,
            ),
        ),
        row(
            format!("/deployment-configurations/{SET_UP}/edit"),
            "region",
            ("eu-1", "eu-2"),
            Some(("instance_type", "small")),
            of("deployment_configurations", "region || ' ' || instance_type", SET_UP),
        ),
        row(
            format!("/deployment-templates/{KIND}/edit"),
            "description",
            ("One", "Two"),
            Some(("category", "shops")),
            of("deployment_templates", "description || ' ' || category", KIND),
        ),
        row(
            "/people/me".to_owned(),
            "name",
            ("Ines", "Iris"),
            Some(("time_zone", "Europe/Oslo")),
            format!(
                "SELECT (data ->> 'name') || ' ' || (data ->> 'time_zone') FROM tenantry.user_metadata WHERE user_id = '{}'",
                id("super_admin")
            ),
        ),
        row(
            format!("/people/{}/role", id("staff")),
            "role",
            ("manager", "admin"),
            None,
            format!("SELECT role FROM tenantry.people WHERE user_id = '{}'", id("staff")),
        ),
        row(
            format!("/deployments/{DEPLOYMENT}"),
            "health",
            ("warning", "critical"),
            None,
            of("client_deployments", "health_status", DEPLOYMENT),
        ),
        row(
            format!("/templates/{TEMPLATE}/versions/3.0.0/edit"),
            "template_name",
            ("One", "Two"),
            None,
            format!(
                "SELECT template_name FROM template_configurations WHERE template_id = '{TEMPLATE}' AND template_version = '3.0.0'"
            ),
        ),
        row(
            format!("/configuration/system/{}", stage.given().steering),
            "value",
            (r#"{"theme": "dark"}"#, r#"{"theme": "light"}"#),
            None,
            String::new(),
        ),
    ]
}

/// The form of a page that has a field, with other texts in some of its fields.
fn with(page: &str, field: &str, texts: &[(&str, &str)]) -> (Form, Vec<(String, String)>) {
    let form = forms(page).into_iter().find(|form| form.field(field).is_some());
    let form = form.unwrap_or_else(|| panic!("no field {field} in {page}"));
    let mut pairs = form.pairs();
    for (name, value) in &mut pairs {
        if let Some((_, text)) = texts.iter().find(|(known, _)| known == name) {
            (*text).clone_into(value);
        } else if name == "reason" && value.is_empty() {
            "as we agreed".clone_into(value);
        }
    }
    (form, pairs)
}

/// Applies the change that a form led to, where it led to one.
async fn applied(stage: &Stage, answer: &Answer) {
    let to = answer.header("location").unwrap_or_default();
    if to.starts_with("/changes/") {
        let applied = stage.browser.post(&format!("{to}/apply"), &[]).await;
        assert_eq!(applied.status, 303, "{}", applied.text());
    }
}

#[tokio::test]
async fn the_second_sees_both_versions_and_chooses() {
    let mut stage = Stage::new().await;
    let mut wrong = Vec::new();
    for row in rows(&stage) {
        stage.renew().await;
        if let Err(said) = meet(&stage, &row).await {
            wrong.push(format!("{}, {}: {said}", row.page, row.field));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn meet(stage: &Stage, row: &Row) -> Result<(), String> {
    let page = stage.browser.get(&row.page).await;
    let said: Vec<(&str, &str)> = [(row.field, row.first)].into_iter().chain(row.other).collect();
    let ((form, first), (_, second)) =
        (with(page.text(), row.field, &said), with(page.text(), row.field, &[(row.field, row.second)]));
    let answer = stage.send(&form.action, &first).await;
    if answer.status != 303 {
        return Err(format!("the first gets {}: {}", answer.status, texts(answer.text())));
    }
    applied(stage, &answer).await;
    let met = stage.send(&form.action, &second).await;
    if ![409, 412].contains(&met.status.as_u16()) {
        return Err(format!("the second gets {}: {}", met.status, texts(met.text())));
    }
    let shown = texts(met.text());
    let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let is_shown = |text: &str| plain(&shown).contains(&plain(text));
    if !is_shown(row.first) || !is_shown(row.second) {
        return Err("not both versions are shown".to_owned());
    }
    let (again, chosen) = with(met.text(), row.field, &[]);
    if again.field(row.field).is_none_or(|field| field.value.trim() != row.second) {
        return Err("what the second typed doesn't stand in its field".to_owned());
    }
    let answer = send(&stage.browser, &again.action, &chosen).await;
    if answer.status != 303 {
        return Err(format!("what is chosen gets {}: {}", answer.status, texts(answer.text())));
    }
    if row.kept.is_empty() {
        return Ok(());
    }
    let kept = stage.world.text(&row.kept).await;
    let expected = row.other.map_or_else(|| row.second.to_owned(), |(_, text)| format!("{} {text}", row.second));
    if kept == expected { Ok(()) } else { Err(format!("{kept:?} is kept, not {expected:?}")) }
}

#[tokio::test]
async fn two_who_write_one_value_of_a_document_meet_at_its_form() {
    let stage = Stage::new().await;
    let address = format!("/clients/{CLIENT}/configuration/edit?key=branding.tagline");
    let field = "value/branding/tagline";
    let page = stage.browser.get(&address).await;
    let ((form, first), (_, second)) =
        (with(page.text(), field, &[(field, "One")]), with(page.text(), field, &[(field, "Two")]));
    applied(&stage, &stage.send(&form.action, &first).await).await;
    let met = stage.send(&form.action, &second).await;
    assert!(
        met.status == 412 && texts(met.text()).contains("One") && texts(met.text()).contains("Two"),
        "{}",
        met.text()
    );
    let (again, chosen) = with(met.text(), field, &[]);
    assert_eq!(again.field(field).map(|field| field.value.as_str()), Some("Two"));
    let kept = stage.send(&again.action, &chosen).await;
    applied(&stage, &kept).await;
    let now = "SELECT configuration_value #>> '{}' FROM system_configurations WHERE configuration_key = 'branding.tagline' AND is_active";
    assert_eq!(stage.world.text(now).await, "Two");
}
