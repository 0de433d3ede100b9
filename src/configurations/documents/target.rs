use std::sync::Arc;

use uuid::Uuid;

use crate::configurations::types::Environment;

/// Which document: of which client, of the app from which template, in which environment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// The client.
    pub client_id: Uuid,
    /// The template; none for a client that has none.
    pub template_id: Option<Arc<str>>,
    /// The environment.
    pub environment: Environment,
}
