//! Two people who edit one row: what either wrote elsewhere stays, and of what both wrote one chooses.
//!
//! A form keeps what somebody saw when they began. Only what they changed of that is theirs, so that nothing of others' is
//! written over by a field that was left alone.

use std::collections::BTreeMap;

use maud::{Markup, Render, html};

use super::components::{Column, Table, field};
use super::form::Form;
use super::sent::Sent;

/// The field with what somebody saw when they began.
pub const SAW: &str = "saw";

/// Fields by name, as they are typed.
pub type Texts = BTreeMap<String, String>;

/// An edit, and what others have written meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// The fields that were changed.
    pub mine: Vec<String>,
    /// Those of them that somebody else has changed as well, to something else.
    pub clashes: Vec<Clash>,
    /// What was typed, and in the fields that were left alone what stands there now.
    pub merged: Texts,
}

/// A field that two people wrote differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Its name.
    pub name: String,
    /// What stands there now.
    pub now: String,
    /// What the second one typed.
    pub typed: String,
}

impl Meeting {
    /// Of what somebody saw, what they typed, and what there is now.
    pub fn of(saw: &Texts, typed: &Texts, now: &Texts) -> Self {
        let at = |texts: &Texts, name: &str| texts.get(name).cloned().unwrap_or_default();
        let mut meeting = Self { mine: Vec::new(), clashes: Vec::new(), merged: now.clone() };
        for (name, typed) in typed {
            let (was, is) = (at(saw, name), at(now, name));
            if *typed == was {
                continue;
            }
            if is != was && is != *typed {
                meeting.clashes.push(Clash { name: name.clone(), now: is, typed: typed.clone() });
            }
            meeting.mine.push(name.clone());
            meeting.merged.insert(name.clone(), typed.clone());
        }
        meeting
    }

    /// The form to choose in: nothing was saved.
    pub fn form(&self) -> Form {
        Form::holding(self.merged.iter().map(|(name, text)| (name.as_str(), text.as_str())))
    }

    /// What both wrote beside each other, by the fields' labels.
    pub fn notice<'l>(&self, label: impl Fn(&str) -> &'l str) -> Markup {
        both(self.clashes.iter().map(|clash| (label(&clash.name), clash.now.clone(), clash.typed.clone())))
    }
}

/// Fields as a form sent them; line ends are those of texts, not of forms.
pub fn typed<'n>(sent: &Sent, names: impl IntoIterator<Item = &'n str>) -> Texts {
    let names = names.into_iter().filter_map(|name| Some((name.to_owned(), plain(sent.get(name)?))));
    names.collect()
}

/// What somebody saw when they began, as the form kept it.
pub fn seen(sent: &Sent) -> Texts {
    sent.get(SAW).and_then(|saw| serde_json::from_str(saw).ok()).unwrap_or_default()
}

/// The same; what is there now where the form doesn't say.
pub fn seen_or(sent: &Sent, now: &Texts) -> Texts {
    if sent.get(SAW).is_some() { seen(sent) } else { now.clone() }
}

/// Keeps what somebody sees when they begin.
pub fn saw(texts: &Texts) -> Markup {
    field::hidden(SAW, &serde_json::to_string(texts).unwrap_or_default())
}

/// What two people wrote into the same fields, beside each other: label, what stands there now, what was typed.
pub fn both<L: Render>(fields: impl IntoIterator<Item = (L, String, String)>) -> Markup {
    let columns = [Column::new("Field"), Column::new("As it is now"), Column::new("What you wrote")];
    let shown = |text: &str| html! { span.typed { (text) } };
    let table = fields.into_iter().fold(Table::new("What both of you wrote", columns), |table, (label, now, typed)| {
        table.row([html! { (label) }, shown(&now), shown(&typed)])
    });
    html! {
        div.alert.alert-warning role="alert" {
            div {
                strong { "Somebody else has changed the same while you were writing. Nothing of yours is lost or saved yet." }
                p { "The fields below hold what you wrote: save it over theirs, or write theirs in first." }
                (table.render())
            }
        }
    }
}

fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<const N: usize>(pairs: [(&str, &str); N]) -> Texts {
        pairs.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
    }

    #[test]
    fn what_was_left_alone_is_as_others_wrote_it() {
        let saw = texts([("a", "1"), ("b", "1"), ("c", "1")]);
        let meeting = Meeting::of(
            &saw,
            &texts([("a", "2"), ("b", "1"), ("c", "2")]),
            &texts([("a", "1"), ("b", "3"), ("c", "3")]),
        );
        assert_eq!(meeting.mine, ["a", "c"]);
        let clash = Clash { name: "c".to_owned(), now: "3".to_owned(), typed: "2".to_owned() };
        assert_eq!(meeting.clashes, [clash]);
        assert_eq!(meeting.merged, texts([("a", "2"), ("b", "3"), ("c", "2")]));
    }

    #[test]
    fn two_who_wrote_the_same_agree() {
        let meeting = Meeting::of(&texts([("a", "1")]), &texts([("a", "2")]), &texts([("a", "2")]));
        assert!(meeting.clashes.is_empty());
        assert_eq!(meeting.mine, ["a"]);
    }

    #[test]
    fn what_was_seen_comes_back_as_it_was_kept() {
        let kept = texts([("a", "\"<b>\"\n")]);
        let sent = Sent::new("/", vec![(SAW.to_owned(), serde_json::to_string(&kept).expect("JSON"))]);
        assert_eq!(seen(&sent), kept);
        assert_eq!(seen(&Sent::new("/", vec![(SAW.to_owned(), "no JSON".to_owned())])), Texts::new());
    }
}
