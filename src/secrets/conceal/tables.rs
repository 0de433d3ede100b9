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
];

/// Tables with variables, which are secret by list, name or form.
const VARIABLES: &[&str] = &["deployment_configurations", "client_deployments"];

/// Columns of text that are secrets.
const TEXTS: &[(&str, &[&str])] = &[("client_billing_info", &["payment_method_id", "tax_id", "vat_number"])];

/// The column of variables.
pub(super) const ENVIRONMENT: &str = "environment_variables";

pub(super) fn documents(table: &str) -> impl Iterator<Item = &'static str> {
    DOCUMENTS.iter().filter(move |(known, _)| *known == table).map(|(_, column)| *column)
}

pub(super) fn answers_to_schemas(table: &str) -> bool {
    DOCUMENTS.iter().any(|(known, _)| *known == table)
}

pub(super) fn has_variables(table: &str) -> bool {
    VARIABLES.contains(&table)
}

pub(super) fn texts(table: &str) -> &'static [&'static str] {
    TEXTS.iter().find(|(known, _)| *known == table).map_or(&[], |(_, columns)| columns)
}
