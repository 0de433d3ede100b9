//! What is refused, and that the answer names the place, what was expected, and the mend.

use dialect::{Code, Limits, Query};

use super::refusal;

#[test]
fn every_refusal_names_place_and_expectation() {
    let cases = [
        // What was sent, the column, and a part of what is said.
        ("select=id,rel(name[])", 19, "unexpected '['"),
        ("select=id,,name", 11, "expecting a name"),
        ("select=rel(id", 14, "\")\""),
        ("select=id)", 10, "end of input"),
        ("select=name!hint", 17, "\"(\""),
        ("select=*!hint", 9, "unexpected '!'"),
        ("select=name::", 14, "the name of a type"),
        ("select=a->>b->c", 13, "->>"),
        ("select=a->>-xy", 13, "a digit"),
        ("select=a->99999999999", 11, "99999999999"),
        ("select=\"a", 8, "nothing closes it"),
        ("select=rel!a!b(id)", 13, "one hint"),
        ("select=amount.sum()", 14, "unexpected '.'"),
        ("tier=noop.gold", 6, "unknown operator \"noop\""),
        ("tier=gold", 6, "unknown operator \"gold\""),
        ("tier=eq", 8, "\".\" and a value"),
        ("tier=", 6, "unknown operator"),
        ("tier", 6, "unknown operator"),
        ("tier=eq(any).{a}", 8, "\".\""),
        ("tier=like(some).{a}", 10, "\"(any)\""),
        ("tier=like(any).a", 16, "braces"),
        ("tier=fts().a", 10, "text search configuration"),
        ("tier=is.maybe", 9, "not_null"),
        ("tier=is.nullx", 9, "not_null"),
        ("tier=is.null.x", 13, "end of input"),
        ("tier=in.1,2", 9, "\"(\""),
        ("tier=in.(1,2", 13, "\")\""),
        ("tier=in.(1),2", 12, "end of input"),
        ("tier[0]=eq.1", 5, "unexpected '['"),
        (".id=eq.1", 1, "a name"),
        ("rel..id=eq.1", 5, "a name"),
        ("or=()", 5, "a name"),
        ("or=a.eq.1", 4, "\"(\""),
        ("or=(a.eq.1", 11, "\")\""),
        ("or=(a.eq.1)x", 12, "end of input"),
        ("or=(a.eq.1,not.xor(b.eq.1))", 16, "unknown operator \"xor\""),
        ("or=(a)", 6, "an operator"),
        ("order=id.ac", 10, "\"asc\""),
        ("order=id.asc.nlsfst", 14, "\"nullsfirst\""),
        ("order=id.nullslast.asc", 20, "end of input"),
        ("order=rel(a,b)", 12, "\")\""),
        ("order=", 7, "a name"),
        ("columns=", 9, "a name"),
        ("on_conflict=a,", 15, "a name"),
        ("limit=", 7, "a whole number"),
        ("limit=ten", 7, "a whole number"),
        ("limit=1e3", 7, "a whole number"),
        ("limit=99999999999999999999", 7, "at most 9223372036854775807"),
        ("limit=1&limit=2", 7, "given twice"),
        ("select=a&select=b", 8, "given twice"),
        ("order=a&order=b", 7, "given twice"),
    ];
    for (raw, column, details) in cases {
        let error = refusal(raw);
        assert_eq!((error.code, error.code.as_str(), error.code.status()), (Code::Parse, "PGRST100", 400), "{raw}");
        assert!(error.message.ends_with(&format!("(line 1, column {column})")), "{raw}: {error}");
        let said = error.details.as_deref().unwrap_or_default();
        assert!(said.contains(details), "{raw}: {error}");
    }
}

#[test]
fn hints_name_the_mend() {
    let cases = [
        ("tier=equals.gold", "did you mean eq?"),
        ("tier=EQ.gold", "did you mean eq?"),
        ("tier=ilik.gold", "did you mean ilike?"),
        ("tier=gold", "tier=eq.gold"),
        ("during=sl.(1,2)", "ranges"),
        ("tier=eq(any).{a}", "in.(…)"),
        ("select=amount.sum()", "count()"),
        ("order=a&order=b", "order=a.asc,b.desc"),
    ];
    for (raw, hint) in cases {
        let error = refusal(raw);
        assert!(error.hint.as_deref().is_some_and(|said| said.contains(hint)), "{raw}: {error}");
    }
}

