/// Tables whose rows may hold secrets.
pub(in crate::secrets) const TABLES: &[&str] = &[
    "system_configurations",
    "template_configurations",
    "client_customizations",
    "deployment_configurations",
    "client_deployments",
    "client_billing_info",
];

/// Columns of each table with documents in which schemas or `is_encrypted` mark secrets.
const DOCUMENTS: &[(&str, &str)] = &[
    ("system_configurations", "configuration_value"),
    ("template_configurations", "default_configuration"),
    ("client_customizations", "customization_config"),
    ("deployment_configurations", "application_config"),
    ("deployment_configurations", "feature_flags"),
];

/// Tables with variables, which are secret by list, name or form.
const VARIABLES: &[&str] = &["deployment_configurations", "client_deployments"];

/// Columns of text that are secrets.
const TEXTS: &[(&str, &[&str])] = &[("client_billing_info", &["payment_method_id", "tax_id", "vat_number"])];

/// Which rows `t` are other versions of one with the content `$1`, so that it may begin with the masks that stand there.
const VERSIONS: &[(&str, &str)] = &[
    ("template_configurations", "t.template_id = $1::jsonb ->> 'template_id'"),
    (
        "client_customizations",
        "t.client_id = ($1::jsonb ->> 'client_id')::uuid AND t.template_id = $1::jsonb ->> 'template_id'",
    ),
];

/// The column of variables.
pub(super) const ENVIRONMENT: &str = "environment_variables";

/// The columns of a table in which secrets may stand: what is written there in the clear, nobody but [`super::conceal()`]
/// gets to see.
pub fn may_be_secret(table: &str, column: &str) -> bool {
    documents(table).any(|known| known == column)
        || has_variables(table) && column == ENVIRONMENT
        || texts(table).contains(&column)
}

pub(super) fn documents(table: &str) -> impl Iterator<Item = &'static str> {
    DOCUMENTS.iter().filter(move |(known, _)| *known == table).map(|(_, column)| *column)
}

/// Whether rows of a table say themselves what is secret in their document.
pub(in crate::secrets) fn has_own_schema(table: &str) -> bool {
    ["system_configurations", "template_configurations"].contains(&table)
}

/// Whose schemas say what is secret in a row's document.
pub(in crate::secrets) enum Templates {
    /// Nobody's.
    None,
    /// Those of the template that it names.
    Named,
    /// Those of the template that it names, or of all where it names none.
    All,
}

/// Of which templates schemas say what is secret in a table's documents.
pub(in crate::secrets) fn templates(table: &str) -> Templates {
    match table {
        "system_configurations" => Templates::All,
        "client_customizations" | "deployment_configurations" => Templates::Named,
        _ => Templates::None,
    }
}

pub(super) fn has_variables(table: &str) -> bool {
    VARIABLES.contains(&table)
}

pub(super) fn versions(table: &str) -> Option<&'static str> {
    VERSIONS.iter().find(|(known, _)| *known == table).map(|(_, condition)| *condition)
}

pub(super) fn texts(table: &str) -> &'static [&'static str] {
    TEXTS.iter().find(|(known, _)| *known == table).map_or(&[], |(_, columns)| columns)
}
