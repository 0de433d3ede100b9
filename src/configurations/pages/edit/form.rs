use maud::{Markup, html};
use serde_json::Value;

use super::Ground;
use super::place::Whose;
use super::slots::{Slot, Slots, is_removal};
use crate::configurations::Environment;
use crate::configurations::kind::Kind;
use crate::configurations::pages::{value, which};
use crate::console::components::field::{self, Field};
use crate::console::components::{Icon, icon, moment};
use crate::console::{Form, Page};

/// The form; where somebody else wrote meanwhile, with both versions.
pub(super) fn page(ground: &Ground<'_>, slots: &Slots, form: &Form, moved: Option<&Vec<&Slot>>) -> Page {
    let body = html! {
        div.edit #edit {
            (scope(ground))
            @if let Some(moved) = moved { (both(ground, slots, moved, form)) }
            form.card method="post" action=(ground.address.href()) {
                div.card-header {
                    h2.card-title { (slots.key) }
                    div.card-actions { (other_way(ground, slots)) }
                }
                div.card-body {
                    @if moved.is_none() { (form.summary()) }
                    @for slot in &slots.all { (fields(ground, slots, slot, form)) }
                    @if slots.is_cut { p.text-secondary { "There are more keys: choose a smaller section for them." } }
                    hr;
                    (field::text(form, "reason", "Reason").required().longest(2_000)
                        .hint("Stands in the history of every value that is changed.").placeholder("The client has a new slogan"))
                }
                div.card-footer.form-buttons {
                    button.btn.btn-primary type="submit" { "Preview the change" }
                    a.btn href=(ground.which.at(&ground.which.path(), &[("key", &slots.key.to_string())])) { "Cancel" }
                }
            }
        }
    };
    ground.page(format!("Edit {}", slots.key)).body(body)
}

/// For whom and in which environment the values stand.
fn scope(ground: &Ground<'_>) -> Markup {
    let template = ground.found.target.template_id.as_deref();
    let path = ground.address.path();
    html! {
        form.card.edit-scope method="get" action=(path) hx-get=(path) hx-target="#edit" hx-select="#edit" hx-swap="outerHTML"
            hx-push-url="true" hx-trigger="change, submit" {
            @for part in ["key", "template", "as"] {
                @if let Some(value) = ground.address.some(part) { input type="hidden" name=(part) value=(value); }
            }
            div.card-body.fields {
                div.field {
                    label.form-label for="whose" { "Whose value" }
                    select.form-select #whose name="whose" {
                        @for whose in Whose::of(ground.visitor, &ground.which.subject, template.is_some()) {
                            option value=(whose.word()) selected[whose == ground.place.whose] {
                                (whose.label(&ground.found.client.name, template.unwrap_or_default()))
                            }
                        }
                    }
                }
                div.field {
                    label.form-label for="in" { "In which environment" }
                    select.form-select #in name="in" {
                        option value="all" selected[ground.place.environment.is_none()] { "All environments" }
                        @for one in Environment::ALL.into_iter().rev() {
                            option value=(one) selected[ground.place.environment == Some(one)] { "Only " (which::environment(one)) }
                        }
                    }
                }
                button.btn.filter-go type="submit" { "Show" }
            }
        }
    }
}

/// From fields to JSON and back.
fn other_way(ground: &Ground<'_>, slots: &Slots) -> Markup {
    html! {
        @if slots.is_json {
            a.btn.btn-sm href=(ground.at(&[("as", "form")])) { (icon(Icon::List)) "As a form" }
        } @else if !slots.all.iter().all(|slot| slot.about.is_secret) {
            a.btn.btn-sm href=(ground.at(&[("as", "json")])) { (icon(Icon::Code)) "As JSON" }
        }
    }
}

fn fields(ground: &Ground<'_>, slots: &Slots, slot: &Slot, form: &Form) -> Markup {
    let (name, label) = (slot.field("value"), label(slots, slot));
    let field = control(slot, form, &name, &label).hint(hint(ground, slots, slot));
    let own = slot.here.as_ref();
    let (unset, remove, secret) = (slot.field("unset"), slot.field("remove"), slot.field("secret"));
    let lock = slot.field("lock");
    html! {
        div.slot.is-set[own.is_some()] {
            (field)
            (field::hidden(&slot.field("was"), &was(slot, form)))
            (field::hidden(&slot.field("base"), form.value(&slot.field("base"))))
            div.slot-ways {
                @if own.is_some() { (field::checkbox(form, &unset, "Take away, so that what lies below shows again")) }
                @if slots.is_single && slot.beneath.is_some() && !own.is_some_and(|(value, _)| is_removal(value)) {
                    (field::checkbox(form, &remove, "Remove: apps find nothing here"))
                }
                @if slots.is_single && own.is_none() && !slot.about.is_secret {
                    (field::checkbox(form, &secret, "It is a secret: sealed, and never shown again"))
                }
                @if slot.lock.is_some() {
                    (field::checkbox(form, &lock, "Lock it: values in higher layers are ignored, and new ones refused"))
                }
            }
        }
    }
}

/// What stood in the field when the form was opened, not what stands in it now.
fn was(slot: &Slot, form: &Form) -> String {
    let kept = form.value(&slot.field("was"));
    if kept.is_empty() { slot.shown() } else { kept.to_owned() }
}

