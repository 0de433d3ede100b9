//! What a request may claim, and what has become of it since.

use serde_json::{Value, json};

use super::world::{TOKEN, person, session};

/// A state of the claims under which a role asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claims {
    /// Those of the role's own person or token, in force.
    InForce,
    /// None were ever set.
    None,
    Empty,
    EmptyObject,
    CutOff,
    Array,
    NoUuid,
    /// Of a person with another role.
    SomebodyElses,
    /// The role stands in what the person may edit.
    RoleInUserMetadata,
    Disabled,
    SessionEnded,
    SessionExpired,
    RoleChanged,
    TokenRevoked,
    TokenExpired,
}

impl Claims {
    /// All states under which no row must be reached.
    pub const NOT_IN_FORCE: [Self; 14] = [
        Self::None,
        Self::Empty,
        Self::EmptyObject,
        Self::CutOff,
        Self::Array,
        Self::NoUuid,
        Self::SomebodyElses,
        Self::RoleInUserMetadata,
        Self::Disabled,
        Self::SessionEnded,
        Self::SessionExpired,
        Self::RoleChanged,
        Self::TokenRevoked,
        Self::TokenExpired,
    ];

    /// Whether the state can befall whoever acts in the role.
    pub fn concerns(self, role: &str) -> bool {
        match self {
            Self::Disabled | Self::SessionEnded | Self::SessionExpired | Self::RoleChanged => role != "service",
            Self::TokenRevoked | Self::TokenExpired => role == "service",
            _ => true,
        }
    }

    /// What a superuser does before, in SQL.
    pub fn before(self, role: &str) -> String {
        let of_person = |set: &str| format!("UPDATE tenantry.people SET {set} WHERE user_id = '{}'", person(role));
        let of_session = |set: &str| format!("UPDATE tenantry.sessions SET {set} WHERE id = '{}'", session(role));
        match self {
            Self::Disabled => of_person("disabled_at = now()"),
            Self::RoleChanged if role == "manager" => of_person("role = 'staff'"),
            Self::RoleChanged => of_person("role = 'manager'"),
            Self::SessionEnded => of_session("ended_at = now()"),
            Self::SessionExpired => {
                of_session("started_at = now() - interval '2 days', expires_at = now() - interval '1 day'")
            }
            Self::TokenRevoked => format!("UPDATE tenantry.tokens SET revoked_at = now() WHERE id = '{TOKEN}'"),
            Self::TokenExpired => format!("UPDATE tenantry.tokens SET expires_at = now() WHERE id = '{TOKEN}'"),
            _ => "SELECT".to_owned(),
        }
    }

    /// The claims as the setting holds them; `None` where it isn't set at all.
    pub fn text(self, role: &str) -> Option<String> {
        let text = match self {
            Self::None => return None,
            Self::Empty => String::new(),
            Self::EmptyObject => "{}".to_owned(),
            Self::CutOff => r#"{"sub": "a1000000-0000-4000-8000-0000000"#.to_owned(),
            Self::Array => format!("[{}]", of(role)),
            Self::NoUuid => r#"{"sub": "1 OR true", "token_id": ""}"#.to_owned(),
            Self::SomebodyElses => of(if role == "client" { "staff" } else { "client" }).to_string(),
            Self::RoleInUserMetadata => {
                let sub = person(if role == "client" { "staff" } else { "client" });
                json!({"sub": sub, "role": "authenticated", "user_metadata": {"role": role}}).to_string()
            }
            _ => of(role).to_string(),
        };
        Some(text)
    }
}

/// The claims of whoever acts in a role, as the server sets them; roles that aren't a request's get an admin's.
pub fn of(role: &str) -> Value {
    match role {
        "service" => json!({"token_id": TOKEN, "app_metadata": {"role": "service"}}),
        "client" | "staff" | "manager" | "admin" | "super_admin" => json!({
            "sub": person(role),
            "role": "authenticated",
            "session_id": session(role),
            "app_metadata": {"role": role},
        }),
        _ => of("admin"),
    }
}
