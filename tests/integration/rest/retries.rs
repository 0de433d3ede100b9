//! Writes that PostgreSQL gives up for another one's sake, and that are tried again.

use hyper::Method;
use serde_json::json;

use super::world::{ACME, Expect as _, Who, World};
use crate::support::server::Answer;

/// Gives up the first so many changes of a client and of a deployment. What a sequence counted isn't rolled back.
fn giving_up(times: u32, state: &str) -> String {
    format!(
        "CREATE SEQUENCE tenantry.attempts;
         CREATE FUNCTION tenantry.give_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
         BEGIN
             IF nextval('tenantry.attempts') <= {times} THEN
                 RAISE EXCEPTION 'given up for another one''s sake' USING ERRCODE = '{state}';
             END IF;
             RETURN NEW;
         END $$;
         CREATE TRIGGER give_up BEFORE UPDATE ON public.clients_enhanced
            FOR EACH ROW EXECUTE FUNCTION tenantry.give_up();
         CREATE TRIGGER give_up BEFORE UPDATE ON public.client_deployments
            FOR EACH ROW EXECUTE FUNCTION tenantry.give_up()"
    )
}

const ATTEMPTS: &str = "SELECT last_value FROM tenantry.attempts";

/// A change of one row by each way that writes go: alone, looked at before COMMIT, and with secrets sealed.
async fn changes(world: &World) -> Vec<Answer> {
    let client = format!("clients_enhanced?id=eq.{ACME}");
    let mut answers = Vec::new();
    for (path, prefer, body) in [
        (&*client, "return=minimal", json!({"phone": "1"})),
        (&client, "max-affected=1", json!({"phone": "2"})),
        ("client_deployments?deployment_name=eq.acme-live", "return=minimal", json!({"region": "eu"})),
    ] {
        world.admin.batch_execute("ALTER SEQUENCE tenantry.attempts RESTART").await.expect("it counts anew");
        answers.push(world.call(Who::Manager, Method::PATCH, path).json(&body).header("prefer", prefer).send().await);
        assert_eq!(world.value(ATTEMPTS).await, "3", "{path} {prefer}");
    }
    answers
}

#[tokio::test]
async fn a_write_that_is_given_up_twice_is_done_at_the_third_try() {
    for state in ["40001", "40P01"] {
        let world = World::new().await;
        world.admin.batch_execute(&giving_up(2, state)).await.expect("a trigger");
        for answer in changes(&world).await {
            answer.expect(204);
        }
        assert_eq!(world.value(&format!("SELECT phone FROM clients_enhanced WHERE id = '{ACME}'")).await, "2");
        assert_eq!(
            world.value("SELECT region FROM client_deployments WHERE deployment_name = 'acme-live'").await,
            "eu"
        );
    }
}

#[tokio::test]
async fn a_write_that_is_given_up_three_times_is_refused_and_leaves_nothing() {
    for state in ["40001", "40P01"] {
        let world = World::new().await;
        world.admin.batch_execute(&giving_up(3, state)).await.expect("a trigger");
        let audited = world.value("SELECT count(*) FROM audit_log").await;
        for answer in changes(&world).await {
            answer.refused(409, state);
        }
        assert_eq!(world.value(&format!("SELECT phone FROM clients_enhanced WHERE id = '{ACME}'")).await, "NULL");
        assert_eq!(world.value("SELECT count(*) FROM audit_log").await, audited);
    }
}
