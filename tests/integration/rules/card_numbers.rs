//! Numbers of payment cards are never stored, wherever they stand in a text or a document.

use super::agency::{ACME, Agency, Who};

/// Test numbers that the issuers publish.
const CARDS: &[&str] = &[
    "4111111111111111",
    "4222222222222",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "6011111111111117",
    "30569309025904",
    "3530111333300000",
    "6200000000000005",
    "6759649826438453",
];

/// Close to one, but wrong in prefix, length or check digit, or only part of a value.
const OTHERS: &[&str] = &[
    "4111111111111112",
    "411111111111111",
    "9111111111111111",
    "1700000000000000",
    "37828224631000",
    "order 4111111111111111",
    "4111111111111111.5",
    "0000000000000000",
    "41111111-1111-4111-8111-111111111111",
];

#[tokio::test]
async fn issuer_length_and_check_digit_make_a_card_number() {
    let agency = Agency::new().await;
    let judged = async |values: Vec<String>| {
        let list = values.iter().map(|value| format!("('{value}')")).collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT v FROM (VALUES {list}) t (v) WHERE tenantry.is_card_number(v)");
        agency.ok(Who::Operator, &sql).await.concat()
    };
    let cards: Vec<String> = CARDS.iter().map(|&card| card.to_owned()).collect();
    assert_eq!(judged(cards.clone()).await, cards);
    let mistyped = |card: &String| {
        let (start, last) = card.split_at(card.len() - 1);
        format!("{start}{}", (last.parse::<u8>().expect("a digit") + 1) % 10)
    };
    assert!(judged(cards.iter().map(mistyped).collect()).await.is_empty());
    assert!(judged(OTHERS.iter().map(|&other| other.to_owned()).collect()).await.is_empty());
    let grouped =
        ["4111 1111 1111 1111", "4111-1111-1111-1111", " 4111\u{a0}1111\u{2013}1111 1111 "].map(str::to_owned);
    assert_eq!(judged(grouped.to_vec()).await, grouped);
}

#[tokio::test]
async fn the_program_says_the_same_of_every_prefix_and_length() {
    let agency = Agency::new().await;
    // Every beginning of four digits at every length, filled up with sevens and ended with the right check digit.
    let numbers = "SELECT n || (10 - luhn % 10) % 10 FROM generate_series(0, 9999) p, generate_series(12, 20) l, \
        LATERAL (SELECT rpad(lpad(p::text, 4, '0'), l - 1, '7')) v (n), \
        LATERAL (SELECT sum(CASE WHEN at % 2 = 0 THEN d::int ELSE d::int * 2 - 9 * (d::int / 5) END) \
                   FROM string_to_table(reverse(n), NULL) WITH ORDINALITY s (d, at)) c (luhn)";
    let all = agency.ok(Who::Operator, numbers).await.concat();
    assert_eq!(all.len(), 90_000);
    let cards = format!("SELECT v FROM ({numbers}) t (v) WHERE tenantry.is_card_number(v)");
    let by_database = agency.ok(Who::Operator, &cards).await.concat();
    let by_program: Vec<_> = all.into_iter().filter(|number| layers::card::is_card_number(number)).collect();
    assert!(by_program.len() > 10_000, "{}", by_program.len());
    assert!(by_database == by_program, "{} and {}", by_database.len(), by_program.len());
}

#[tokio::test]
async fn they_are_refused_in_every_column_that_can_hold_one_and_not_repeated() {
    let agency = Agency::new().await;
    agency.ok(Who::Admin, &format!("INSERT INTO client_billing_info (client_id) VALUES ('{ACME}')")).await;
    let card = "4111 1111 1111 1111";
    for (table, sql, place) in [
        ("client_billing_info", format!("UPDATE client_billing_info SET billing_email = '{card}'"), "billing_email"),
        (
            "client_billing_info",
            format!(r#"UPDATE client_billing_info SET billing_address = '{{"note": ["{card}"]}}'"#),
            "billing_address.note.0",
        ),
        (
            "client_billing_info",
            r#"UPDATE client_billing_info SET current_usage = '{"n": 4111111111111111}'"#.to_owned(),
            "current_usage.n",
        ),
        (
            "system_configurations",
            format!(
                r#"INSERT INTO system_configurations (configuration_key, configuration_value) VALUES ('a', '{{"4111111111111111": "{card}"}}')"#
            ),
            "configuration_value.…",
        ),
        (
            "template_configurations",
            format!(
                r#"INSERT INTO template_configurations (template_id, template_version, template_name, default_configuration) VALUES ('t', '1.0.0', 'T', '"{card}"')"#
            ),
            "default_configuration",
        ),
        (
            "client_customizations",
            format!(
                "INSERT INTO client_customizations (client_id, template_id, ai_customization_prompts) VALUES ('{ACME}', 't', '{{use, {card}}}')"
            ),
            "ai_customization_prompts.1",
        ),
        (
            "deployment_configurations",
            format!(
                "INSERT INTO deployment_configurations (client_id, environment, deployment_name, subdomain) VALUES ('{ACME}', 'staging', 'd', '{card}')"
            ),
            "subdomain",
        ),
        ("deployment_templates", format!("UPDATE deployment_templates SET description = '{card}'"), "description"),
    ] {
        let refusal = agency.refused(Who::Admin, &sql).await;
        refusal.by("TN422", &format!("{table}_card_number"));
        assert!(refusal.message.contains(&format!("{table}.{place} ")), "{}", refusal.message);
        let digits: String = refusal.whole.chars().filter(char::is_ascii_digit).collect();
        assert!(!digits.contains("41111111"), "{}", refusal.whole);
    }
}

#[tokio::test]
async fn one_from_before_adoption_stays_and_its_row_stays_editable() {
    let agency = Agency::new().await;
    agency
        .ok(Who::Operator, &format!(
            r#"SET LOCAL session_replication_role = replica;
               INSERT INTO client_billing_info (client_id, billing_address) VALUES ('{ACME}', '{{"card": "4111111111111111"}}')"#))
        .await;
    agency.ok(Who::Admin, "UPDATE client_billing_info SET billing_email = 'a@example.com'").await;
    agency
        .ok(Who::Admin, r#"UPDATE client_billing_info SET billing_address = billing_address || '{"city": "Leeds"}'"#)
        .await;
    let another =
        r#"UPDATE client_billing_info SET billing_address = billing_address || '{"second": "5555555555554444"}'"#;
    agency.refused(Who::Admin, another).await.by("TN422", "client_billing_info_card_number");
    let elsewhere = "UPDATE client_billing_info SET billing_email = '4111111111111111'";
    agency.refused(Who::Admin, elsewhere).await.by("TN422", "client_billing_info_card_number");
}
