//! `Accept`, `Content-Type`, `Prefer`, `If-Match` and the profiles.

use dialect::headers::Headers;
use dialect::headers::media::Answer;
use dialect::headers::prefer::{Count, Handling, Missing, Prefer, Resolution, Return};
use dialect::{Code, Error};

fn parse(pairs: &[(&str, &str)]) -> Result<Headers, Error> {
    Headers::parse(true, pairs.iter().map(|(name, value)| (*name, value.as_bytes())))
}

fn prefer(value: &str) -> Result<Prefer, Error> {
    parse(&[("prefer", value)]).map(|headers| headers.prefer)
}

#[test]
fn the_form_of_the_answer_is_what_the_client_likes_best() {
    let cases = [
        ("", Answer::Array),
        ("*/*", Answer::Array),
        ("application/json", Answer::Array),
        ("application/json; charset=utf-8", Answer::Array),
        ("application/vnd.pgrst.array+json", Answer::Array),
        ("application/vnd.pgrst.object+json", Answer::Object),
        ("application/vnd.pgrst.object", Answer::Object),
        ("Application/Vnd.Pgrst.Object+Json", Answer::Object),
        ("text/csv", Answer::Csv),
        ("text/html, application/xhtml+xml, */*;q=0.8", Answer::Array),
        ("application/json;q=0.5, text/csv", Answer::Csv),
        ("application/json;q=0.5, text/csv;q=0.5", Answer::Array),
        ("text/csv;q=0, application/json;q=0.1", Answer::Array),
    ];
    for (accept, expected) in cases {
        assert_eq!(parse(&[("accept", accept)]).map(|headers| headers.answer), Ok(expected), "{accept}");
    }
    assert_eq!(parse(&[]).map(|headers| headers.answer), Ok(Answer::Array));
    let several = parse(&[("accept", "text/html"), ("accept", "text/csv")]);
    assert_eq!(several.map(|headers| headers.answer), Ok(Answer::Csv));
}

#[test]
fn media_types_that_cant_be_given_are_refused() {
    for accept in [
        "text/html",
        "application/geo+json",
        "application/vnd.pgrst.object+json;nulls=stripped",
        "application/vnd.pgrst.array+json;nulls=stripped",
        "application/vnd.pgrst.plan+text; for=\"application/json\"; options=analyze;",
        "application/json;q=0",
    ] {
        let error = parse(&[("accept", accept)]).expect_err(accept);
        assert_eq!(
            (error.code, error.code.as_str(), error.code.status()),
            (Code::NotAcceptable, "PGRST107", 406),
            "{accept}"
        );
        assert!(error.message.contains(accept) && error.hint.is_some(), "{error}");
    }
}

#[test]
fn bodies_are_json() {
    for content_type in ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"] {
        assert!(parse(&[("content-type", content_type)]).is_ok(), "{content_type}");
    }
    for content_type in ["text/csv", "application/x-www-form-urlencoded", "", "application/json; charset=latin1"] {
        let error = parse(&[("content-type", content_type)]).expect_err(content_type);
        assert_eq!((error.code, error.code.as_str(), error.code.status()), (Code::UnsupportedMedia, "PGRST107", 415));
        assert!(
            Headers::parse(false, [("content-type", content_type.as_bytes())]).is_ok(),
            "nothing is read without a body"
        );
    }
}

#[test]
fn every_honoured_preference_is_read() {
    let none = Prefer::default;
    let cases = [
        ("return=minimal", Prefer { returning: Some(Return::Minimal), ..none() }),
        ("return=representation", Prefer { returning: Some(Return::Representation), ..none() }),
        ("count=exact", Prefer { count: Some(Count::Exact), ..none() }),
        ("count=planned", Prefer { count: Some(Count::Planned), ..none() }),
        ("count=estimated", Prefer { count: Some(Count::Estimated), ..none() }),
        ("resolution=merge-duplicates", Prefer { resolution: Some(Resolution::MergeDuplicates), ..none() }),
        ("resolution=ignore-duplicates", Prefer { resolution: Some(Resolution::IgnoreDuplicates), ..none() }),
        ("missing=default", Prefer { missing: Some(Missing::Default), ..none() }),
        ("missing=null", Prefer { missing: Some(Missing::Null), ..none() }),
        ("handling=strict", Prefer { handling: Some(Handling::Strict), ..none() }),
        ("handling=lenient", Prefer { handling: Some(Handling::Lenient), ..none() }),
        ("max-affected=3", Prefer { max_affected: Some(3), ..none() }),
        (
            "Return = \"minimal\" ,, count=exact",
            Prefer { returning: Some(Return::Minimal), count: Some(Count::Exact), ..none() },
        ),
        ("count=planned, count=exact", Prefer { count: Some(Count::Planned), ..none() }),
        ("respond-async, wait=10; x=\"y\"", none()),
        ("depth=; a=b ;; c, x=\"a,b;\\\"c\", count=exact", Prefer { count: Some(Count::Exact), ..none() }),
    ];
    for (value, expected) in cases {
        assert_eq!(prefer(value), Ok(expected), "{value}");
    }
    let several = parse(&[("prefer", "handling=strict"), ("prefer", "max-affected=3")]).expect("both are honoured");
    assert_eq!((several.prefer.handling, several.prefer.max_affected), (Some(Handling::Strict), Some(3)));
}

