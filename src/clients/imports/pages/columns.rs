use maud::{Markup, Render as _, html};

use super::at;
use crate::clients::imports::columns::{LEFT_OUT, UNSETTLED, known, label, pointer, suggestion};
use crate::clients::imports::types::Import;
use crate::console::Form;
use crate::console::components::field;

/// Asks what the columns are that nobody knows: none is left out unless somebody says so.
pub(super) fn form(import: &Import, form: &Form) -> Markup {
    let unknown =
        || import.headings.iter().zip(&import.columns).enumerate().filter(|(_, (_, column))| *column == UNSETTLED);
    html! {
        form.card.confirm method="post" action={ (at(import.id)) "/check" } {
            div.card-body {
                p { "Some columns of the file aren't known. Say of each which one it is, or that it is left out; then comes the dry run." }
                @for (place, (heading, _)) in unknown() { (choice(form, place, heading, &import.columns)) }
            }
            div.card-footer.form-buttons {
                button.btn.btn-primary type="submit" { "Make the dry run" }
                a.btn href="/clients/import" { "Choose another file" }
            }
        }
    }
}

fn choice(form: &Form, place: usize, heading: &str, columns: &[String]) -> Markup {
    let options = [(UNSETTLED.to_owned(), "Choose…".to_owned()), (LEFT_OUT.to_owned(), "Leave it out".to_owned())];
    let free = known().filter(|known| columns.iter().all(|column| column != known));
    let options = options.into_iter().chain(free.map(|name| (name.to_owned(), format!("{} ({name})", label(name)))));
    let (name, shown) = (pointer(place), format!("Column “{}”", heading.trim()));
    let field = field::select(form, &name, &shown, options).required();
    match suggestion(heading) {
        Some(meant) => field.hint(html! { "Did you mean " strong { (label(meant)) } "?" }).render(),
        None => field.render(),
    }
}
