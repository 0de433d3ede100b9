//! `/openapi.json`: what can be asked here and what comes back, in OpenAPI 3.1.
//!
//! Operations that are written by hand are described where they stand, by `utoipa`. The table API has no handler for each
//! table, so its part is derived from the catalog, as everything else of it is: comments are descriptions, CHECKs are
//! enumerations, bounds and patterns, grants say which columns a writer may send.

mod casts;
mod column;
mod links;
mod operations;
mod parameters;
mod problems;
mod responses;
mod rules;
mod schemas;
pub(super) mod served;
mod sign_in;
mod tables;

use serde_json::{Map, Value, json};

use crate::tables::catalog::Catalog;
use parameters::OfRelation;
use schemas::Schemas;

/// The whole document.
pub fn document(catalog: &Catalog) -> Value {
    let mut document = operations::document();
    let schemas = catalog.relations().iter().flat_map(|relation| Schemas::of(relation).all());
    let parameters = catalog.relations().iter().flat_map(|relation| {
        let schemas = Schemas::of(relation);
        OfRelation::new(relation, &schemas).all()
    });
    let parameters = parameters.chain(parameters::shared()).collect();
    add(&mut document, "/paths", tables::paths(catalog));
    add(&mut document, "/components/schemas", schemas.chain([("Error".to_owned(), responses::error())]).collect());
    add(&mut document, "/components/schemas", sign_in::schemas());
    add(&mut document, "/components/parameters", parameters);
    add(&mut document, "/components/responses", responses::components());
    add(&mut document, "/components/responses", sign_in::responses());
    add(&mut document, "/components/responses", problems::responses());
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        sign_in::add_refusals(paths);
        problems::add_refusals(paths);
        links::add(paths);
    }
    document
}

/// Adds members to an object of the document, which is made where it is missing.
fn add(document: &mut Value, place: &str, members: Map<String, Value>) {
    let steps = place.split('/').skip(1);
    let object = steps.fold(document, |within, step| {
        if within.get(step).is_none() {
            within[step] = json!({});
        }
        &mut within[step]
    });
    if let Value::Object(object) = object {
        object.extend(members);
    }
}
