use crate::db::migrate::Step;

/// Makes a row of `template_configurations` for each template and version that customizations use.
///
/// Comes before the foreign key from `client_customizations`. A column that the site's table lacks reads as NULL. Where
/// customizations of a template name no version at all and there is none, it gets `latest`, as sites call it.
pub fn templates_in_use() -> Step {
    Step::transaction("template versions in use", include_str!("rows/templates_in_use.sql"))
}
