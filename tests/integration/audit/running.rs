//! The whole of it as an operator has it: `tenantry up` seals, `tenantry audit verify` proves.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::installation::Installation;

fn verify(installation: &Installation, arguments: &[&str]) -> (Option<i32>, Value) {
    let mut all = vec!["audit", "verify", "--format", "json"];
    all.extend(arguments);
    let outcome = installation.tenantry(&all);
    (outcome.code, serde_json::from_str(&outcome.out).unwrap_or_else(|_| panic!("{}", outcome.err)))
}

#[tokio::test]
async fn up_seals_what_people_do_and_verify_proves_it_when_up_has_ended() {
    let installation = Installation::new();
    let up = installation.up(&[]);
    let mia = ["user", "create", "--email", "mia@agency.example", "--role", "admin"];
    let made = installation.tenantry(&mia);
    assert_eq!(made.code, Some(0), "{}", made.err);
    // Sealed a second later, or some on a busy machine.
    for _ in 0..60 {
        if verify(&installation, &[]).1["waiting_entries"] == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let (code, report) = verify(&installation, &[]);
    assert_eq!((code, &report["waiting_entries"]), (Some(0), &Value::from(0)), "{report}");
    assert!(report["sealed_entries"].as_i64() > Some(0), "{report}");
    let head = report["head"].as_str().expect("a head").to_owned();

    assert_eq!(up.end(Signal::TERM), Some(0));
    let (code, report) = verify(&installation, &["--head", &head]);
    assert_eq!((code, &report["waiting_entries"]), (Some(0), &Value::from(0)), "{report}");

    let intrusion = "SET session_replication_role = replica;
                     UPDATE public.audit_log SET after = '{\"role\": \"staff\"}'
                      WHERE table_name = 'people' AND action = 'insert'";
    let outcome = installation.tenantry(&["psql", "--command", intrusion]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.err);
    let (code, report) = verify(&installation, &[]);
    assert_eq!((code, &report["findings"][0]["finding"]), (Some(1), &Value::from("edited")), "{report}");
}
