use maud::Markup;

use super::components::tabs;
use super::screen::segment;

/// The ways to the pages about one template, for every slice that has one; `here` is the label of the one that is shown.
pub fn template_tabs(template_id: &str, here: &str) -> Markup {
    let path = format!("/templates/{}", segment(template_id));
    let all = [("Versions", path.clone()), ("Configuration", format!("{path}/configuration"))];
    let here = all.iter().find(|(label, _)| *label == here).map(|(_, path)| path.clone()).unwrap_or_default();
    tabs("Template", &here, &all)
}