#[test]
fn values_print_as_they_are_applied() {
    let printed = [
        Return::Representation.to_string(),
        Count::Exact.to_string(),
        Resolution::MergeDuplicates.to_string(),
        Missing::Default.to_string(),
        Handling::Strict.to_string(),
    ];
    let expected =
        ["return=representation", "count=exact", "resolution=merge-duplicates", "missing=default", "handling=strict"];
    assert_eq!(printed, expected);
}

#[test]
fn unknown_preferences_are_refused_under_strict_handling() {
    for value in ["handling=strict, anything", "anything=else, handling=strict"] {
        let error = prefer(value).expect_err(value);
        assert_eq!((error.code.as_str(), error.code.status()), ("PGRST122", 400));
        assert!(error.details.as_deref().is_some_and(|details| details.contains("anything")), "{error}");
    }
}

#[test]
fn preferences_that_would_be_missed_are_refused_under_any_handling() {
    for value in [
        "tx=rollback",
        "timezone=UTC",
        "params=single-object",
        "return=headers-only",
        "count=some",
        "max-affected=-1",
        "max-affected=+1",
        "max-affected=",
        "max-affected",
        "max-affected=99999999999999999999",
        "handling=firm",
        "{}",
        "=x",
        "x=[]",
        "x=a b",
        "x=\"a",
        "x=\"a\"b",
        "x=\"a\\\"",
        "x=1; {}",
        "; x=1",
        "count=\"exact",
    ] {
        let error = prefer(value).expect_err(value);
        assert_eq!(error.code, Code::Preference, "{value}");
        assert!(error.details.as_deref().is_some_and(|details| details.contains(value)), "{error}");
    }
}

#[test]
fn if_match_takes_one_version() {
    let version = |value| parse(&[("if-match", value)]).map(|headers| headers.if_match);
    assert_eq!(version("\"7\""), Ok(Some("7".to_owned())));
    assert_eq!(version("\"2026-01-01T00:00:00+00:00\""), Ok(Some("2026-01-01T00:00:00+00:00".to_owned())));
    for value in ["7", "*", "W/\"7\"", "\"7\", \"8\"", "\"\"", "\""] {
        assert_eq!(version(value).expect_err(value).code, Code::Parse, "{value}");
    }
    assert!(parse(&[("if-match", "\"7\""), ("if-match", "\"8\"")]).is_err());
}

#[test]
fn the_one_profile_is_public() {
    for name in ["accept-profile", "content-profile"] {
        assert!(parse(&[(name, "public")]).is_ok());
        let error = parse(&[(name, "tenantry")]).expect_err("no other schema is exposed");
        assert_eq!((error.code.as_str(), error.code.status()), ("PGRST106", 406));
        assert!(error.hint.is_some_and(|hint| hint.contains("public")));
    }
}

#[test]
fn headers_that_would_be_missed_are_refused() {
    for name in ["range", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range"] {
        let error = parse(&[(name, "0-9")]).expect_err(name);
        assert!(error.message.contains(name) && error.hint.is_some(), "{error}");
    }
    assert!(parse(&[("user-agent", "x"), ("x-client-info", "supabase-js")]).is_ok());
}

#[test]
fn values_that_arent_text_are_refused() {
    let error = Headers::parse(true, [("prefer", &b"\xff"[..])]).expect_err("not UTF-8");
    assert!(error.message.contains("prefer"));
}
