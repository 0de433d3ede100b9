//! A page that is stale when its form is sent: what it is about was removed, or went on, meanwhile.

use super::page::texts;
use super::places::{APPROVED, DRAFT, GONE, KIND, READY, SET_UP, WAITING};
use super::stage::{Found, Stage};
use crate::auth::world::id;
use crate::console::world::TEMPLATE;

/// What somebody does meanwhile, and the forms that then are about what isn't so any more.
fn meanwhile(stage: &Stage) -> Vec<(String, Vec<String>)> {
    let (theirs, own) = (&stage.given().theirs, &stage.given().own);
    let owned = |sql: String| format!("SET ROLE tenantry_owner; {sql}; RESET ROLE");
    let customization =
        |id: &str, acts: &[&str]| acts.iter().map(|act| format!("/customizations/{id}/{act}")).collect();
    vec![
        (
            format!("UPDATE tenantry.changes SET state = 'rejected' WHERE id = '{theirs}'"),
            ["apply", "reject", "approve"].map(|act| format!("/changes/{theirs}/{act}")).into(),
        ),
        (
            format!("UPDATE tenantry.changes SET state = 'rejected' WHERE id = '{own}'"),
            ["apply", "withdraw"].map(|act| format!("/changes/{own}/{act}")).into(),
        ),
        (
            owned(format!(
                "UPDATE template_configurations SET status = 'active' WHERE template_id = '{TEMPLATE}' AND template_version = '3.0.0'"
            )),
            ["edit", "advance"].map(|form| format!("/templates/{TEMPLATE}/versions/3.0.0/{form}")).into(),
        ),
        (
            owned(format!(
                "UPDATE client_customizations SET status = 'in_review', updated_at = clock_timestamp() WHERE id = '{DRAFT}'"
            )),
            customization(DRAFT, &["edit", "submit"]),
        ),
        (
            owned(format!(
                "UPDATE client_customizations SET status = 'draft', updated_at = clock_timestamp() WHERE id = '{WAITING}'"
            )),
            customization(WAITING, &["approve", "return"]),
        ),
        (
            owned(format!(
                "UPDATE client_customizations SET status = 'draft', updated_at = clock_timestamp() WHERE id = '{APPROVED}'"
            )),
            customization(APPROVED, &["deploy", "activate"]),
        ),
        (
            owned(format!("DELETE FROM deployment_configurations WHERE id = '{SET_UP}'")),
            ["edit", "validate", "remove"].map(|act| format!("/deployment-configurations/{SET_UP}/{act}")).into(),
        ),
        (
            owned(format!("DELETE FROM deployment_configurations WHERE id = '{READY}'")),
            vec![format!("/deployment-configurations/{READY}/apply")],
        ),
        (
            format!("DELETE FROM deployment_templates WHERE id = '{KIND}'"),
            ["edit", "remove"].map(|act| format!("/deployment-templates/{KIND}/{act}")).into(),
        ),
        (
            format!("DELETE FROM client_members WHERE user_id = '{}'", id("staff")),
            vec![format!("/people/{}/memberships/end", id("staff"))],
        ),
        (
            format!("UPDATE tenantry.people SET role = 'manager' WHERE user_id = '{}'", id("staff")),
            vec![format!("/people/{}/role", id("staff"))],
        ),
        (
            format!("DELETE FROM tenantry.people WHERE user_id = '{GONE}'; DELETE FROM auth.users WHERE id = '{GONE}'"),
            vec![format!("/people/{GONE}/enable")],
        ),
    ]
}

#[tokio::test]
async fn a_stale_form_does_nothing_says_why_and_keeps_what_was_typed() {
    let mut stage = Stage::new().await;
    let all = stage.all_forms().await;
    let mut wrong = Vec::new();
    for (sql, actions) in meanwhile(&stage) {
        for action in actions {
            let found =
                all.iter().find(|found| found.is_sent_to(&action)).unwrap_or_else(|| panic!("no form {action}"));
            stage.renew().await;
            if let Err(said) = one(&mut stage, found, &sql).await {
                wrong.push(format!("{}: {said}", found.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn one(stage: &mut Stage, found: &Found, sql: &str) -> Result<(), String> {
    let (form, mut pairs) = stage.filled(found).await;
    for (name, value) in &mut pairs {
        if form.field(name).is_some_and(super::page::Field::is_typed) && value.is_empty() && name == "reason" {
            "as we agreed".clone_into(value);
        }
        if name == "role" {
            "admin".clone_into(value);
        }
    }
    stage.world.sql(sql).await;
    let before = stage.state().await;
    let answer = stage.send(&form.action, &pairs).await;
    let shown = texts(answer.text());
    if ![404, 409, 412, 422].contains(&answer.status.as_u16()) || !answer.text().contains("<h1") {
        return Err(format!("{}: {shown}", answer.status));
    }
    if stage.state().await != before {
        return Err("something of it is done".to_owned());
    }
    let is_seen = |name: &str| {
        form.field(name).is_some_and(|field| field.is_typed() && !field.value.is_empty()) || name == "reason"
    };
    let lost: Vec<&String> = pairs
        .iter()
        .filter(|(name, value)| is_seen(name) && !shown.contains(value.as_str()))
        .map(|(name, _)| name)
        .collect();
    if lost.is_empty() { Ok(()) } else { Err(format!("{}: {lost:?} is lost", answer.status)) }
}
