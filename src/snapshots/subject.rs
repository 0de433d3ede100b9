use std::sync::Arc;

use uuid::Uuid;

use crate::auth::runtime::RuntimeToken;

/// What a runtime token reads: whose configuration, of which template, in which environment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// The client.
    pub client_id: Uuid,
    /// The template; none for that of the client's active customization.
    pub template_id: Option<Arc<str>>,
    /// development, staging or production.
    pub environment: Arc<str>,
}

impl Subject {
    /// The same in bytes, no two alike.
    pub(super) fn canonical(&self) -> Vec<u8> {
        let Self { client_id, template_id, environment } = self;
        let mut bytes = client_id.as_bytes().to_vec();
        bytes.extend(environment.as_bytes());
        // No environment holds this byte, and a template that is called nothing isn't no template.
        bytes.push(0);
        if let Some(template) = template_id {
            bytes.push(1);
            bytes.extend(template.as_bytes());
        }
        bytes
    }
}

impl From<&RuntimeToken> for Subject {
    fn from(token: &RuntimeToken) -> Self {
        Self {
            client_id: token.client_id,
            template_id: token.template_id.as_deref().map(Arc::from),
            environment: token.environment.as_str().into(),
        }
    }
}
