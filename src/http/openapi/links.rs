//! What an answer gives for the next request: OpenAPI's links.

use serde_json::{Map, Value, json};

use super::schemas::Schemas;
use crate::tables::catalog::{Column, Relation, Roles};

/// From an operation's answer to an operation, by parameters that the answer gives.
struct Link {
    from: &'static [(&'static str, &'static str)],
    to: &'static [&'static str],
    parameters: &'static [(&'static str, &'static str)],
}

/// Where a change comes from.
const CHANGES: &[(&str, &str)] = &[
    ("propose_change", "201"),
    ("propose_change", "202"),
    ("revert_change", "201"),
    ("revert_change", "202"),
    ("import_configuration", "201"),
    ("import_configuration", "202"),
    ("approve_change", "200"),
];

const LINKS: &[Link] = &[
    Link {
        from: CHANGES,
        to: &["get_change", "preview_change", "approve_change", "reject_change", "withdraw_change", "apply_change"],
        parameters: &[("id", "$response.body#/id")],
    },
    Link {
        from: &[("apply_change", "200")],
        to: &["get_change", "revert_change"],
        parameters: &[("id", "$response.body#/id")],
    },
    Link {
        from: &[("apply_change", "200")],
        to: &["diff_revisions"],
        parameters: &[("range", "0..{$response.body#/revision}")],
    },
    Link { from: &[("list_changes", "200")], to: &["list_changes"], parameters: &[("after", "$response.body#/next")] },
    Link {
        from: &[("list_changes", "200")],
        to: &["get_change", "preview_change"],
        parameters: &[("id", "$response.body#/changes/0/id")],
    },
    Link {
        from: &[("read_clients_enhanced", "200"), ("read_clients_enhanced", "206"), ("add_clients_enhanced", "201")],
        to: &["resolve", "explain"],
        parameters: &[("client_id", "$response.body#/0/id")],
    },
    Link {
        from: &[("read_system_configurations", "200"), ("add_system_configurations", "201")],
        to: &["reveal", "configuration_versions"],
        parameters: &[("row_id", "$response.body#/0/id")],
    },
    Link {
        from: &[("read_client_customizations", "200"), ("add_client_customizations", "201")],
        to: &["activate_customization", "upgrade_customization"],
        parameters: &[("id", "$response.body#/0/id")],
    },
    Link {
        from: &[("read_deployment_configurations", "200"), ("add_deployment_configurations", "201")],
        to: &["validate_deployment_configuration", "apply_deployment_configuration"],
        parameters: &[("id", "$response.body#/0/id")],
    },
    Link {
        from: &[("read_template_configurations", "200"), ("add_template_configurations", "201")],
        to: &["publish_draft", "deprecate_version", "archive_version"],
        parameters: &[
            ("template_id", "$response.body#/0/template_id"),
            ("version", "$response.body#/0/template_version"),
        ],
    },
];

/// Adds the links between operations that are described by hand, and from tables to these.
pub(super) fn add(paths: &mut Map<String, Value>) {
    for Link { from, to, parameters } in LINKS {
        let parameters: Map<String, Value> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        for (operation, status) in *from {
            let Some(answer) = answer(paths, operation, status) else { continue };
            for target in *to {
                answer["links"][*target] = json!({ "operationId": target, "parameters": parameters });
            }
        }
    }
    renewal(paths);
}

/// A session is renewed by the operation that began it, with the token that it gave.
fn renewal(paths: &mut Map<String, Value>) {
    if let Some(answer) = answer(paths, "sign_in", "200") {
        answer["links"]["renew"] = json!({
            "operationId": "sign_in",
            "parameters": { "grant_type": "refresh_token" },
            "requestBody": { "refresh_token": "{$response.body#/refresh_token}" },
        });
    }
}

fn answer<'a>(paths: &'a mut Map<String, Value>, operation: &str, status: &str) -> Option<&'a mut Value> {
    let mut operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    operations.find(|described| described["operationId"] == operation)?.get_mut("responses")?.get_mut(status)
}

/// From a row that was added, where it came back, to what can be done with it.
pub(super) fn of_added(relation: &Relation, schemas: &Schemas<'_>) -> Map<String, Value> {
    let [key] = relation.primary_key[..] else { return Map::new() };
    let Column { name: key, select, .. } = &relation.columns[key];
    if *select == Roles::default() {
        return Map::new();
    }
    let parameters = json!({ key.as_str(): format!("eq.{{$response.body#/0/{key}}}") });
    let can = [
        ("read", true),
        ("change", schemas.takes_changes()),
        ("remove", relation.is_writable() && relation.delete != Roles::default()),
    ];
    can.into_iter()
        .filter(|(_, can)| *can)
        .map(|(verb, _)| {
            let link = json!({ "operationId": format!("{verb}_{}", relation.name), "parameters": parameters });
            (verb.to_owned(), link)
        })
        .collect()
}
