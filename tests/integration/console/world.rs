use crate::auth::world::{PASSWORD, add_people, email, id};
use crate::support::{Browser, Server};

/// A server with a person of each role, and a client that all of them but the administrators are members of, with a design
/// of a template.
pub struct World {
    pub server: Server,
}

/// The client.
pub const CLIENT: &str = "c0000000-0000-4000-8000-00000000000c";

/// The template, with versions 1.0.0 and 2.0.0 in use and 3.0.0 a draft.
pub const TEMPLATE: &str = "shop";

/// The client's design of it, which pins 1.0.0.
pub const CUSTOMIZATION: &str = "d0000000-0000-4000-8000-00000000000d";

/// What its documents are like.
const SCHEMA: &str = r#"{"type": "object", "properties": {
    "branding": {"type": "object", "properties": {"tagline": {"type": "string", "maxLength": 40}, "colour": {"type": "string"}}},
    "store": {"type": "object", "properties": {"pageSize": {"type": "integer", "minimum": 1, "maximum": 100}}},
    "api": {"type": "object", "properties": {"key": {"type": "string", "x-secret": true}}}}}"#;

impl World {
    pub async fn new() -> Self {
        let server = Server::start().await;
        add_people(&server.database).await;
        let world = Self { server };
        let members: Vec<String> =
            ["manager", "staff", "client"].map(|role| format!("('{CLIENT}', '{}', '{role}')", id(role))).into();
        world
            .sql(&format!(
                "INSERT INTO clients_enhanced (id, name, email) VALUES ('{CLIENT}', 'Shop & Co', 'shop@client.example');
                 INSERT INTO client_members (client_id, user_id, member_role) VALUES {}",
                members.join(", ")
            ))
            .await;
        world.sql(&template()).await;
        world
    }

    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.server)
    }

    /// A browser in which the person of a role is.
    pub async fn signed_in(&self, role: &str) -> Browser {
        Browser::signed_in(&self.server, &email(role), PASSWORD).await
    }

    /// The same, who gave their password again.
    pub async fn stepped_up(&self, role: &str) -> Browser {
        Browser::stepped_up(&self.server, &email(role), PASSWORD).await
    }

    /// Runs SQL as a superuser.
    pub async fn sql(&self, sql: &str) {
        self.server.database.connect().await.batch_execute(sql).await.expect(sql);
    }

    /// One value as text.
    pub async fn text(&self, sql: &str) -> String {
        let row = self.server.database.connect().await.query_one(sql, &[]).await.expect(sql);
        row.get::<_, Option<String>>(0).unwrap_or_default()
    }
}

fn template() -> String {
    let versions = [
        ("1.0.0", "active", r##"{"branding": {"tagline": "Old", "colour": "#111111"}, "store": {"pageSize": 10}}"##),
        ("2.0.0", "active", r##"{"branding": {"tagline": "New", "colour": "#222222"}, "store": {"pageSize": 20}}"##),
        ("3.0.0", "draft", "{}"),
    ];
    let versions = versions.map(|(version, status, defaults)| {
        format!("('{TEMPLATE}', '{version}', 'Shop', '{SCHEMA}', '{defaults}', '{status}', 'retail', '{{food}}')")
    });
    format!(
        r#"INSERT INTO template_configurations (template_id, template_version, template_name, configuration_schema,
                                               default_configuration, status, category, supported_industries) VALUES {};
           SET ROLE tenantry_owner;
           INSERT INTO client_customizations (id, client_id, template_id, template_version, customization_config, status, is_active)
           VALUES ('{CUSTOMIZATION}', '{CLIENT}', '{TEMPLATE}', '1.0.0',
                   '{{"branding": {{"tagline": "Ours"}}, "store": {{"pageSize": 10}}}}', 'deployed', true);
           RESET ROLE"#,
        versions.join(", ")
    )
}

/// The value of a field that a page sends on without showing it.
pub fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&field).unwrap_or_else(|| panic!("no field {name} in {page}"));
    let value = rest.split('"').next().expect("a value ends");
    value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
