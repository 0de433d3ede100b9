use jiff::Timestamp;
use serde_json::json;

use crate::Result;
use crate::db::admin::Admin;
use crate::db::caller::Caller;
use crate::db::quote;
use crate::db::tx::Tx;

/// How many entries are read at a time.
const AT_ONCE: usize = 1000;

/// One entry as JSON, whatever the session's time zone: with its salt and hash, so that a reader can check it.
pub const LINE: &str = r#"json_build_object(
           'id', id, 'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'transaction_id', transaction_id::text, 'user_id', user_id, 'token_id', token_id, 'session_id', session_id,
           'actor', actor, 'database_role', database_role, 'login_role', login_role, 'address', address,
           'action', action, 'table_schema', table_schema, 'table_name', table_name, 'row_id', row_id,
           'client_id', client_id, 'before', before, 'after', after, 'details', details,
           'request_id', request_id, 'reason', reason, 'erased', erased_at IS NOT NULL,
           'salt', salt, 'row_hash', encode(row_hash, 'hex'))::text"#;

/// Gives every entry since a moment, in the order of their ids, as a line of JSON; logs first that it does.
///
/// `line` answers whether it wants more. Entries are read through a cursor, so that a log of any size fits.
pub async fn export(
    admin: &mut Admin,
    caller: &Caller,
    since: Option<Timestamp>,
    mut line: impl FnMut(&str) -> bool,
) -> Result<()> {
    let tx = Tx::begin(admin, caller, "audit export").await?;
    let details = json!({ "what": "audit_log", "since": since });
    tx.query("SELECT tenantry.audit_event('export', $1)", &[&details]).await?;
    let condition =
        since.map_or_else(String::new, |since| format!("WHERE at >= {}", quote::literal(&since.to_string())));
    let entries = format!("SELECT {LINE} FROM public.audit_log {condition} ORDER BY id");
    tx.run(&format!("DECLARE entries NO SCROLL CURSOR FOR {entries}")).await?;
    loop {
        let rows = tx.query(&format!("FETCH {AT_ONCE} FROM entries"), &[]).await?;
        let wanted = rows.iter().all(|row| line(row.get(0)));
        if !wanted || rows.len() < AT_ONCE {
            break;
        }
    }
    tx.commit().await
}
