//! *Merge* on references, sentence by sentence.

use layers::Place::{ClientAll, GlobalAll, TemplateDefaults};
use layers::limits::{REFERENCE_BYTES, REFERENCE_HOPS};
use layers::{Entry, Place, check, closed, resolve};
use serde_json::{Value, json};

use super::example::{example, row};
use super::{key, named, sources};

#[test]
fn a_whole_text_takes_the_value_with_its_type() {
    for value in
        [json!("text"), json!(5), json!(1.5), json!(true), json!(null), json!([1, { "a": 2 }]), json!({ "x": 1 })]
    {
        example("`${a.b}` as a whole string takes the value with its type")
            .rows([row(GlobalAll, "a", json!({ "b": value })), row(ClientAll, "c", "${a.b}")])
            .gives(json!({ "a": { "b": value }, "c": value }));
    }
}

#[test]
fn inside_a_longer_text_it_must_be_a_scalar() {
    example("inside a longer string it must be a scalar")
        .rows([
            row(GlobalAll, "a", json!({ "s": "x", "n": 5, "b": true, "z": null, "f": 1.5 })),
            row(ClientAll, "c", "${a.s}-${a.n}/${a.b} ${a.z}${a.f}"),
        ])
        .gives(json!({ "a": { "b": true, "f": 1.5, "n": 5, "s": "x", "z": null }, "c": "x-5/true null1.5" }));
    for value in [json!([1]), json!({ "x": 1 })] {
        example("an object or array inside a longer text is refused, and the text stays as it is written")
            .rows([row(GlobalAll, "a", value.clone()), row(ClientAll, "c", "is ${a}")])
            .gives_noting(json!({ "a": value, "c": "is ${a}" }), &[("/c", "reference-scalar")]);
    }
}

#[test]
fn two_dollars_are_a_literal_one() {
    example("`$${` is a literal `${`")
        .rows([
            row(GlobalAll, "a", "$${b}"),
            row(GlobalAll, "c", "5 $ and $${d and ${e}"),
            row(GlobalAll, "e", "$$${x}"),
        ])
        .gives_noting(json!({ "a": "${b}", "c": "5 $ and ${d and $${x}", "e": "$${x}" }), &[]);
    example("a dollar alone means itself")
        .rows([row(GlobalAll, "a", "$5 {x} $ $$")])
        .gives(json!({ "a": "$5 {x} $ $$" }));
}

#[test]
fn references_are_resolved_after_the_fold_against_the_same_document() {
    example("References are resolved after the fold: what they refer to may stand at any layer")
        .rows([
            row(TemplateDefaults, "", json!({ "url": "https://${host}/", "host": "a" })),
            row(ClientAll, "host", "b"),
        ])
        .gives(json!({ "host": "b", "url": "https://b/" }));
    example("against the same document, over several steps, into what other references brought")
        .rows([
            row(GlobalAll, "a", "${b.inner.x}"),
            row(GlobalAll, "b", "${c}"),
            row(GlobalAll, "c", json!({ "inner": { "x": "${d}" } })),
            row(GlobalAll, "d", 1),
        ])
        .gives(json!({ "a": 1, "b": { "inner": { "x": 1 } }, "c": { "inner": { "x": 1 } }, "d": 1 }));
    example("within arrays too, but not into them")
        .rows([
            row(GlobalAll, "a", json!(["${b}", { "c": "${b}" }])),
            row(GlobalAll, "b", 1),
            row(GlobalAll, "d", "${a.0}"),
        ])
        .gives_noting(json!({ "a": [1, { "c": 1 }], "b": 1, "d": "${a.0}" }), &[("/d", "reference-unknown")]);
    example("and before validation: see `validation`").gives(json!({}));
}

fn chain(length: usize) -> Vec<(Place, Entry)> {
    let link = |number: usize| match number {
        last if last == length => json!("end"),
        number => json!(format!("${{k{}}}", number + 1)),
    };
    (0..=length).map(|number| (GlobalAll, Entry::new(key(&format!("k{number}")), link(number)))).collect()
}

#[test]
fn at_most_ten_hops() {
    let of_ten = resolve(&sources(None, &chain(REFERENCE_HOPS)), &closed);
    assert_eq!(of_ten.document["k0"], "end");
    assert_eq!(of_ten.problems, []);
    let of_eleven = resolve(&sources(None, &chain(REFERENCE_HOPS + 1)), &closed);
    assert_eq!(named(&of_eleven.problems), [("/k0".to_owned(), "reference-hops".to_owned())]);
    assert_eq!(of_eleven.document["k1"], "end");
    let of_many = resolve(&sources(None, &chain(5_000)), &closed);
    assert!(of_many.problems.iter().all(|problem| problem.rule.name() == "reference-hops"));
}

