use super::world::{PASSWORD, World, email};

/// As if so many seconds had passed.
async fn wait(world: &World, seconds: u32) {
    world
        .sql(&format!(
            "UPDATE tenantry.sign_in_delays SET failed_at = failed_at - interval '{seconds} s',
                    blocked_until = blocked_until - interval '{seconds} s'"
        ))
        .await;
}

/// As if every count that stands so high stood higher: then a wait is longer than any test.
async fn count(world: &World, from: u32, to: u32) {
    world.sql(&format!("UPDATE tenantry.sign_in_delays SET failures = {to} WHERE failures = {from}")).await;
}

/// The longest wait that was set, in seconds.
async fn longest(world: &World) -> String {
    let sql = "SELECT max(extract(epoch FROM blocked_until - failed_at))::int::text FROM tenantry.sign_in_delays";
    world.text(sql).await
}

#[tokio::test]
async fn guessing_becomes_slower_and_the_right_password_waits_too() {
    let world = World::new().await;
    let mut waits = Vec::new();
    for _ in 0..8 {
        assert_eq!(world.try_sign_in(&email("manager"), "incorrect horse").await.status, 400);
        waits.push(longest(&world).await.parse::<i32>().expect("a number").max(0));
        wait(&world, 10).await;
    }
    assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4]);
    count(&world, 8, 14).await;
    assert_eq!(world.try_sign_in(&email("manager"), "incorrect horse").await.status, 400);
    let blocked = world.try_sign_in(&email("manager"), PASSWORD).await;
    assert_eq!((blocked.status.as_u16(), &blocked.json()["error_code"]), (429, &"over_request_rate_limit".into()));
    let told: u32 = blocked.header("retry-after").expect("how long").parse().expect("a number");
    assert!((500..=512).contains(&told), "{told}");
    // Another account from here, and the same through another server, which shares what is counted.
    assert_eq!(world.try_sign_in(&email("staff"), PASSWORD).await.status, 200);
    let beside = World { server: world.server.beside().await, key: world.key.clone() };
    assert_eq!(beside.try_sign_in(&email("manager"), PASSWORD).await.status, 429);
    wait(&world, 512).await;
    assert_eq!(beside.try_sign_in(&email("manager"), PASSWORD).await.status, 200);
    assert_eq!(world.try_sign_in(&email("manager"), "incorrect horse").await.status, 400, "it begins anew");
}

#[tokio::test]
async fn an_account_that_nobody_has_waits_like_any_other() {
    let world = World::new().await;
    assert_eq!(world.try_sign_in("nobody@agency.example", "x").await.status, 400);
    count(&world, 1, 14).await;
    assert_eq!(world.try_sign_in("nobody@agency.example", "x").await.status, 400);
    assert_eq!(world.try_sign_in("Nobody@agency.example", "x").await.status, 429);
    let kept = "SELECT count(*)::text FROM tenantry.sign_in_delays d WHERE to_jsonb(d)::text ~* 'nobody|127.0.0.1'";
    assert_eq!(world.text(kept).await, "0", "what was typed isn't kept");
}

#[tokio::test]
async fn many_guesses_at_once_count_like_many_in_a_row() {
    let world = World::new().await;
    assert_eq!(world.try_sign_in("nobody@agency.example", "x").await.status, 400);
    count(&world, 1, 14).await;
    let guesses = (0..20).map(|_| world.try_sign_in("nobody@agency.example", "x"));
    let answers = futures_util::future::join_all(guesses).await;
    let looked_at = answers.iter().filter(|answer| answer.status == 400).count();
    assert_eq!(looked_at, 1, "all others wait for it");
}

#[tokio::test]
async fn one_address_that_tries_many_accounts_waits_a_little() {
    let world = World::new().await;
    world.try_sign_in("nobody@agency.example", "x").await;
    count(&world, 1, 60).await;
    assert_eq!(world.try_sign_in("nobody-else@agency.example", "x").await.status, 400);
    assert_eq!(longest(&world).await, "60");
    world.sql("UPDATE tenantry.sign_in_delays SET blocked_until = blocked_until + interval '1 hour'").await;
    assert_eq!(world.try_sign_in(&email("manager"), PASSWORD).await.status, 429);
    wait(&world, 3_660).await;
    assert_eq!(world.try_sign_in(&email("manager"), PASSWORD).await.status, 200);
    assert_eq!(world.try_sign_in(&email("staff"), PASSWORD).await.status, 200, "good ones don't add up");
}

#[tokio::test]
async fn whoever_is_turned_away_is_in_the_log_once_a_wait() {
    let world = World::new().await;
    world.try_sign_in(&email("manager"), "x").await;
    count(&world, 1, 14).await;
    world.try_sign_in(&email("manager"), "x").await;
    for _ in 0..5 {
        assert_eq!(world.try_sign_in(&email("manager"), "x").await.status, 429);
    }
    let locked = "SELECT string_agg(details ->> 'user_id', ',') FROM public.audit_log
                   WHERE action = 'sign_in' AND details ->> 'outcome' = 'locked'";
    assert_eq!(world.text(locked).await, super::world::id("manager").to_string());
}

#[tokio::test]
async fn what_nobody_added_to_for_a_day_is_forgotten() {
    let world = World::new().await;
    world.try_sign_in("nobody@agency.example", "x").await;
    wait(&world, 90_000).await;
    world.try_sign_in(&email("manager"), "x").await;
    let counts = "SELECT count(*)::text FROM tenantry.sign_in_delays";
    assert_eq!(world.text(counts).await, "2", "the manager's account from here, and the address");
}