#[test]
fn below_zero_is_a_range_that_cant_be_satisfied() {
    for raw in ["limit=-1", "offset=-5", "rel.limit=-99999999999999999999"] {
        let error = refusal(raw);
        assert_eq!((error.code.as_str(), error.code.status()), ("PGRST103", 416), "{raw}");
    }
    assert_eq!(super::read("limit=-0").root.limit, Some(0));
}

#[test]
fn text_that_postgresql_has_no_place_for_is_refused() {
    for raw in ["tier=eq.a%00b", "ti%00er=eq.a", "select=a%00", "tier=eq.%FF"] {
        assert_eq!(refusal(raw).code, Code::Parse, "{raw}");
    }
    assert!(refusal("tier=eq.a%00b").message.contains("\"tier\""));
    assert!(Query::parse(b"tier=eq.\xff", &Limits::default()).is_err());
}

#[test]
fn a_long_parameter_is_shown_around_the_place() {
    let error = refusal(&format!("select={},a[,{}", "x".repeat(500), "y".repeat(500)));
    assert!(error.message.contains("…x") && error.message.contains("y…"), "{error}");
    assert!(error.message.chars().count() < 250, "{error}");
    let error = refusal(&format!("tier={}", "z".repeat(500)));
    assert!(error.to_string().chars().count() < 500, "{error}");
}

#[test]
fn what_is_asked_has_limits() {
    let limits = Limits::default();
    let nested = |word: &str, levels: usize| {
        format!("{}(a.eq.1{})", format!("({word}").repeat(levels - 1), ")".repeat(levels - 1))
    };
    let embeds = |levels: usize| format!("select={}id{}", "rel(".repeat(levels), ")".repeat(levels));
    let within = [
        vec!["a=eq.1"; limits.filters].join("&"),
        format!("or=({})", vec!["a.eq.1"; limits.filters].join(",")),
        format!("or={}", nested("or", limits.logic_depth)),
        embeds(limits.embed_depth),
        format!("{}id=eq.1", "rel.".repeat(limits.embed_depth)),
        format!("select={}", vec!["rel(id)"; limits.embeds].join(",")),
        format!("a=in.({})", vec!["1"; limits.list].join(",")),
        format!("select={}&order={}", vec!["id"; limits.items / 2].join(","), vec!["id"; limits.items / 2].join(",")),
        format!("select=a{}", "->b".repeat(limits.json_steps)),
    ];
    let beyond = [
        vec!["a=eq.1"; limits.filters + 1].join("&"),
        format!("or=({})", vec!["a.eq.1"; limits.filters + 1].join(",")),
        format!("or={}", nested("or", limits.logic_depth + 1)),
        embeds(limits.embed_depth + 1),
        format!("{}id=eq.1", "rel.".repeat(limits.embed_depth + 1)),
        format!("select={}", vec!["rel(id)"; limits.embeds + 1].join(",")),
        format!("a=in.({})", vec!["1"; limits.list + 1].join(",")),
        format!("select={}", vec!["id"; limits.items + 1].join(",")),
        format!("select={}&order={}", vec!["id"; limits.items].join(","), "id"),
        format!("select=a{}", "->b".repeat(limits.json_steps + 1)),
        vec!["a=eq.1"; 10_000].join("&"),
        format!("or={}", nested("or", 4_000)),
        embeds(4_000),
        format!("a=eq.{}", "x".repeat(limits.query_bytes)),
    ];
    for raw in within {
        assert!(Query::parse(raw.as_bytes(), &limits).is_ok(), "{}…", &raw[..60.min(raw.len())]);
    }
    for raw in beyond {
        let error = Query::parse(raw.as_bytes(), &limits).expect_err("beyond a limit");
        assert_eq!(error.code, Code::Parse);
        let said = format!("{error}");
        assert!(said.contains("more than") || said.contains("at most"), "{said}");
    }
}
