use crate::console::record::Field;

/// Who hosts, where, and how it grows.
pub(super) const HOSTING: &str = "Hosting";

/// What is switched on, and the app's own configuration.
pub(super) const FEATURES: &str = "Features and app";

/// What browsers are told to keep to.
pub(super) const SECURITY: &str = "Security";

/// Where it answers.
pub(super) const DOMAIN: &str = "Domain";

/// What is kept near visitors, and for how long.
pub(super) const CACHE: &str = "Cache";

/// What is watched, and how it is kept and brought back.
pub(super) const BACKUP: &str = "Monitoring and backup";

/// The headings, in order.
pub(super) const SECTIONS: [&str; 6] = [HOSTING, FEATURES, SECURITY, DOMAIN, CACHE, BACKUP];

/// The columns that people write, but variables.
pub(super) const FIELDS: &[Field] = {
    use crate::console::record::Kind::{Json, Line};
    &[
        Field::new("deployment_name", "Name", HOSTING, Line(255))
            .required()
            .hint("Unique for the client in its environment."),
        Field::new("hosting_provider", "Host", HOSTING, Line(100)),
        Field::new("region", "Region", HOSTING, Line(100)),
        Field::new("instance_type", "Size of machine", HOSTING, Line(100)),
        Field::new("scaling_config", "Scaling", HOSTING, Json).hint("Such as {\"min\": 2, \"max\": 10}."),
        Field::new("feature_flags", "Features", FEATURES, Json)
            .hint("Apps read them under features once this is applied."),
        Field::new("application_config", "Configuration of the app", FEATURES, Json)
            .hint("The highest layer of what apps read, once this is applied."),
        Field::new("security_headers", "Security headers", SECURITY, Json),
        Field::new("cors_config", "Cross-origin rules", SECURITY, Json),
        Field::new("ssl_config", "TLS", SECURITY, Json),
        Field::new("custom_domain", "Domain", DOMAIN, Line(255)),
        Field::new("subdomain", "Subdomain", DOMAIN, Line(255)),
        Field::new("domain_verification", "Proof of the domain", DOMAIN, Json),
        Field::new("caching_config", "Caching", CACHE, Json),
        Field::new("cdn_config", "Content network", CACHE, Json),
        Field::new("monitoring_config", "Monitoring", BACKUP, Json),
        Field::new("backup_config", "Backup", BACKUP, Json),
        Field::new("recovery_config", "Recovery", BACKUP, Json),
    ]
};
