//! What somebody does who has the whole database, as superuser and without triggers, but not the key.

use tenantry::audit::finding::Finding;
use tenantry::audit::key::Key;

use super::Log;

/// Rewrites hashes from one entry on as an intruder would: of the entry, of its seal, of every later seal.
const RECOMPUTE: &str = r"
UPDATE public.audit_log SET row_hash = sha256(convert_to(json_build_array(
    'tenantry.audit_log.1', salt, id, (extract(epoch FROM at) * 1000000)::bigint, transaction_id::text, user_id, token_id,
    session_id, actor, database_role, login_role, address, action, table_schema, table_name, row_id, client_id, before, after,
    details, request_id, reason)::text, 'UTF8'));
DO $$
DECLARE
    s record;
    previous bytea := decode(repeat('00', 32), 'hex');
BEGIN
    FOR s IN SELECT * FROM tenantry.audit_seals ORDER BY number LOOP
        UPDATE tenantry.audit_seals SET previous_hash = previous, rows_hash = sha256(coalesce(
            (SELECT string_agg(int8send(l.id) || l.row_hash, '' ORDER BY l.id) FROM public.audit_log l WHERE l.id <@ s.ids), ''))
         WHERE number = s.number;
        UPDATE tenantry.audit_seals SET seal_hash = sha256(convert_to(json_build_array(
                'tenantry.audit_seals.1', number, (extract(epoch FROM sealed_at) * 1000000)::bigint, month::text, ids::text,
                row_count, encode(rows_hash, 'hex'), encode(previous_hash, 'hex'), snapshot::text, restored_through,
                key_id)::text, 'UTF8'))
         WHERE number = s.number RETURNING seal_hash INTO previous;
    END LOOP;
END $$";

/// An identity column can't be updated, until somebody says that it is none.
const FREE_IDS: &str = "ALTER TABLE public.audit_log ALTER COLUMN id DROP IDENTITY";

#[tokio::test]
async fn an_edited_entry_is_named() {
    let mut log = Log::sealed().await;
    let entry = log.first_of(3).await + 1;
    log.intrude(&format!(
        r#"UPDATE public.audit_log SET after = after || '{{"status": "churned"}}' WHERE id = {entry}"#
    ))
    .await;
    assert_eq!(log.findings().await, [Finding::Edited { seal: Some(3), entry }]);
}

#[tokio::test]
async fn an_edited_entry_with_its_hash_computed_anew_is_found_in_its_seal() {
    let mut log = Log::sealed().await;
    let first = log.first_of(3).await;
    log.intrude(&format!("UPDATE public.audit_log SET login_role = 'somebody_else' WHERE id = {first}")).await;
    let (hashes_of_entries, _) = RECOMPUTE.split_once(";\nDO").expect("two statements");
    log.intrude(hashes_of_entries).await;
    let entries = format!("{first}–{}", first + 2);
    assert_eq!(log.findings().await, [Finding::Rehashed { seal: 3, entries }]);
}

#[tokio::test]
async fn recomputing_every_hash_without_the_key_is_forgery() {
    let mut log = Log::sealed().await;
    // The intruder's arithmetic is right: where nothing was edited it changes nothing.
    log.intrude(RECOMPUTE).await;
    assert_eq!(log.findings().await, []);

    let entry = log.first_of(3).await;
    log.intrude(&format!("UPDATE public.audit_log SET user_id = gen_random_uuid() WHERE id = {entry}")).await;
    log.intrude(RECOMPUTE).await;
    let key = log.folder.key().expect("the key is there").id().to_owned();
    let found = log.findings().await;
    assert_eq!(found[..2], [3, 4].map(|seal| Finding::Forged { seal, key: key.clone() }));
    // The head in the folder is the one that was there before.
    assert!(matches!(found[2..], [Finding::CutOff { chain_ends: 4, .. }]), "{found:?}");
}

#[tokio::test]
async fn a_key_of_the_intruders_own_is_not_known() {
    let mut log = Log::sealed().await;
    let (own, _) = Key::generate().expect("a key");
    log.intrude(&format!("UPDATE tenantry.audit_seals SET key_id = '{}' WHERE number = 4", own.id())).await;
    log.intrude(RECOMPUTE).await;
    let found = log.findings().await;
    assert_eq!(found[0], Finding::UnknownKey { seal: 4, key: own.id().to_owned() });
}

#[tokio::test]
async fn a_removed_entry_is_named() {
    let mut log = Log::sealed().await;
    let entry = log.first_of(3).await + 1;
    log.intrude(&format!("DELETE FROM public.audit_log WHERE id = {entry}")).await;
    assert_eq!(log.findings().await, [Finding::Removed { seal: 3, entries: entry.to_string() }]);
}

#[tokio::test]
async fn entries_that_changed_places_are_both_named() {
    let mut log = Log::sealed().await;
    let (one, other) = (log.first_of(2).await, log.first_of(4).await);
    log.intrude(&format!(
        "{FREE_IDS}; UPDATE public.audit_log SET id = -id WHERE id IN ({one}, {other});
         UPDATE public.audit_log SET id = {one} + {other} + id WHERE id < 0"
    ))
    .await;
    let found = log.findings().await;
    for (seal, entry) in [(2, one), (4, other)] {
        assert!(found.contains(&Finding::Edited { seal: Some(seal), entry }), "{found:?}");
    }
}

