use maud::{Markup, html};
use serde_json::Value;

use crate::console::words;

/// What was and what is, of one value; none where there is none.
pub fn diff(before: Option<&Value>, after: Option<&Value>) -> Markup {
    html! {
        span.diff {
            @if before == after {
                (shown(after))
            } @else {
                del { span.visually-hidden { "before: " } (shown(before)) }
                " "
                ins { span.visually-hidden { "after: " } (shown(after)) }
            }
        }
    }
}

/// Two texts beside each other, line by line; lines that differ are marked.
pub fn side_by_side(left: (&str, &str), right: (&str, &str)) -> Markup {
    let lines = aligned(&left.1.lines().collect::<Vec<_>>(), &right.1.lines().collect::<Vec<_>>());
    html! {
        div.table-responsive tabindex="0" {
            table.side-by-side {
                thead { tr { th scope="col" { (left.0) } th scope="col" { (right.0) } } }
                tbody {
                    @for (old, new) in lines {
                        @let is_same = old == new;
                        tr {
                            td.removed[!is_same && old.is_some()] { (old.unwrap_or_default()) }
                            td.added[!is_same && new.is_some()] { (new.unwrap_or_default()) }
                        }
                    }
                }
            }
        }
    }
}

fn shown(value: Option<&Value>) -> Markup {
    html! {
        @match value {
            None => span.text-secondary { (words::NONE) },
            Some(Value::String(text)) => span { (text) },
            Some(other @ (Value::Array(_) | Value::Object(_))) => code { (format!("{other:#}")) },
            Some(other) => code { (other.to_string()) },
        }
    }
}

/// The longest text that is aligned: past this, lines that differ simply follow each other.
const MOST_LINES: usize = 2_000;

/// The lines of two texts beside each other, by their longest common subsequence.
fn aligned<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(Option<&'a str>, Option<&'a str>)> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    let same = |lines: &[&'a str]| lines.iter().map(|line| (Some(*line), Some(*line))).collect::<Vec<_>>();
    let mut all = same(&old[..start]);
    all.extend(middle(old_middle, new_middle));
    all.extend(same(&old_rest[old_rest.len() - end..]));
    all
}

fn middle<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(Option<&'a str>, Option<&'a str>)> {
    if old.len() > MOST_LINES || new.len() > MOST_LINES {
        return paired(old, new);
    }
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut all) = (0, 0, Vec::new());
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            all.append(&mut paired(&gone, &come));
            (gone, come) = (Vec::new(), Vec::new());
            all.push((Some(old[i]), Some(new[j])));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            gone.push(old[i]);
            i += 1;
        } else {
            come.push(new[j]);
            j += 1;
        }
    }
    gone.extend(&old[i..]);
    come.extend(&new[j..]);
    all.append(&mut paired(&gone, &come));
    all
}

fn paired<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(Option<&'a str>, Option<&'a str>)> {
    (0..old.len().max(new.len())).map(|place| (old.get(place).copied(), new.get(place).copied())).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_changed_line_stands_beside_what_it_became() {
        let lines = aligned(&["a", "b", "c", "d"], &["a", "x", "c", "d", "e"]);
        let expected = [("a", "a"), ("b", "x"), ("c", "c"), ("d", "d")].map(|(a, b)| (Some(a), Some(b)));
        assert_eq!(lines[..4], expected);
        assert_eq!(lines[4..], [(None, Some("e"))]);
    }

    proptest! {
        #[test]
        fn every_line_of_both_is_there_in_its_order(
            old in proptest::collection::vec("[abc]", 0..12), new in proptest::collection::vec("[abc]", 0..12)
        ) {
            let old: Vec<&str> = old.iter().map(String::as_str).collect();
            let new: Vec<&str> = new.iter().map(String::as_str).collect();
            let lines = aligned(&old, &new);
            prop_assert_eq!(lines.iter().filter_map(|(old, _)| *old).collect::<Vec<_>>(), old);
            prop_assert_eq!(lines.iter().filter_map(|(_, new)| *new).collect::<Vec<_>>(), new);
        }
    }
}
