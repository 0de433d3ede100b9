use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::Method;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::world::{Session, World};

/// A JWT put together by hand.
pub fn jwt(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(sign(message.as_bytes()));
    format!("{message}.{signature}")
}

/// Every way of tampering with a person's token, each with its name.
pub async fn tampered(world: &World, session: &Session) -> Vec<(&'static str, String)> {
    let claims = session.claims();
    let published = world.server.get("/auth/v1/.well-known/jwks.json").await.json();
    let key = &published["keys"][0];
    let kid = &key["kid"];
    let hs256 = |secret: Vec<u8>| {
        move |message: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message).as_ref().to_vec()
    };
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().expect("base64")).expect("base64");
    let point = [vec![4], bytes("x"), bytes("y")].concat();
    let (own, own_jwk) = attackers_key();
    let signed = |header: Header, claims: &Value| jsonwebtoken::encode(&header, claims, &own).expect("it signs");
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        claims
    };
    let ours = Header { kid: kid.as_str().map(ToOwned::to_owned), ..Header::new(Algorithm::ES256) };
    let parts: Vec<&str> = session.access().split('.').collect();
    let promoted =
        URL_SAFE_NO_PAD.encode(with("app_metadata", json!({ "role": "super_admin", "added": true })).to_string());
    let hs = json!({ "alg": "HS256", "typ": "JWT", "kid": kid });
    vec![
        ("alg none", jwt(&json!({ "alg": "none", "kid": kid }), &claims, |_| vec![])),
        ("alg NONE", jwt(&json!({ "alg": "NONE", "kid": kid }), &claims, |_| vec![])),
        ("no alg", jwt(&json!({ "kid": kid }), &claims, |_| vec![])),
        ("HS256 with the public key's JSON", jwt(&hs, &claims, hs256(key.to_string().into_bytes()))),
        ("HS256 with the public key's point", jwt(&hs, &claims, hs256(point))),
        ("HS256 with nothing", jwt(&hs, &claims, hs256(vec![]))),
        ("another key under our kid", signed(ours.clone(), &claims)),
        ("a key that isn't known", signed(Header { kid: own_jwk.common.key_id.clone(), ..ours.clone() }, &claims)),
        ("a kid that is a path", signed(Header { kid: Some("../../etc/passwd".to_owned()), ..ours.clone() }, &claims)),
        ("a kid that is SQL", signed(Header { kid: Some("' OR true --".to_owned()), ..ours.clone() }, &claims)),
        ("no kid", signed(Header { kid: None, ..ours.clone() }, &claims)),
        ("an embedded jwk", signed(Header { jwk: Some(own_jwk.clone()), ..ours.clone() }, &claims)),
        ("a jku", signed(Header { jku: Some("http://attacker.example/jwks".to_owned()), ..ours.clone() }, &claims)),
        ("other claims", format!("{}.{promoted}.{}", parts[0], parts[2])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{}.x", session.access())),
        ("nothing", ".".to_owned()),
    ]
}

/// Tokens that the server's own key has signed, and that don't count all the same.
pub fn not_valid(world: &World, session: &Session) -> Vec<(&'static str, String)> {
    let claims = session.claims();
    let now = claims["iat"].as_i64().expect("a number");
    [
        ("expired", "exp", json!(now - 1)),
        ("without an end", "exp", Value::Null),
        ("of another audience", "aud", json!("anon")),
        ("without an audience", "aud", Value::Null),
        ("of another issuer", "iss", json!("https://abc.supabase.co/auth/v1")),
        ("not yet", "nbf", json!(now + 3_600)),
        ("of the future", "iat", json!(now + 3_600)),
        ("of nobody", "sub", Value::Null),
        ("of somebody unknown", "sub", json!(uuid::Uuid::nil())),
        ("of no person's id", "sub", json!("1 OR true")),
        ("with another role", "app_metadata", json!({ "role": "super_admin" })),
        ("as a service", "app_metadata", json!({ "role": "service" })),
        ("without a role", "app_metadata", json!({})),
        ("of another session", "session_id", json!(uuid::Uuid::nil())),
    ]
    .into_iter()
    .map(|(name, claim, value)| {
        let mut claims = claims.clone();
        claims[claim] = value;
        (name, sign_as_the_server(world, &claims))
    })
    .collect()
}

