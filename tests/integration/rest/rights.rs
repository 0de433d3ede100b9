//! Who may write what, over HTTP, held against the list of policies.

use futures_util::future::join_all;
use hyper::Method;
use serde_json::json;
use tenantry::db::policies::rules::{self, Columns, Command, Role};
use tenantry::tables::catalog::{Catalog, read};

use super::world::{Expect as _, Who, World};

fn role(who: Who) -> Option<Role> {
    match who {
        Who::SuperAdmin => Some(Role::SuperAdmin),
        Who::Admin => Some(Role::Admin),
        Who::Manager => Some(Role::Manager),
        Who::Staff => Some(Role::Staff),
        Who::Client => Some(Role::Client),
        Who::Service => Some(Role::Service),
        Who::Anon => None,
    }
}

/// Whether the list lets somebody do this with a column of a table.
fn may(who: Who, table: &rules::Table, command: Command, column: &str) -> bool {
    let Some(role) = role(who) else { return false };
    let is_ruled = table.rules.iter().any(|rule| rule.roles.contains(&role) && rule.commands.contains(&command));
    let narrowed = table.columns.iter().find(|grant| grant.roles.contains(&role) && grant.command == command);
    is_ruled
        && narrowed.is_none_or(|grant| match grant.columns {
            Columns::Except(columns) => !columns.contains(&column),
            Columns::Only(columns) => columns.contains(&column),
        })
}

/// Sends every column of every table as a change, and as a new row, and collects what the list says otherwise.
async fn surprises(world: &World, catalog: &Catalog, who: Who) -> Vec<String> {
    let mut found = Vec::new();
    for table in rules::TABLES {
        let relation = catalog.by_name(table.name).expect("it is exposed");
        let key = &relation.columns[relation.primary_key[0]].name;
        for column in &relation.columns {
            let body = json!({ &column.name: null });
            let change = world.patch(who, &format!("{}?{key}=is.null", table.name), &body).send().await;
            let add = world.post(who, table.name, &body).send().await;
            for (answer, command) in [(change, Command::Update), (add, Command::Insert)] {
                // Of such a row, which is nobody's, the policies have their own say.
                let is_by_policy = answer.text().contains("row-level security policy");
                let is_denied = matches!(answer.status.as_u16(), 401 | 403);
                let may = may(who, table, command, &column.name);
                if is_denied == may && !(may && is_by_policy) {
                    found.push(format!("{who:?} {command:?} {}.{}: {}", table.name, column.name, answer.text()));
                }
            }
        }
    }
    found
}

#[tokio::test]
async fn every_role_sets_the_columns_that_it_may_and_no_other() {
    let world = World::new().await;
    let catalog = read::by_operator(&mut world.server.database.connect().await, &[]).await.unwrap();
    let before = world.value("SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM clients_enhanced t").await;
    let found = join_all(Who::ALL.map(|who| surprises(&world, &catalog, who))).await.concat();
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(world.value("SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM clients_enhanced t").await, before);
}

#[tokio::test]
async fn nobody_reads_or_writes_without_credentials_or_with_only_a_key() {
    let world = World::new().await;
    let catalog = read::by_operator(&mut world.server.database.connect().await, &[]).await.unwrap();
    for relation in catalog.relations() {
        let path = format!("/rest/v1/{}", relation.name);
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::DELETE] {
            let bare = world.server.call(method.clone(), &path).json(&json!({})).send().await;
            assert_eq!(bare.status.as_u16(), 401, "{method} {path}");
        }
        world.get(Who::Anon, &relation.name).send().await.refused(401, "42501");
        let answer = world.post(Who::Anon, &relation.name, &json!({})).send().await;
        assert!(matches!(answer.status.as_u16(), 401 | 405), "{path}: {}", answer.text());
        let answer =
            world.delete(Who::Anon, &format!("{}?{}=is.null", relation.name, relation.columns[0].name)).send().await;
        assert!(matches!(answer.status.as_u16(), 401 | 405), "{path}: {}", answer.text());
    }
}
