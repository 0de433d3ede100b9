//! `tenantry audit` as an operator types it.

use serde_json::Value;

use super::Log;
use crate::support::tenantry;

fn audit(log: &Log, arguments: &[&str]) -> (Option<i32>, String, String) {
    let (url, data_dir) = (log.database.url(), log.data_dir.to_str().expect("the path is UTF-8").to_owned());
    let mut all = vec!["audit"];
    all.extend(arguments);
    all.extend(["--database-url", &url, "--data-dir", &data_dir]);
    let outcome = tenantry(&all);
    (outcome.code, outcome.out, outcome.err)
}

#[tokio::test]
async fn verify_says_that_all_is_well_and_gives_a_head_to_keep() {
    let log = Log::sealed().await;
    let (code, said, _) = audit(&log, &["verify"]);
    assert_eq!(code, Some(0), "{said}");
    let head = said.lines().find_map(|line| line.strip_prefix("head ")).expect("it prints a head");
    assert!(said.starts_with("nothing is wrong\n  seals                  4\n"), "{said}");

    let (code, said, _) = audit(&log, &["verify", "--head", head, "--format", "json"]);
    let report: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!((code, &report["findings"], &report["head"]), (Some(0), &Value::Array(vec![]), &Value::from(head)));

    let elsewhere = head.replace("4:", "3:");
    let (code, said, _) = audit(&log, &["verify", "--head", &elsewhere]);
    assert!(code == Some(1) && said.contains("cut off"), "{said}");
    for wrong in ["", "4", "4:xyz", "x:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"] {
        let (code, _, said) = audit(&log, &["verify", "--head", wrong]);
        assert!(code == Some(2) && said.contains("64 hex digits"), "{wrong}: {said}");
    }
}

#[tokio::test]
async fn verify_names_the_place_and_fails() {
    let log = Log::sealed().await;
    let entry = log.first_of(2).await;
    log.intrude(&format!("UPDATE public.audit_log SET action = 'delete' WHERE id = {entry}")).await;
    let (code, said, _) = audit(&log, &["verify"]);
    assert!(code == Some(1) && said.contains(&format!("entry {entry} (seal 2) was edited")), "{said}");
    let (code, said, _) = audit(&log, &["verify", "--format", "json"]);
    let report: Value = serde_json::from_str(&said).expect("JSON");
    let expected = serde_json::json!([{ "finding": "edited", "seal": 2, "entry": entry }]);
    assert_eq!((code, &report["findings"]), (Some(1), &expected));
}

#[tokio::test]
async fn a_schema_that_was_taken_back_takes_its_chain_along() {
    let log = Log::sealed().await;
    let (url, data_dir) = (log.database.url(), log.data_dir.to_str().expect("the path is UTF-8").to_owned());
    for arguments in [["migrate", "down", "--lose-data"], ["migrate", "up", "--no-backup"]] {
        let done = tenantry(&[&arguments[..], &["--database-url", &url, "--data-dir", &data_dir]].concat());
        assert_eq!(done.code, Some(0), "{arguments:?}: {}", done.err);
    }
    let (code, said, _) = audit(&log, &["verify"]);
    assert_eq!(code, Some(0), "{said}");
    let files = std::fs::read_dir(log.folder.path()).expect("the folder");
    let kept = files.filter_map(Result::ok).any(|file| file.file_name().to_string_lossy().starts_with("ended-heads-"));
    assert!(kept, "the old heads stay, for whoever wants to know");
}

#[tokio::test]
async fn verify_without_the_key_says_where_it_looks() {
    let mut log = Log::sealed().await;
    log.data_dir = std::env::temp_dir().join("tenantry-nothing-is-here");
    let (code, said, _) = audit(&log, &["verify"]);
    assert!(
        code == Some(1) && said.contains("isn't known here") && said.contains("tenantry-nothing-is-here/audit"),
        "{said}"
    );
    log.data_dir = log.folder.path().parent().expect("a parent").to_owned();
}

#[tokio::test]
async fn verify_writes_nothing() {
    let log = Log::sealed().await;
    log.add_client("waiting").await;
    let state =
        "SELECT concat((SELECT count(*) FROM tenantry.audit_seals), ' ', (SELECT max(id) FROM public.audit_log))";
    let before = log.text(state).await;
    let (code, said, _) = audit(&log, &["verify"]);
    assert!(code == Some(0) && said.contains("  waiting entries        1  younger"), "{said}");
    assert_eq!(log.text(state).await, before);
}

#[tokio::test]
async fn export_prints_every_entry_and_is_one_itself() {
    let log = Log::sealed().await;
    let (code, said, err) = audit(&log, &["export"]);
    assert_eq!(code, Some(0), "{err}");
    let entries: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let ids: Vec<i64> = entries.iter().map(|entry| entry["id"].as_i64().expect("a number")).collect();
    assert!(ids.is_sorted_by(|one, next| one < next));
    assert_eq!(log.text("SELECT count(*)::text FROM public.audit_log").await, ids.len().to_string());
    let last = entries.last().expect("an entry");
    assert_eq!((&last["action"], &last["details"]["what"]), (&Value::from("export"), &Value::from("audit_log")));
    assert!(last["actor"].as_str().is_some_and(|actor| actor.starts_with("operator:")), "{last}");
    let hashes = entries.iter().all(|entry| entry["row_hash"].as_str().is_some_and(|hash| hash.len() == 64));
    assert!(hashes && entries.iter().all(|entry| entry["salt"].is_string()));

    let since = last["at"].as_str().expect("a moment");
    let (_, said, _) = audit(&log, &["export", "--since", since]);
    assert_eq!(said.lines().count(), 2, "the export before and this one");
    let (_, said, _) = audit(&log, &["export", "--since", "2999-01-01"]);
    assert_eq!(said, "");
    let (code, _, said) = audit(&log, &["export", "--since", "yesterday"]);
    assert!(code == Some(2) && said.contains("2026-11-01"), "{said}");
}
