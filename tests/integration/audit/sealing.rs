//! How seals come about, and what leaves holes on purpose.

use std::os::unix::fs::PermissionsExt as _;

use tenantry::audit::finding::Finding;
use tenantry::audit::sealer::{run, seal_once};

use super::Log;

#[tokio::test]
async fn a_transaction_that_commits_late_is_sealed_later() {
    let mut log = Log::new().await;
    log.seal().await;
    let mut slow = log.database.connect().await;
    let late = slow.transaction().await.expect("a transaction");
    late.batch_execute("INSERT INTO public.clients_enhanced (name, email) VALUES ('late', 'late@example.com')")
        .await
        .expect("a client is added");
    log.add_client("early").await;
    assert_eq!(log.seal().await.len(), 1);
    let report = log.verify(None).await;
    assert_eq!(
        (report.waiting_entries, &report.findings[..]),
        (0, &[][..]),
        "nobody sees the open transaction's entry"
    );

    late.commit().await.expect("it commits");
    let report = log.verify(None).await;
    assert_eq!((report.waiting_entries, &report.findings[..]), (1, &[][..]), "the open transaction explains it");
    assert_eq!(log.seal().await.len(), 1);
    let order = "SELECT string_agg(s.number || ':' || (l.after ->> 'name'), ' ' ORDER BY l.id)
                   FROM public.audit_log l JOIN tenantry.audit_seals s ON l.id <@ s.ids WHERE l.table_name = 'clients_enhanced'";
    assert_eq!(log.text(order).await, "3:late 2:early");
    let report = log.verify(None).await;
    assert_eq!((report.waiting_entries, &report.findings[..]), (0, &[][..]));
}

#[tokio::test]
async fn what_is_rolled_back_leaves_a_gap_and_no_finding() {
    let mut log = Log::new().await;
    log.admin
        .batch_execute(
            "BEGIN; INSERT INTO public.clients_enhanced (name, email) VALUES ('x', 'x@example.com'); ROLLBACK",
        )
        .await
        .expect("it rolls back");
    log.add_client("y").await;
    log.seal().await;
    assert_eq!(log.findings().await, []);
}

#[tokio::test]
async fn two_sealers_at_once_make_one_chain() {
    let mut log = Log::new().await;
    let (folder, url) = (log.folder.clone(), log.database.url());
    let mut work = Vec::new();
    for _ in 0..2 {
        let mut admin = log.database.connect().await;
        let folder = folder.clone();
        work.push(tokio::spawn(async move {
            for _ in 0..40 {
                seal_once(&mut admin, &folder).await.expect("sealing works or is another's");
            }
        }));
    }
    for writer in 0..3 {
        let admin = tenantry::db::admin::Admin::connect(&url).await.expect("a connection");
        work.push(tokio::spawn(async move {
            for turn in 0..60 {
                let end = if turn % 7 == 0 { "ROLLBACK" } else { "COMMIT" };
                let sql = format!(
                    "BEGIN; INSERT INTO public.clients_enhanced (name, email) VALUES ('w', '{writer}-{turn}@example.com');
                     SELECT pg_sleep(0.002 * {writer}); {end}"
                );
                admin.batch_execute(&sql).await.expect("a client is added");
            }
        }));
    }
    for task in work {
        task.await.expect("no panic");
    }
    log.seal().await;
    let report = log.verify(None).await;
    assert_eq!((report.waiting_entries, &report.findings[..]), (0, &[][..]));
    let clients = "SELECT count(*)::text FROM public.audit_log l
                    WHERE table_name = 'clients_enhanced' AND EXISTS (SELECT FROM tenantry.audit_seals s WHERE l.id <@ s.ids)";
    assert_eq!(log.text(clients).await, "153", "three times 60 without the rolled back");
}

#[tokio::test]
async fn an_empty_seal_comes_after_a_minute_and_not_before() {
    let mut log = Log::new().await;
    assert_eq!(log.seal().await.len(), 1, "the first seal is made at once");
    assert_eq!(log.seal().await, [], "nothing to seal, and the last seal is young");
    log.intrude("UPDATE tenantry.audit_seals SET sealed_at = sealed_at - interval '61 seconds'").await;
    assert_eq!(log.seal().await.len(), 1);
    assert_eq!(log.text("SELECT ids::text FROM tenantry.audit_seals ORDER BY number DESC LIMIT 1").await, "{}");
}

