use super::invocation::shell_word;
use crate::Result;
use crate::auth::tokens::{self, UseFor, Wanted};
use crate::db::admin::Admin;
use crate::db::caller::Caller;
use crate::db::tx::Tx;
use crate::demo::Credential;

/// What an app with `supabase-js` needs to reach the sample agency; shown once, since only a hash of the key is kept.
#[derive(serde::Serialize)]
pub(super) struct SampleApp {
    #[serde(rename = "SUPABASE_URL")]
    pub(super) url: String,
    #[serde(rename = "SUPABASE_ANON_KEY")]
    pub(super) key: String,
}

impl SampleApp {
    /// Makes the key.
    pub(super) async fn make(admin: &mut Admin, url: &str) -> Result<Self> {
        let tx = Tx::begin(admin, &Caller::operator(), "up --demo").await?;
        let wanted = Wanted { name: "sample app".to_owned(), use_for: UseFor::App, expires_at: None };
        let (token, _) = tokens::create(&tx, &wanted).await?;
        tx.commit().await?;
        Ok(Self { url: url.to_owned(), key: token.reveal().to_owned() })
    }

    /// A line for a shell that signs a person in and shows the clients that they see.
    pub(super) fn curl(&self, person: &Credential) -> String {
        let Self { url, key } = self;
        let body = serde_json::json!({ "email": person.email, "password": person.password }).to_string();
        let token = format!(
            r#"$(curl -s '{url}/auth/v1/token?grant_type=password' -H 'apikey: {key}' -H 'content-type: application/json' -d {} | sed 's/.*"access_token":"\([^"]*\)".*/\1/')"#,
            shell_word(&body)
        );
        format!(
            r#"curl -s '{url}/rest/v1/clients_enhanced?select=name,tier,status&limit=5' -H 'apikey: {key}' -H "authorization: Bearer {token}""#
        )
    }
}
