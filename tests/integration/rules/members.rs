//! Memberships fit the people, and follow the assigned manager.

use super::agency::{ACME, Agency, OTHER, Who};

const SECOND: &str = "a0000000-0000-4000-8000-000000000006";

async fn with_second_manager() -> Agency {
    let agency = Agency::new().await;
    agency
        .ok(Who::Operator, &format!("INSERT INTO tenantry.people (user_id, role) VALUES ('{SECOND}', 'manager')"))
        .await;
    agency
}

#[tokio::test]
async fn client_is_for_clients_logins_and_nothing_else_is() {
    let agency = Agency::new().await;
    let insert = |user: &str, role: &str| {
        format!("INSERT INTO client_members (client_id, user_id, member_role) VALUES ('{OTHER}', '{user}', '{role}')")
    };
    for (who, role) in [
        (Who::Client, "staff"),
        (Who::Client, "manager"),
        (Who::Staff, "client"),
        (Who::Manager, "client"),
        (Who::Admin, "client"),
    ] {
        for writer in [Who::Admin, Who::SuperAdmin, Who::Operator, Who::Owner] {
            agency.refused(writer, &insert(who.id(), role)).await.by("TN422", "client_members_member_role_fits");
        }
    }
    agency.ok(Who::Admin, &insert(Who::Client.id(), "client")).await;
    agency.ok(Who::Admin, &insert(Who::Staff.id(), "manager")).await;
    let change = format!("UPDATE client_members SET member_role = 'client' WHERE user_id = '{}'", Who::Staff.id());
    agency.refused(Who::Admin, &change).await.by("TN422", "client_members_member_role_fits");
}

#[tokio::test]
async fn a_person_with_memberships_does_not_change_sides() {
    let agency = Agency::new().await;
    let change =
        |who: Who, role: &str| format!("UPDATE tenantry.people SET role = '{role}' WHERE user_id = '{}'", who.id());
    agency.refused(Who::Operator, &change(Who::Staff, "client")).await.by("TN422", "people_role_fits");
    agency.refused(Who::Operator, &change(Who::Client, "staff")).await.by("TN422", "people_role_fits");
    agency.ok(Who::Operator, &change(Who::Staff, "manager")).await;
    agency.ok(Who::Operator, &change(Who::SuperAdmin, "client")).await;
}

#[tokio::test]
async fn a_role_and_a_membership_that_change_at_once_still_fit() {
    let agency = Agency::new().await;
    let (role, member) = (agency.again().await, agency.again().await);
    let person = Who::Admin.id();
    role.batch_execute(&format!("BEGIN; UPDATE tenantry.people SET role = 'client' WHERE user_id = '{person}'"))
        .await
        .expect("a change");
    let insert =
        format!("INSERT INTO client_members (client_id, user_id, member_role) VALUES ('{OTHER}', '{person}', 'staff')");
    let waiting = tokio::spawn(async move { super::agency::run_on(&member, Who::Operator, &insert).await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    role.batch_execute("COMMIT").await.expect("a change");
    waiting.await.expect("the task").expect_err("the role has changed").by("TN422", "client_members_member_role_fits");
}

#[tokio::test]
async fn an_assignment_moves_the_membership_that_it_made() {
    let agency = with_second_manager().await;
    let members = format!(
        "SELECT string_agg(user_id || ' ' || member_role, ', ' ORDER BY user_id) FROM client_members WHERE client_id = '{ACME}' AND member_role = 'manager'"
    );
    assert_eq!(agency.value(&members).await, format!("{} manager", Who::Manager.id()));
    let assign = |who: &str| format!("UPDATE clients_enhanced SET assigned_manager = {who} WHERE id = '{ACME}'");
    agency.ok(Who::Admin, &assign(&format!("'{SECOND}'"))).await;
    assert_eq!(agency.value(&members).await, format!("{SECOND} manager"));
    agency.ok(Who::Admin, &assign("NULL")).await;
    assert_eq!(
        agency
            .value(&format!(
                "SELECT count(*) FROM client_members WHERE client_id = '{ACME}' AND member_role = 'manager'"
            ))
            .await,
        "0"
    );
}

#[tokio::test]
async fn what_a_person_made_stays() {
    let agency = with_second_manager().await;
    let made =
        "SELECT string_agg(user_id::text, ', ' ORDER BY user_id) FROM client_members WHERE member_role = 'manager'";
    // Edited by somebody, so it is theirs now, although the assignment made it.
    agency
        .ok(
            Who::Admin,
            &format!("UPDATE client_members SET member_role = 'manager' WHERE user_id = '{}'", Who::Manager.id()),
        )
        .await;
    agency
        .ok(Who::Admin, &format!("INSERT INTO client_members (client_id, user_id, member_role, made_by_assignment) VALUES ('{OTHER}', '{SECOND}', 'manager', true)"))
        .await;
    agency.ok(Who::Admin, &format!("UPDATE clients_enhanced SET assigned_manager = '{SECOND}'")).await;
    agency.ok(Who::Admin, "UPDATE clients_enhanced SET assigned_manager = NULL").await;
    assert_eq!(agency.value(made).await, format!("{}, {SECOND}", Who::Manager.id()));
}

#[tokio::test]
async fn a_clients_login_is_not_assigned_as_manager() {
    let agency = Agency::new().await;
    let sql = format!("UPDATE clients_enhanced SET assigned_manager = '{}' WHERE id = '{OTHER}'", Who::Client.id());
    agency.refused(Who::Admin, &sql).await.by("TN422", "client_members_member_role_fits");
}