#[tokio::test]
async fn the_sealer_seals_once_more_when_it_is_stopped() {
    let mut log = Log::new().await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let admin = log.database.connect().await;
    let sealer = tokio::spawn(run(admin, log.folder.clone(), async { stopped.await.unwrap_or(()) }));
    for _ in 0..1000 {
        if log.text("SELECT count(*)::text FROM tenantry.audit_seals").await != "0" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    log.add_client("last").await;
    stop.send(()).expect("it runs");
    sealer.await.expect("no panic");
    assert_eq!(log.verify(None).await.waiting_entries, 0);
}

#[tokio::test]
async fn a_database_restored_where_transactions_count_from_further_back_goes_on() {
    let mut log = Log::sealed().await;
    // As if the newest seal had been made in a cluster that was far ahead, some of its entries after it.
    log.add_client("unsealed when it was dumped").await;
    log.intrude(
        "UPDATE tenantry.audit_seals SET snapshot = '900000000:900000000:' WHERE number = 4;
         UPDATE public.audit_log SET transaction_id = '900000001' WHERE id = (SELECT max(id) FROM public.audit_log)",
    )
    .await;
    for name in ["one", "two"] {
        log.add_client(name).await;
        assert_eq!(log.seal().await.len(), 1);
        assert_eq!(log.seal().await, []);
    }
    let held = "SELECT count(*) = count(DISTINCT l.id) AND count(*) = (SELECT count(*) FROM public.audit_log)
                  FROM public.audit_log l JOIN tenantry.audit_seals s ON l.id <@ s.ids";
    let once: bool = log.admin.query_one(held, &[]).await.expect("a row").get(0);
    assert!(once, "every entry is in one seal");
}

#[tokio::test]
async fn the_key_is_its_owners_only() {
    let mut log = Log::new().await;
    log.seal().await;
    let mode = |name: &str| std::fs::metadata(log.file(name)).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode("seal.key"), mode("")), (0o400, 0o700));
    assert_eq!(log.text("SELECT key_id FROM tenantry.audit_seals").await, log.folder.key().expect("the key").id());

    std::fs::set_permissions(log.file("seal.key"), std::fs::Permissions::from_mode(0o444)).expect("it is ours");
    log.add_client("x").await;
    let refused = seal_once(&mut log.admin, &log.folder).await.expect_err("an open key isn't used");
    assert!(refused.to_string().contains("chmod 0400"), "{refused}");
}

#[tokio::test]
async fn an_erasure_keeps_the_seals_whole() {
    let mut log = Log::sealed().await;
    let entry = log.first_of(2).await;
    log.admin
        .batch_execute(&format!(
            "SET ROLE tenantry_owner; SELECT tenantry.erase_audit_log('{{[{entry},{entry}]}}', 'Art. 17'); RESET ROLE"
        ))
        .await
        .expect("it is erased");
    let left = log.text(&format!("SELECT to_jsonb(l)::text FROM public.audit_log l WHERE id = {entry}")).await;
    assert!(!left.contains("quoted"), "{left}");
    log.seal().await;
    let report = log.verify(None).await;
    assert_eq!((report.erased_entries, &report.findings[..]), (1, &[][..]));
}

#[tokio::test]
async fn retention_keeps_the_seals_of_a_dropped_month() {
    let mut log = Log::new().await;
    let partition = "tenantry_partitions.audit_log_1999_12";
    log.admin
        .batch_execute(&format!(
            "CREATE TABLE {partition} PARTITION OF public.audit_log FOR VALUES FROM ('1999-12-01Z') TO ('2000-01-01Z');
             INSERT INTO public.audit_log (at, action, database_role, login_role)
             SELECT timestamptz '1999-12-31 23:59Z' - n * interval '1 day', 'sign_in', 'x', 'x' FROM generate_series(1, 5) n"
        ))
        .await
        .expect("a month of long ago");
    let note = format!("SELECT tenantry.note_audit_retention('{partition}')");
    let refused = log.admin.batch_execute(&note).await.expect_err("they are in no seal yet");
    assert!(refused.to_string().contains("db error"), "{refused}");
    assert!(log.seal().await.len() >= 2, "a seal spans no two months");

    log.admin.batch_execute(&format!("BEGIN; {note}; DROP TABLE {partition}; COMMIT")).await.expect("it is dropped");
    log.seal().await;
    let report = log.verify(None).await;
    assert_eq!((report.dropped_entries, &report.findings[..]), (5, &[][..]));
    log.intrude("DELETE FROM public.audit_log WHERE action = 'retention'").await;
    let found = log.findings().await;
    assert_eq!(found.iter().filter(|finding| matches!(finding, Finding::Removed { .. })).count(), 2, "{found:?}");
}

#[tokio::test]
async fn databases_that_share_a_data_directory_have_heads_of_their_own() {
    let mut log = Log::sealed().await;
    let mut other = Log::new().await;
    other.folder = log.folder.clone();
    other.seal().await;
    assert_eq!((other.findings().await, log.findings().await), (vec![], vec![]));
}