fn control<'a>(slot: &'a Slot, form: &'a Form, name: &'a str, label: &'a str) -> Field<'a> {
    if slot.about.is_secret {
        return field::password(form, name, label).autocomplete("off");
    }
    let none = [(String::new(), "– not set –".to_owned())];
    match &slot.about.kind {
        Kind::Text { longest } => {
            let is_long = slot.shown().chars().count() > 80 || slot.shown().contains('\n');
            let field = if is_long { field::textarea(form, name, label) } else { field::text(form, name, label) };
            match longest.and_then(|longest| usize::try_from(longest).ok()) {
                Some(longest) if slot.shown().chars().count() <= longest => field.longest(longest),
                _ => field,
            }
        }
        Kind::Number { is_whole } => field::number(form, name, label, if *is_whole { "1" } else { "any" }),
        Kind::Flag => {
            let options = [("true".to_owned(), "Yes".to_owned()), ("false".to_owned(), "No".to_owned())];
            field::select(form, name, label, none.into_iter().chain(options))
        }
        Kind::OneOf(values) => {
            let options = values.iter().map(|value| (value.to_string(), told(value)));
            field::select(form, name, label, none.into_iter().chain(options))
        }
        Kind::Json => field::json(form, name, label).rows(6),
    }
}

fn told(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// The key as far as it isn't said by the form's heading, or what the schema calls it.
fn label(slots: &Slots, slot: &Slot) -> String {
    let inner = slot.key.within(&slots.key).filter(|inner| !inner.is_root());
    match (&slot.about.title, inner) {
        (Some(title), Some(inner)) => format!("{inner} ({title})"),
        (Some(title), None) => title.clone(),
        (None, Some(inner)) => inner.to_string(),
        (None, None) => "Value".to_owned(),
    }
}

/// What it is for, its bounds, and what stands there without a value of this scope.
fn hint(ground: &Ground<'_>, slots: &Slots, slot: &Slot) -> Markup {
    let about = &slot.about;
    html! {
        @if let Some(description) = &about.description { span { (description) ". " } }
        @if !about.bounds.is_empty() { span { (about.bounds.join("; ")) ". " } }
        @if about.kind == Kind::Json && !about.is_secret { span { "As JSON: a text stands in double quotes. " } }
        @if about.is_secret { span { "Leave it empty to keep the secret that is there. " } }
        @match &slot.here {
            Some((said, _)) if is_removal(said) => span.slot-here { "Removed here. " },
            Some((_, row)) => {
                @let row = &slots.rows[*row];
                span.slot-here { "Set here " (moment(row.updated_at, &ground.visitor.zone)) @if row.updated_by.is_some() { " by " (ground.names.person(row.updated_by)) } ". " }
            }
            None => {}
        }
        @match &slot.beneath {
            Some((place, below)) => span { (if slot.here.is_some() { "Without it: " } else { "Inherited: " }) (value::value(Some(below))) " (" (value::name(*place)) ")." },
            None => span { "Nothing stands below." },
        }
        @if slot.is_locked { span.slot-locked { (icon(Icon::Lock)) "A lower layer locks it: a value here is refused." } }
    }
}

/// What somebody else wrote while the form was open, beside what was typed.
fn both(ground: &Ground<'_>, slots: &Slots, moved: &[&Slot], form: &Form) -> Markup {
    html! {
        section.card.moved role="alert" {
            div.card-header { h2.card-title { (icon(Icon::AlertTriangle)) "Somebody else was faster" } }
            div.card-body { p { "While this form was open, somebody else wrote what it is about. Nothing of yours is lost: keep yours by sending the form once more, or theirs by leaving it." } }
            table.keys {
                thead { tr { th scope="col" { "Key" } th scope="col" { "Theirs, now" } th scope="col" { "Yours" } } }
                tbody {
                    @for slot in moved {
                        tr {
                            th scope="row" { code { (slot.key) } }
                            td { (theirs(ground, slots, slot)) }
                            td { (yours(slot, form)) }
                        }
                    }
                }
            }
            div.card-footer { a.btn href=(ground.which.at(&ground.which.path(), &[("key", &slots.key.to_string())])) { "Keep theirs" } }
        }
    }
}

fn theirs(ground: &Ground<'_>, slots: &Slots, slot: &Slot) -> Markup {
    html! {
        @match &slot.here {
            None => span.text-secondary { "taken away" },
            Some((said, row)) => {
                @let row = &slots.rows[*row];
                @if is_removal(said) { span.text-secondary { "removed" } }
                @else if slot.about.is_secret { (value::secret()) }
                @else { (value::value(Some(said))) }
                span.key-note { (moment(row.updated_at, &ground.visitor.zone)) @if row.updated_by.is_some() { " by " (ground.names.person(row.updated_by)) } }
            }
        }
    }
}

fn yours(slot: &Slot, form: &Form) -> Markup {
    let is_ticked = |part: &str| !form.value(&slot.field(part)).is_empty();
    html! {
        @if slot.about.is_secret { (value::secret()) }
        @else if is_ticked("unset") { span.text-secondary { "taken away" } }
        @else if is_ticked("remove") { span.text-secondary { "removed" } }
        @else { span.value-text { (form.value(&slot.field("value"))) } }
    }
}
