use proptest::prelude::*;
use proptest::sample::Index;
use uuid::Uuid;

use super::*;
use crate::audit::key::Key;

/// An honest log: entries of some months, sealed in batches, not in the order of their ids.
#[derive(Clone, Debug)]
struct Log {
    entries: Vec<Entry>,
    seals: Vec<Seal>,
}

fn entry(id: i64, text: Option<String>) -> Entry {
    let at = 1_790_000_000_000_000 + id * 86_400_000_000;
    let mut entry = Entry {
        id,
        at,
        transaction_id: 100 + u64::try_from(id).unwrap(),
        user_id: Some(Uuid::from_u128(7)),
        token_id: None,
        session_id: None,
        actor: text.clone(),
        database_role: "tenantry_admin".to_owned(),
        login_role: "tenantry_server".to_owned(),
        address: None,
        action: "update".to_owned(),
        table_schema: Some("public".to_owned()),
        table_name: Some("clients_enhanced".to_owned()),
        row_id: Some(id.to_string()),
        client_id: None,
        before: Some(r#"{"name": "a"}"#.to_owned()),
        after: Some(r#"{"name": "b"}"#.to_owned()),
        details: None,
        request_id: None,
        reason: text,
        erased: false,
        salt: Some(Uuid::from_u128(9)),
        row_hash: Vec::new(),
    };
    entry.row_hash = entry.hash().as_bytes().to_vec();
    entry
}

fn sealed(entries: Vec<Entry>, late: &Ids, key: &Key) -> Log {
    let mut seals: Vec<Seal> = Vec::new();
    let in_time: Vec<&Entry> = entries.iter().filter(|entry| !late.contains(entry.id)).collect();
    let after: Vec<&Entry> = entries.iter().filter(|entry| late.contains(entry.id)).collect();
    for batch in [in_time, Vec::new(), after] {
        let mut months = batch.chunk_by(|one, next| month(one.at) == month(next.at)).peekable();
        if months.peek().is_none() {
            seals.push(seal(&seals, &[], key));
        }
        for month in months {
            seals.push(seal(&seals, month, key));
        }
    }
    Log { entries, seals }
}

fn seal(seals: &[Seal], entries: &[&Entry], key: &Key) -> Seal {
    let mut rows_hash = RowsHash::default();
    for entry in entries {
        rows_hash.add(entry.id, &entry.row_hash);
    }
    let ids: Ids = entries.iter().map(|entry| entry.id).collect();
    Statement {
        number: i64::try_from(seals.len()).unwrap() + 1,
        sealed_at: 1_900_000_000_000_000,
        month: entries.first().map(|entry| month(entry.at)),
        row_count: ids.len(),
        ids: ids.to_string(),
        rows_hash: rows_hash.finish(),
        previous_hash: seals.last().map_or(Hash::ZERO, |seal| seal.hash),
        snapshot: "1000:1000:".to_owned(),
        restored_through: 0,
        key_id: key.id().to_owned(),
    }
    .seal(key)
}

fn findings(log: &Log, key: &Key, excused: &Excused, heads: Vec<Head>) -> Vec<Finding> {
    let mut trusted = Trusted::default();
    trusted.add(key.public()).unwrap();
    let mut chain = Chain::new(&trusted, excused, heads);
    let mut entries = log.entries.clone();
    entries.sort_by_key(|entry| entry.id);
    for seal in &log.seals {
        let mut contents = chain.seal(seal.clone());
        let ids = contents.ids().clone();
        entries.iter().filter(|entry| ids.contains(entry.id)).for_each(|entry| contents.entry(entry, excused));
        chain.contents(contents);
    }
    let now = "2000:2000:".parse().unwrap();
    let sealed = chain.sealed.clone();
    for entry in entries.iter().filter(|entry| !sealed.contains(entry.id)) {
        chain.unsealed(entry, &now);
    }
    chain.finish()
}

prop_compose! {
    fn logs()(texts in prop::collection::vec(any::<Option<String>>(), 1..40), late: std::collections::BTreeSet<u8>) -> (Log, Key) {
        let (key, _) = Key::generate().unwrap();
        let entries = texts.into_iter().zip(1..).map(|(text, id)| entry(id, text)).collect();
        (sealed(entries, &late.into_iter().map(i64::from).collect(), &key), key)
    }
}

fn only_removals(found: &[Finding]) -> bool {
    !found.is_empty() && found.iter().all(|finding| matches!(finding, Finding::Removed { .. }))
}

/// A way to change one column of an entry.
type Edit = fn(&mut Entry);

const EDITS: [Edit; 20] = [
    |entry| entry.at += 1,
    |entry| entry.transaction_id += 1,
    |entry| entry.user_id = None,
    |entry| entry.token_id = Some(Uuid::nil()),
    |entry| entry.session_id = Some(Uuid::nil()),
    |entry| entry.actor = Some("operator:root,".to_owned()),
    |entry| entry.database_role.push('x'),
    |entry| entry.login_role.clear(),
    |entry| entry.address = Some(String::new()),
    |entry| entry.action = "delete".to_owned(),
    |entry| entry.table_schema = None,
    |entry| entry.table_name = Some("client_members".to_owned()),
    |entry| entry.row_id = None,
    |entry| entry.client_id = Some(Uuid::nil()),
    |entry| entry.before = None,
    |entry| std::mem::swap(&mut entry.before, &mut entry.after),
    |entry| entry.details = Some("{}".to_owned()),
    |entry| entry.request_id = Some("null".to_owned()),
    |entry| entry.salt = Some(Uuid::nil()),
    |entry| entry.erased = true,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_honest_log_gives_no_finding((log, key) in logs()) {
        let heads = log.seals.iter().map(Seal::head).collect();
        prop_assert_eq!(findings(&log, &key, &Excused::default(), heads), []);
    }

    #[test]
    fn every_edit_of_an_entry_is_found_at_its_place((mut log, key) in logs(), place: Index, edit: Index, rehash: bool) {
        let entry = place.get_mut(&mut log.entries);
        let before = entry.clone();
        edit.get(&EDITS)(entry);
        prop_assume!(*entry != before);
        let id = entry.id;
        if rehash {
            entry.row_hash = entry.hash().as_bytes().to_vec();
        }
        let holds = |seal: &&Seal| seal.statement.ids.parse::<Ids>().unwrap().contains(id);
        let holder = log.seals.iter().find(holds).unwrap().statement.number;
        let found = findings(&log, &key, &Excused::default(), Vec::new());
        let named = found.iter().any(|finding| match finding {
            Finding::Edited { seal, entry } | Finding::Emptied { seal, entry } => (*seal, *entry) == (Some(holder), id),
            Finding::Redated { seal, entry } => (*seal, *entry) == (holder, id),
            Finding::Rehashed { seal, .. } => *seal == holder,
            _ => false,
        });
        prop_assert!(named, "{found:?}");
    }

    #[test]
    fn a_removed_entry_is_named((mut log, key) in logs(), place: Index) {
        let id = log.entries.remove(place.index(log.entries.len())).id;
        let found = findings(&log, &key, &Excused::default(), Vec::new());
        let named = matches!(&found[..], [Finding::Removed { entries, .. }] if *entries == id.to_string());
        prop_assert!(named, "{found:?}");
    }

    #[test]
    fn two_entries_that_change_places_are_both_named((mut log, key) in logs(), one: Index, other: Index) {
        let (one, other) = (one.index(log.entries.len()), other.index(log.entries.len()));
        prop_assume!(one != other);
        let (a, b) = (log.entries[one].id, log.entries[other].id);
        (log.entries[one].id, log.entries[other].id) = (b, a);
        let found = findings(&log, &key, &Excused::default(), Vec::new());
        for id in [a, b] {
            let named = found.iter().any(|finding| matches!(finding, Finding::Edited { entry, .. } if *entry == id));
            prop_assert!(named, "{id} in {found:?}");
        }
    }

    #[test]
    fn a_seal_written_anew_without_the_key_is_forged((mut log, key) in logs(), place: Index) {
        let at = place.index(log.entries.len());
        log.entries[at].after = Some(r#"{"name": "c"}"#.to_owned());
        log.entries[at].row_hash = log.entries[at].hash().as_bytes().to_vec();
        let (thief, _) = Key::generate().unwrap();
        let late: Ids = log.seals[log.seals.len() - 1].statement.ids.parse().unwrap();
        let mut forged = sealed(log.entries, &late, &thief);
        // With the true key's name on it, since a key of their own isn't known.
        for seal in &mut forged.seals {
            seal.statement.key_id = key.id().to_owned();
            seal.hash = Hash::of(&seal.statement.canonical());
        }
        for place in 1..forged.seals.len() {
            forged.seals[place].statement.previous_hash = forged.seals[place - 1].hash;
            forged.seals[place].hash = Hash::of(&forged.seals[place].statement.canonical());
        }
        let found = findings(&forged, &key, &Excused::default(), Vec::new());
        let all = found.iter().all(|finding| matches!(finding, Finding::Forged { .. }));
        prop_assert!(all && found.len() == forged.seals.len(), "{found:?}");
    }

    #[test]
    fn an_end_that_was_cut_off_is_found_by_a_head((mut log, key) in logs(), keep: Index) {
        let head = log.seals.last().unwrap().head();
        log.seals.truncate(keep.index(log.seals.len()));
        let held: Vec<Ids> = log.seals.iter().map(|seal| seal.statement.ids.parse().unwrap()).collect();
        log.entries.retain(|entry| held.iter().any(|ids| ids.contains(entry.id)));
        prop_assert_eq!(findings(&log, &key, &Excused::default(), Vec::new()), []);
        let chain_ends = i64::try_from(log.seals.len()).unwrap();
        let found = findings(&log, &key, &Excused::default(), vec![head]);
        prop_assert_eq!(found, [Finding::CutOff { head, chain_ends }]);
    }

    #[test]
    fn a_seal_that_is_missing_in_the_middle_is_named((mut log, key) in logs(), place: Index) {
        let number = i64::try_from(place.index(log.seals.len() - 1)).unwrap() + 1;
        log.seals.retain(|seal| seal.statement.number != number);
        let found = findings(&log, &key, &Excused::default(), Vec::new());
        prop_assert!(found.contains(&Finding::SealsRemoved { first: number, last: number }), "{found:?}");
    }

    #[test]
    fn an_edited_seal_is_named((mut log, key) in logs(), place: Index, what in 0..9) {
        let seal = place.get_mut(&mut log.seals);
        let statement = &mut seal.statement;
        match what {
            0 => statement.sealed_at += 1,
            1 => statement.month = Some("2020-01-01".to_owned()),
            2 => statement.ids = "{[500,501)}".to_owned(),
            3 => statement.row_count += 1,
            4 => statement.rows_hash = Hash::of(b"x"),
            5 => statement.previous_hash = Hash::of(b"x"),
            6 => statement.snapshot = "1:1:".to_owned(),
            7 => statement.restored_through = 3,
            _ => statement.key_id = "0".repeat(16),
        }
        let number = statement.number;
        let found = findings(&log, &key, &Excused::default(), Vec::new());
        prop_assert!(found.contains(&Finding::SealEdited { seal: number }), "{found:?}");
    }

    #[test]
    fn what_was_erased_and_logged_is_accepted((mut log, key) in logs(), place: Index) {
        let entry = place.get_mut(&mut log.entries);
        (entry.erased, entry.salt, entry.before, entry.after, entry.reason) = (true, None, None, None, None);
        let id = entry.id;
        let found = findings(&log, &key, &Excused::default(), Vec::new());
        prop_assert!(matches!(&found[..], [Finding::Emptied { entry, .. }] if *entry == id), "{found:?}");
        let excused = Excused { erased: [id].into_iter().collect(), ..Excused::default() };
        prop_assert_eq!(findings(&log, &key, &excused, Vec::new()), []);
    }

    #[test]
    fn a_month_that_retention_dropped_is_accepted_whole_only((mut log, key) in logs(), place: Index) {
        let holders: Vec<&Seal> = log.seals.iter().filter(|seal| seal.statement.row_count > 0).collect();
        let gone = place.get(&holders).statement.month.clone().unwrap();
        let ids: Ids = log.entries.iter().filter(|entry| month(entry.at) == gone).map(|entry| entry.id).collect();
        let at = log.entries.last().unwrap().at + 32 * 86_400_000_000;
        let excused = |at| Excused { dropped: vec![Dropped { at, ids: ids.clone() }], ..Excused::default() };
        let whole = log.entries.clone();
        log.entries.retain(|entry| !ids.contains(entry.id));
        prop_assert_eq!(findings(&log, &key, &excused(at), Vec::new()), []);

        // A month that isn't over is dropped by nobody honest.
        let during = whole.iter().find(|entry| ids.contains(entry.id)).unwrap().at;
        let found = findings(&log, &key, &excused(during), Vec::new());
        prop_assert!(only_removals(&found), "{found:?}");
        if ids.len() > 1 {
            log.entries.extend(whole.into_iter().find(|entry| ids.contains(entry.id)));
            let found = findings(&log, &key, &excused(at), Vec::new());
            prop_assert!(only_removals(&found), "{found:?}");
        }
    }
}

#[test]
fn an_entry_that_the_newest_seal_should_hold_is_found() {
    let (key, _) = Key::generate().unwrap();
    let mut log = sealed(vec![entry(1, None)], &Ids::default(), &key);
    let unsealed = |transaction_id: u64, at: i64| {
        let mut entry = Entry { at, transaction_id, ..entry(2, None) };
        entry.row_hash = entry.hash().as_bytes().to_vec();
        entry
    };
    let sealed_at = 1_900_000_000_000_000;
    for (transaction, at, fine) in [
        (999, sealed_at, false),
        (1000, sealed_at + 5_000_000, true),
        (1000, sealed_at - 5_000_000, false),
        (1999, sealed_at + 5_000_000, true),
        (2000, sealed_at + 5_000_000, false),
    ] {
        log.entries.truncate(1);
        log.entries.push(unsealed(transaction, at));
        let found = findings(&log, &key, &Excused::default(), Vec::new());
        match &found[..] {
            [] => assert!(fine, "{transaction} {at}"),
            [Finding::Unsealed { entry: 2, .. }] => assert!(!fine, "{transaction} {at}"),
            _ => panic!("{found:?}"),
        }
    }
}
