use axum::body::Body;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use maud::{Markup, Render as _, html};

use super::at;
use crate::clients::fields::{FIELDS, Kind};
use crate::clients::imports::columns::{ID, MANAGER, label};
use crate::clients::imports::types::{Import, State as Stage};
use crate::clients::imports::work::{self, Work};
use crate::clients::imports::{LARGEST, MOST_ROWS, store, upload};
use crate::console::components::Tone;
use crate::console::components::{Column, Icon, Table, badge, card, field, icon, moment};
use crate::console::{ADMINISTRATORS, Console, Done, Form, Nav, Page, Visitor, words};
use crate::problem::Problem;

/// Where a file is chosen.
pub(super) async fn show(State(console): State<Console>, visitor: Visitor) -> Result<Page, Problem> {
    visitor.has_to_be(ADMINISTRATORS)?;
    page(&console, &visitor, &Form::empty()).await
}

/// Takes a file in, and makes its dry run where its columns are known.
pub(super) async fn upload(
    State(console): State<Console>,
    visitor: Visitor,
    request: Request,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(ADMINISTRATORS)?;
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| {
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a file is sent as multipart/form-data")
            .mend("send it from the console's page")
    })?;
    match upload::take(&console, &visitor, &mut form).await {
        Ok(id) => {
            let tx = visitor.snapshot(&console).await?;
            let import = store::find(&tx, id).await?.ok_or_else(work::absent)?;
            drop(tx);
            if import.is_settled() {
                work::begin(&console, &visitor, id, Work::Check).await?;
            }
            Ok(Done::to(at(id)).into_response())
        }
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let form = Form::holding([("file", "")]).refused(&problem);
            Ok(page(&console, &visitor, &form).await?.status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

async fn page(console: &Console, visitor: &Visitor, form: &Form) -> Result<Page, Problem> {
    let tx = visitor.snapshot(console).await?;
    let waiting = store::all(&tx).await?;
    let body = html! {
        (form.summary())
        (choose(form))
        @if !waiting.is_empty() { (others(visitor, &waiting)) }
        (card("Columns that are known", &known()))
    };
    Ok(Page::new(visitor, "Import clients").under(Nav::Clients).crumb("Clients", "/clients").body(body))
}

fn choose(form: &Form) -> Markup {
    let most = words::grouped(&MOST_ROWS.to_string());
    let limits = format!(
        "CSV in UTF-8, with a heading; up to {most} rows and {} MiB. Commas, semicolons or tabs between cells.",
        LARGEST / 1024 / 1024
    );
    html! {
        form.card.confirm method="post" action="/clients/import" enctype="multipart/form-data" {
            div.card-body {
                p {
                    "A dry run comes first: you see what each row would do before anything is written. Rows are matched to \
                     clients by " code { "id" } ", else by " code { "email" } "; the others are added."
                }
                (field::file(form, "file", "File", ".csv,text/csv,text/plain").required().hint(limits))
            }
            div.card-footer.form-buttons {
                button.btn.btn-primary type="submit" { (icon(Icon::Upload)) "Upload for a dry run" }
                a.btn href="/clients" { "Cancel" }
            }
        }
    }
}

fn others(visitor: &Visitor, all: &[Import]) -> Markup {
    let mut table = Table::new(
        "Your files",
        [Column::new("File"), Column::new("Rows").number(), Column::new("State"), Column::new("Uploaded").wide_only()],
    );
    for import in all {
        let (tone, word) = match import.state {
            Stage::Applied => (Tone::Good, "Imported"),
            Stage::Checked => (Tone::Busy, "Not imported"),
            Stage::Read | Stage::Reading => (Tone::Attention, "Not checked"),
        };
        table = table.row([
            html! { a href=(at(import.id)) { (import.called()) } },
            html! { (words::grouped(&import.lines.to_string())) },
            badge(tone, word),
            moment(import.created_at, &visitor.zone),
        ]);
    }
    html! {
        section.card {
            div.card-header { h2.card-title { "Your files of the last day" } }
            (table.render())
        }
    }
}

fn known() -> Markup {
    let row = |name: &str, what: Markup| [html! { code { (name) } }, html! { (label(name)) }, what];
    let mut table = Table::new(
        "Columns",
        [Column::new("Heading"), Column::new("Or").wide_only(), Column::new("What belongs into it")],
    );
    table = table.row(row(ID, html! { "The client's id, as the export has it; empty for a new client." }));
    for field in FIELDS {
        table = table.row(row(
            field.name,
            html! {
                (rule(field.kind))
                @if field.is_required { " " strong { "Never empty." } }
            },
        ));
    }
    table = table.row(row(MANAGER, html! { "Name or e-mail address of whoever manages it; empty for nobody." }));
    html! {
        p {
            "Every file that " strong { "Export" } " makes can be imported again. Columns that the file doesn't have stay as \
             they are; an empty cell empties its column. " code { "created_at" } " and " code { "updated_at" } " are passed over."
        }
        (table.render())
    }
}

fn rule(kind: Kind) -> String {
    match kind {
        Kind::Line(longest) => format!("One line, up to {longest} characters."),
        Kind::Email => "An e-mail address, which no other client has.".to_owned(),
        Kind::Lines => "Text, also of several lines.".to_owned(),
        Kind::OneOf(words) => format!("One of: {}.", words.join(", ")),
        Kind::Day => "A day, as 2027-03-31.".to_owned(),
        Kind::Words => "Words, each on a line of its own within the cell.".to_owned(),
        Kind::Json => "A document of JSON, as {\"city\": \"Leeds\"}.".to_owned(),
        Kind::Amount => "An amount, as 1234.50.".to_owned(),
    }
}
