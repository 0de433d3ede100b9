use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::components::field;
use super::screen::is_ours;
use super::sent::{SEALED, Sent};

/// The field in which a page that asks for a password first carries what was filled in elsewhere.
pub(super) const FIELD: &str = "carried";

/// The most that is carried, in bytes of its fields.
const LARGEST: usize = 512 * 1024;

/// What forms note for themselves: what somebody saw when they began, and where they came from.
const NOTES: [&str; 7] = ["saw", "seen", "was", "base", "back", "next", "at"];

/// A form that waits until somebody has given their password: it is shown to them again then, to be sent on.
///
/// It lives in the page alone. The server keeps nothing of it, and a password that was in it isn't carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Carried {
    /// Where it is sent to, a path of ours.
    to: String,
    /// Its fields, in order.
    fields: Vec<(String, String)>,
    /// Those in which nobody saw what was typed, and which aren't shown here either.
    #[serde(default)]
    sealed: Vec<String>,
    /// Whether something of it was left behind: passwords, or all of what was too large.
    is_less: bool,
    /// Whether it was a file, which a page can't carry.
    #[serde(default)]
    is_file: bool,
}

impl Carried {
    /// What a form sent.
    pub(super) fn of(sent: &Sent) -> Self {
        let (to, all) = (sent.path().to_owned(), sent.pairs().count());
        let fields: Vec<(String, String)> = sent
            .pairs()
            .filter(|(name, _)| !is_password(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > LARGEST {
            return Self::nothing(to);
        }
        let sealed = sent.sealed().to_vec();
        Self { is_less: fields.len() < all, to, fields, sealed, is_file: false }
    }

    /// Where something was sent that can't be carried.
    pub(super) fn nothing(to: String) -> Self {
        Self { to, fields: Vec::new(), sealed: Vec::new(), is_less: true, is_file: false }
    }

    /// Where a file was sent.
    pub(super) fn file(to: String) -> Self {
        Self { is_file: true, ..Self::nothing(to) }
    }

    /// Fields that are shown and sent nowhere.
    pub(super) fn holding(fields: &[(String, String)]) -> Self {
        let fields = fields.iter().filter(|(name, _)| !is_password(name)).cloned().collect();
        Self { fields, is_less: false, ..Self::nothing(String::new()) }
    }

    /// What another page carried on; none where that is nothing of ours.
    pub(super) fn read(sent: &Sent) -> Option<Self> {
        let carried: Self = serde_json::from_str(sent.get(FIELD)?).ok()?;
        is_ours(&carried.to).then_some(carried)
    }

    /// For a problem that asks for it.
    pub(super) fn value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// What a problem asked for.
    pub(super) fn of_value(value: &Value) -> Option<Self> {
        serde_json::from_value(value.clone()).ok()
    }

    /// Carries it on, within another form.
    pub(super) fn hidden(&self) -> Markup {
        field::hidden(FIELD, &serde_json::to_string(self).unwrap_or_default())
    }

    /// Says that it isn't lost.
    pub(super) fn notice(&self) -> Markup {
        html! {
            div.alert.alert-info role="status" {
                @if self.is_file {
                    "A file can't be kept on this page, and nothing of yours was taken in. Sign in, then choose the file again."
                } @else if self.fields.is_empty() && self.is_less {
                    "What you sent is too large to be kept here. It isn't lost yet: sign in in another window, come back to \
                     this one, go back a page and send it again."
                } @else {
                    "What you filled in is kept on this page, and you send it on in the next step."
                }
            }
        }
    }

    /// Shows what was filled in, to be sent on.
    pub(super) fn resume(&self) -> Markup {
        html! {
            form method="post" action=(self.to) {
                @for (name, value) in &self.fields { (field::hidden(name, value)) }
                @for name in &self.sealed { (field::hidden(SEALED, name)) }
                @if self.is_less {
                    p { "Passwords that you typed there aren't kept: the next page asks for them." }
                }
                (self.list())
                div.form-footer {
                    button.btn.btn-primary autofocus { "Send it" }
                    " " a.btn href="/" { "Leave it" }
                }
            }
        }
    }

    /// Shows what was filled in, where it isn't sent on and would be lost.
    pub(super) fn kept(&self) -> Markup {
        html! {
            @if self.shown().next().is_some() {
                section.failure-kept {
                    h2 { "What you filled in" }
                    p { "It isn't saved. Here it is, to be copied from." }
                    (self.list())
                }
            }
        }
    }

    fn list(&self) -> Markup {
        html! {
            @if self.shown().next().is_some() {
                dl.carried {
                    @for (name, value) in self.shown() {
                        dt { (label(name)) }
                        dd {
                            @if self.sealed.contains(name) { span.text-secondary { "not shown" } }
                            @else { pre { (value) } }
                        }
                    }
                }
            }
        }
    }

    /// What people filled in: not what the form noted for itself.
    fn shown(&self) -> impl Iterator<Item = &(String, String)> {
        let is_note = |name: &str| {
            let first = name.split('/').next().unwrap_or(name);
            name.starts_with('_') || NOTES.contains(&first)
        };
        self.fields.iter().filter(move |(name, value)| !value.is_empty() && !is_note(name))
    }

    /// Whether there is something to send on.
    pub(super) fn is_something(&self) -> bool {
        !self.fields.is_empty() || !self.is_less
    }
}

/// Whether a field holds a password, by its name.
fn is_password(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "passphrase"].iter().any(|word| name.contains(word))
}

/// A field's name as people read it.
fn label(name: &str) -> String {
    let words = name.replace(['_', '-', '.', '/'], " ");
    let mut letters = words.trim().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Sent {
        Sent::new("/clients/1?tab=x", pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    #[test]
    fn what_was_filled_in_comes_through_another_form_and_passwords_stay_behind() {
        let carried =
            Carried::of(&sent(&[("name", "<b>\"Mia\"</b>\r\n"), ("new_password", "hunter2hunter2"), ("tag", "a")]));
        let other = sent(&[("email", "mia@agency.example"), (FIELD, &serde_json::to_string(&carried).unwrap())]);
        let read = Carried::read(&other).unwrap();
        assert_eq!(read, carried);
        let page = read.resume().into_string();
        assert!(
            page.contains("&lt;b&gt;&quot;Mia&quot;&lt;/b&gt;") && page.contains("action=\"/clients/1?tab=x\""),
            "{page}"
        );
        assert!(!page.contains("hunter2") && page.contains("Passwords that you typed"), "{page}");
    }

    #[test]
    fn what_nobody_saw_is_sent_on_and_not_shown() {
        let carried = Carried::of(&sent(&[
            ("value/api/key", "s3cret"),
            (SEALED, "value/api/key"),
            ("saw", "{}"),
            ("name", "Mia"),
        ]));
        let page = carried.resume().into_string();
        assert!(page.contains("name=\"value/api/key\" value=\"s3cret\""), "{page}");
        assert!(page.contains("name=\"_sealed\" value=\"value/api/key\"") && !page.contains("<pre>s3cret"), "{page}");
        assert!(page.contains("<pre>Mia</pre>") && !page.contains("<dt>Saw"), "{page}");
        assert!(!carried.kept().into_string().contains("s3cret"));
    }

    #[test]
    fn nothing_is_sent_on_to_another_server() {
        for to in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""] {
            let forged = serde_json::json!({ "to": to, "fields": [["a", "b"]], "is_less": false }).to_string();
            assert_eq!(Carried::read(&sent(&[(FIELD, &forged)])), None, "{to}");
        }
        for odd in ["", "{}", "[]", "null", r#"{"to":"/","fields":[],"is_less":false,"more":1}"#] {
            assert_eq!(Carried::read(&sent(&[(FIELD, odd)])), None, "{odd}");
        }
    }

    #[test]
    fn what_is_too_large_is_said_to_be() {
        let carried = Carried::of(&sent(&[("document", &"x".repeat(LARGEST))]));
        assert!(!carried.is_something());
        assert!(carried.notice().into_string().contains("too large"));
    }
}
