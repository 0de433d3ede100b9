use maud::{Markup, html};

use super::carried::Carried;
use super::components::{Icon, icon};
use super::failure::sentence;
use super::sent::Sent;
use crate::problem::{Fault, Problem};

/// A form as it is shown: what stands in its fields, and what was wrong with what was sent.
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: Vec<(String, String)>,
    refusal: Option<Refusal>,
}

#[derive(Clone, Debug)]
struct Refusal {
    detail: String,
    mend: Option<String>,
    faults: Vec<Fault>,
}

impl Form {
    /// One with nothing in it.
    pub fn empty() -> Self {
        Self::default()
    }

    /// One in which stands what a row holds.
    pub fn holding<N: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (N, V)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { values, refusal: None }
    }

    /// One in which stands what was typed.
    pub fn of(sent: &Sent) -> Self {
        Self::holding(sent.pairs())
    }

    /// The same, with what was wrong with it.
    #[must_use]
    pub fn refused(self, problem: &Problem) -> Self {
        let Problem { detail, mend, errors, .. } = problem.clone();
        Self { refusal: Some(Refusal { detail, mend, faults: errors }), ..self }
    }

    /// What stands in a field.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Everything that stands under a name, for what may be chosen several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What is wrong with a field: faults whose pointer is the field or something within it.
    pub fn faults<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Fault> {
        let faults = self.refusal.iter().flat_map(|refusal| &refusal.faults);
        faults.filter(move |fault| is_of(name, &fault.pointer))
    }

    /// Says above the fields that the form wasn't taken, and all that is wrong with it, with a way to each field.
    pub fn summary(&self) -> Markup {
        let Some(Refusal { detail, mend, faults }) = &self.refusal else { return html! {} };
        html! {
            div.alert.alert-danger role="alert" {
                div.alert-icon { (icon(Icon::AlertCircle)) }
                div {
                    strong { (sentence(detail)) }
                    @if let Some(mend) = mend { " " (sentence(mend)) }
                    @if !faults.is_empty() {
                        ul {
                            @for fault in faults { li { (self.told(fault)) } }
                        }
                    }
                }
            }
        }
    }

    /// What was typed, for a page that has no fields for it any more.
    pub fn left_over(&self) -> Markup {
        Carried::holding(&self.values).kept()
    }

    fn told(&self, fault: &Fault) -> Markup {
        let field = self.values.iter().map(|(name, _)| name).find(|name| is_of(name, &fault.pointer));
        html! {
            @match field {
                Some(name) => a.alert-link href={ "#" (id(name)) } { (sentence(&fault.detail)) },
                None => {
                    @if !fault.pointer.is_empty() { code { (fault.pointer) } " " }
                    (sentence(&fault.detail))
                }
            }
            @if let Some(mend) = &fault.mend { " " (sentence(mend)) }
        }
    }
}

/// The id of a field's element.
pub(super) fn id(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    format!("field-{plain}")
}

/// Whether a pointer is a field's, or of something within the field's document.
fn is_of(name: &str, pointer: &str) -> bool {
    let pointer = pointer.strip_prefix('/').unwrap_or(pointer);
    let rest = pointer.strip_prefix(name);
    !name.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Form {
        let faults = vec![
            Fault::at("/tier", "one-of", "is none of the tiers").mend("choose one"),
            Fault::at("/address/city", "type", "is text"),
            Fault::at("/elsewhere", "rule", "<b>bold</b>"),
        ];
        let problem = Problem::faults("the client can't be saved", faults);
        Form::holding([("tier", "gold"), ("address", "{}"), ("tiers", "")]).refused(&problem)
    }

    #[test]
    fn a_fault_stands_at_its_field() {
        let form = refused();
        assert_eq!(form.faults("tier").count(), 1);
        assert_eq!(form.faults("tiers").count(), 0);
        assert_eq!(form.faults("address").map(|fault| fault.detail.as_str()).collect::<Vec<_>>(), ["is text"]);
        assert_eq!(form.value("tier"), "gold");
    }

    #[test]
    fn the_summary_tells_every_fault_and_leads_to_fields() {
        let summary = refused().summary().into_string();
        assert!(summary.contains("href=\"#field-tier\""), "{summary}");
        assert!(summary.contains("&lt;b&gt;bold&lt;/b&gt;") && !summary.contains("<b>"), "{summary}");
        assert_eq!(Form::empty().summary().into_string(), "");
    }
}