#[test]
fn and_one_megabyte_of_result() {
    let text = "x".repeat(REFERENCE_BYTES / 4);
    let mut entries = vec![(GlobalAll, Entry::new(key("text"), json!(text)))];
    for number in 0..3 {
        entries.push((ClientAll, Entry::new(key(&format!("copy{number}")), json!("${text}"))));
    }
    assert_eq!(resolve(&sources(None, &entries), &closed).problems, []);
    entries.push((ClientAll, Entry::new(key("copy3"), json!("${text}"))));
    let rules: Vec<_> = named(&resolve(&sources(None, &entries), &closed).problems);
    assert_eq!(rules, [("/copy3".to_owned(), "size".to_owned())]);
    let doubling = |number: usize| match number {
        0 => json!("a ".repeat(1000)),
        _ => json!({ "l": format!("${{d{}}}", number - 1), "r": format!("${{d{}}}", number - 1) }),
    };
    let bomb: Vec<_> = (0..=REFERENCE_HOPS)
        .map(|number| (GlobalAll, Entry::new(key(&format!("d{number}")), doubling(number))))
        .collect();
    assert_eq!(resolve(&sources(None, &bomb), &closed).problems.len(), 1);
    let empty = "${e}".repeat(1000);
    let endless =
        |number: usize| if number == 0 { json!("") } else { json!(empty.replace('e', &format!("d{}", number - 1))) };
    let slow: Vec<_> = (0..=REFERENCE_HOPS)
        .map(|number| (GlobalAll, Entry::new(key(&format!("d{number}")), endless(number))))
        .collect();
    assert_eq!(resolve(&sources(None, &slow), &closed).document["d10"], "");
}

#[test]
fn cycles_and_unknown_paths_are_refused() {
    for (sentence, rows, paths) in [
        ("of one", vec![("a", "${a}")], vec!["/a"]),
        ("of two", vec![("a", "${b}"), ("b", "x${a}")], vec!["/a", "/b"]),
        ("through a parent", vec![("a.b", "${a}")], vec!["/a/b"]),
        ("beside a way out", vec![("a", "${b}"), ("b", "${a}"), ("c", "${a}")], vec!["/a", "/b"]),
        ("through a value that isn't there yet", vec![("a", "${b.c}"), ("b", "${a}")], vec!["/a", "/b"]),
    ] {
        let entries: Vec<_> =
            rows.iter().map(|&(text, value)| (GlobalAll, Entry::new(key(text), json!(value)))).collect();
        let resolved = resolve(&sources(None, &entries), &closed);
        let expected: Vec<_> = paths.iter().map(|&path| (path.to_owned(), "reference-cycle".to_owned())).collect();
        assert_eq!(named(&resolved.problems), expected, "{sentence}");
        for (text, value) in rows {
            assert_eq!(key(text).find(&resolved.document), Some(&json!(value)), "{sentence}: the text stays");
        }
    }
    example("unknown paths are refused")
        .rows([row(GlobalAll, "a", "${b}"), row(GlobalAll, "c", json!({ "d": 1 })), row(GlobalAll, "e", "x ${c.d.e}")])
        .gives_noting(
            json!({ "a": "${b}", "c": { "d": 1 }, "e": "x ${c.d.e}" }),
            &[("/a", "reference-unknown"), ("/e", "reference-unknown")],
        );
    for malformed in ["${", "${}", "${a", "${a b}", "${a.}", "x ${HOME:-/root}", "${a[0]}"] {
        assert_eq!(named(&check(&json!({ "t": malformed }))), [("/t".to_owned(), "reference-malformed".to_owned())]);
        example("what begins no reference is refused when it is written, and stays as it is where it stands")
            .rows([row(GlobalAll, "a", malformed)])
            .gives_noting(json!({ "a": malformed }), &[("/a", "reference-malformed")]);
    }
}

#[test]
fn text_literally_is_literal() {
    example("Text that was there before adoption is literal until somebody edits it")
        .rows([row(GlobalAll, "a", json!(["${b} and $${c}", { "d": "${" }])).literally(), row(ClientAll, "e", "${a}")])
        .gives(json!({ "a": ["${b} and $${c}", { "d": "${" }], "e": ["${b} and $${c}", { "d": "${" }] }));
}

#[test]
fn a_problem_names_the_row_that_brought_the_text() {
    let entries = [row(GlobalAll, "a", "fine").entry(7), row(ClientAll, "a", "${nope}").entry(8)];
    let resolved = resolve(&sources(None, &entries), &closed);
    let [problem] = resolved.problems.as_slice() else { panic!("{:?}", resolved.problems) };
    assert_eq!((problem.place, problem.row), (Some(ClientAll), Some(8)));
    assert!(problem.mend.contains("nope"), "{problem}");
    assert_eq!(resolved.document, json!({ "a": "${nope}" }) as Value);
}