#[tokio::test]
async fn a_renumbered_entry_is_named_where_it_was_and_where_it_is() {
    let mut log = Log::sealed().await;
    let entry = log.first_of(2).await;
    log.intrude(&format!("{FREE_IDS}; UPDATE public.audit_log SET id = id + 1000 WHERE id = {entry}")).await;
    let found = log.findings().await;
    assert!(found.contains(&Finding::Removed { seal: 2, entries: entry.to_string() }), "{found:?}");
    let unsealed = |finding: &&Finding| matches!(finding, Finding::Unsealed { entry: to, .. } if *to == entry + 1000);
    assert_eq!(found.iter().filter(unsealed).count(), 1, "{found:?}");
}

#[tokio::test]
async fn an_entry_that_was_put_in_afterwards_is_in_no_seal() {
    let mut log = Log::sealed().await;
    let pattern = log.first_of(2).await;
    log.intrude(&format!(
        "CREATE TEMP TABLE forged AS SELECT * FROM public.audit_log WHERE id = {pattern};
         UPDATE forged SET id = 5000;
         INSERT INTO public.audit_log OVERRIDING SYSTEM VALUE SELECT * FROM forged"
    ))
    .await;
    log.intrude(RECOMPUTE).await;
    let found = log.findings().await;
    assert!(matches!(&found[..], [Finding::Unsealed { entry: 5000, .. }]), "{found:?}");
    // Nor does the sealer make it good.
    log.seal().await;
    assert!(!log.findings().await.is_empty());
}

#[tokio::test]
async fn an_end_that_was_cut_off_is_found_by_every_head_after_the_cut() {
    let mut log = Log::sealed().await;
    let newest = log.verify(None).await.head.expect("a head");
    log.intrude(
        "DELETE FROM public.audit_log l USING tenantry.audit_seals s WHERE s.number > 2 AND l.id <@ s.ids;
         DELETE FROM tenantry.audit_seals WHERE number > 2",
    )
    .await;
    let cut = Finding::CutOff { head: newest, chain_ends: 2 };
    assert_eq!(log.findings().await, std::slice::from_ref(&cut), "by the head in the folder");

    // The chain that is left is honest in itself: without any head nobody could tell.
    for file in std::fs::read_dir(log.folder.path()).expect("the folder is there") {
        let path = file.expect("a file").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("head-")) {
            std::fs::remove_file(path).expect("the head was kept");
        }
    }
    assert_eq!(log.findings().await, []);
    assert_eq!(log.verify(Some(newest)).await.findings, [cut]);
}

#[tokio::test]
async fn a_cut_is_not_grown_over_by_later_seals() {
    let mut log = Log::sealed().await;
    let newest = log.verify(None).await.head.expect("a head");
    log.intrude("TRUNCATE public.audit_log, tenantry.audit_seals").await;
    for name in ["one", "two", "three", "four", "five"] {
        log.add_client(name).await;
        log.seal().await;
    }
    let report = log.verify(None).await;
    assert!(report.seals > newest.number, "the chain is longer than it was");
    assert_eq!(report.findings, [Finding::CutOff { head: newest, chain_ends: report.seals }]);
    assert_eq!(
        log.text("SELECT details ->> 'head' FROM public.audit_log WHERE action = 'seals_missing'").await,
        newest.to_string()
    );
}

#[tokio::test]
async fn a_seal_that_was_removed_or_edited_is_named() {
    let mut log = Log::sealed().await;
    log.intrude("UPDATE tenantry.audit_seals SET sealed_at = sealed_at - interval '1 year' WHERE number = 4").await;
    assert_eq!(log.findings().await, [Finding::SealEdited { seal: 4 }]);
    log.intrude("UPDATE tenantry.audit_seals SET sealed_at = sealed_at + interval '1 year' WHERE number = 4").await;
    log.intrude("DELETE FROM tenantry.audit_seals WHERE number = 3").await;
    let found = log.findings().await;
    assert_eq!(found[0], Finding::SealsRemoved { first: 3, last: 3 });
    assert_eq!(found.iter().filter(|finding| matches!(finding, Finding::Unsealed { .. })).count(), 3, "{found:?}");
}

#[tokio::test]
async fn an_emptied_entry_is_no_erased_one() {
    let mut log = Log::sealed().await;
    let entry = log.first_of(2).await;
    let empty = "SET erased_at = now(), salt = NULL, before = NULL, after = NULL, details = NULL, reason = NULL, address = NULL";
    log.intrude(&format!("UPDATE public.audit_log {empty} WHERE id = {entry}")).await;
    assert_eq!(log.findings().await, [Finding::Emptied { seal: Some(2), entry }]);
}

#[tokio::test]
async fn a_moment_that_never_is_hides_nothing() {
    let mut log = Log::sealed().await;
    let entry = log.first_of(3).await;
    log.intrude(&format!("UPDATE public.audit_log SET at = '-infinity' WHERE id = {entry}")).await;
    let found = log.findings().await;
    assert!(found.contains(&Finding::Edited { seal: Some(3), entry }), "{found:?}");
    log.intrude("UPDATE tenantry.audit_seals SET sealed_at = 'infinity' WHERE number = 2").await;
    let found = log.findings().await;
    assert!(found.contains(&Finding::SealEdited { seal: 2 }), "{found:?}");
}
