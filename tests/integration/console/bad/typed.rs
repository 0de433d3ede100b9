//! What somebody types into forms, so that they are taken.

use super::page::{Field, Form, Kind};
use crate::auth::world::PASSWORD;
use crate::console::world::CLIENT;

/// What has to be typed where a word isn't enough: route, field, text.
const TYPED: &[(&str, &str, &str)] = &[
    ("/people/me/password", "current_password", PASSWORD),
    ("/people/me/password", "password", "another good long password"),
    ("/people/{id}/memberships", "client", CLIENT),
    ("/clients/{id}/members", "email", "manager@agency.example"),
    ("/tokens", "kind", "service"),
    ("/tokens", "user", ""),
    ("/templates/new", "template_id", "corner-shop"),
    ("/templates/{template_id}/new", "template_version", "4.0.0"),
    ("/templates/{template_id}/versions/{version}/edit", "template_name", "Another name"),
    ("/configuration/system/{row_id}", "value", r#"{"theme": "calm"}"#),
    ("/customizations/{id}/upgrade", "choice/branding.tagline", "client"),
];

/// The fields of a form as somebody fills it in.
pub fn typed(route: &str, form: &Form) -> Vec<(String, String)> {
    let mut pairs = form.pairs();
    for (name, value) in &mut pairs {
        if let Some(field) = form.field(name) {
            *value = text(route, field);
        }
    }
    pairs
}

fn text(route: &str, field: &Field) -> String {
    if let Some((_, _, text)) = TYPED.iter().find(|(known, name, _)| *known == route && *name == field.name) {
        return (*text).to_owned();
    }
    // A form for values takes what is different from what stands there.
    if route.ends_with("/configuration/edit") && field.name.starts_with("value/") {
        return value(field);
    }
    if !field.value.is_empty() || !(field.is_required || field.name == "reason") {
        return field.value.clone();
    }
    match &field.kind {
        Kind::Line(kind) if kind == "email" => "new@agency.example".to_owned(),
        Kind::Line(_) | Kind::Lines => "A word".to_owned(),
        Kind::OneOf(options) => options.iter().find(|option| !option.is_empty()).cloned().unwrap_or_default(),
        _ => field.value.clone(),
    }
}

fn value(field: &Field) -> String {
    match &field.kind {
        Kind::Line(kind) if kind == "number" => "7".to_owned(),
        Kind::Lines => "\"Said anew\"".to_owned(),
        Kind::Line(_) | Kind::Password => "Said anew".to_owned(),
        _ => field.value.clone(),
    }
}
