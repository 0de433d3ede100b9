use super::Which;
use crate::Result;
use crate::cli::{connect, output};
use crate::configurations::View;
use crate::configurations::documents::Compiled;
use crate::configurations::resolve::{Resolution, resolve};
use crate::problem::Fault;
use crate::settings::{Format, Settings};

pub(super) async fn run(which: &Which, settings: &Settings) -> Result<()> {
    let resolved = connect::act(settings, "config resolve", async |tx| {
        Ok(resolve(tx, &Compiled::default(), &which.asked(tx).await?, View::Staff).await?)
    })
    .await?;
    output::answer(settings.format, &resolved, || pretty(&resolved));
    if settings.format == Format::Text {
        about(&resolved);
    }
    Ok(())
}

fn pretty(resolved: &Resolution) -> String {
    serde_json::to_string_pretty(&resolved.document).unwrap_or_default()
}

/// What is said beside the document, which alone stands on standard output.
fn about(resolved: &Resolution) {
    let template = match (&resolved.template_id, &resolved.template_version) {
        (Some(template), Some(version)) => format!("{template} {version}"),
        _ => "no template".to_owned(),
    };
    output::note(format!(
        "{}, {template}, {}, revision {}",
        resolved.client_name, resolved.environment, resolved.revision
    ));
    for problem in &resolved.problems {
        output::note(line(problem));
    }
}

/// A fault in one line.
pub(in crate::cli) fn line(fault: &Fault) -> String {
    let Fault { pointer, rule, detail, layer, mend, .. } = fault;
    let layer = layer.as_ref().map_or_else(String::new, |layer| format!(", from {layer}"));
    let mend = mend.as_ref().map_or_else(String::new, |mend| format!(". {mend}"));
    format!("  {pointer}: {detail} ({rule}{layer}){mend}")
}