/// Signs with the server's own key, as only somebody with its file can.
pub fn sign_as_the_server(world: &World, claims: &Value) -> String {
    let file = std::fs::read(world.server.data_dir.0.join("keys/key-1")).expect("the first key");
    let written: Value = serde_json::from_slice(&file).expect("JSON");
    let pkcs8 = base64::engine::general_purpose::STANDARD.decode(written["signing"].as_str().expect("base64"));
    let key = EncodingKey::from_ec_der(&pkcs8.expect("base64"));
    let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, Algorithm::ES256).expect("a key");
    let kid = jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).expect("a key");
    jsonwebtoken::encode(&Header { kid: Some(kid), ..Header::new(Algorithm::ES256) }, claims, &key).expect("it signs")
}

fn attackers_key() -> (EncodingKey, jsonwebtoken::jwk::Jwk) {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &aws_lc_rs::rand::SystemRandom::new());
    let key = EncodingKey::from_ec_der(pkcs8.expect("a key").as_ref());
    let mut jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, Algorithm::ES256).expect("a key");
    jwk.common.key_id = Some("the-attackers-own".to_owned());
    (key, jwk)
}

#[tokio::test]
async fn a_tampered_token_is_401() {
    let world = World::new().await;
    let session = world.sign_in("manager").await;
    for (name, token) in tampered(&world, &session).await {
        let answer = world.user(&token).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error_code"]), (401, &json!("bad_jwt")), "{name}");
        assert!(answer.header("www-authenticate").is_some_and(|said| said.starts_with("Bearer error=")), "{name}");
        assert!(!answer.text().contains("agency.example"), "{name}");
    }
    assert_eq!(world.user(session.access()).await.status, 200);
}

#[tokio::test]
async fn a_token_that_does_not_count_is_refused_although_its_signature_is_right() {
    let world = World::new().await;
    let session = world.sign_in("manager").await;
    assert_eq!(world.user(&sign_as_the_server(&world, &session.claims())).await.status, 200, "the forge works");
    for (name, token) in not_valid(&world, &session) {
        let answer = world.user(&token).await;
        let expected = if name == "of another session" { 403 } else { 401 };
        assert_eq!(answer.status.as_u16(), expected, "{name}: {}", answer.text());
        assert!(!answer.text().contains("agency.example"), "{name}");
    }
}

#[tokio::test]
async fn credentials_that_are_missing_or_odd_are_401() {
    let world = World::new().await;
    let session = world.sign_in("manager").await;
    let call = || world.server.call(Method::GET, "/auth/v1/user");
    let bearer = format!("Bearer {}", session.access());
    assert_eq!(call().send().await.json()["error_code"], "no_authorization");
    assert_eq!(call().send().await.header("www-authenticate"), Some("Bearer"));
    for (name, value) in [
        ("authorization", "Basic bWlhOnNlY3JldA=="),
        ("authorization", session.access()),
        ("authorization", "Bearer "),
        ("authorization", ""),
        ("apikey", ""),
        ("apikey", "anon"),
        ("apikey", "tnt_pub_abc"),
    ] {
        assert_eq!(call().header(name, value).send().await.status, 401, "{name}: {value}");
    }
    let twice = call().header("authorization", &bearer).header("authorization", &bearer).send().await;
    assert_eq!(twice.status, 401);
    // The person's token alone is enough; a key beside it has to be one.
    assert_eq!(call().header("authorization", &bearer).send().await.status, 200);
    for apikey in ["anon", "tnt_pub_abc", session.refresh()] {
        assert_eq!(
            call().header("authorization", &bearer).header("apikey", apikey).send().await.status,
            401,
            "{apikey}"
        );
    }
    assert_eq!(world.with_key(Method::GET, "/auth/v1/user").send().await.status, 403, "nobody is signed in");
}
