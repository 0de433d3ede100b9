//! A page as a browser reads it: its forms, its texts, and what in it could run.

use html5ever::parse_document;
use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// A form that sends something.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub fields: Vec<Field>,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub value: String,
    pub is_required: bool,
    /// Whether the page says that something is wrong with it, and what.
    pub is_wrong: bool,
}

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Hidden,
    /// A line of a type: text, email, number, date.
    Line(String),
    Password,
    Lines,
    OneOf(Vec<String>),
    Tick {
        is_on: bool,
    },
    Button,
}

impl Form {
    /// What a browser sends of it as it stands: of buttons the first.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let is_sent = |field: &&Field| !matches!(field.kind, Kind::Tick { is_on: false } | Kind::Button);
        let button = self.fields.iter().find(|field| field.kind == Kind::Button);
        let fields = self.fields.iter().filter(is_sent).chain(button);
        fields.map(|field| (field.name.clone(), field.value.clone())).collect()
    }

    /// The names of its fields.
    pub fn names(&self) -> Vec<&str> {
        self.fields.iter().map(|field| field.name.as_str()).collect()
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Field {
    /// Whether people type into it.
    pub fn is_typed(&self) -> bool {
        matches!(self.kind, Kind::Line(_) | Kind::Password | Kind::Lines)
    }
}

/// The forms of a page that send something; one with two buttons to different addresses is two.
pub fn forms(page: &str) -> Vec<Form> {
    let mut found = Vec::new();
    every(&parsed(page).document, &mut |node| {
        let is_post = attribute(node, "method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        if is(node, "form") && is_post && attribute(node, "enctype").is_none() {
            found.extend(read(node));
        }
    });
    found
}

fn read(form: &Handle) -> Vec<Form> {
    let (mut fields, mut actions) = (Vec::new(), vec![attribute(form, "action").unwrap_or_default()]);
    every(form, &mut |node| {
        actions.extend(attribute(node, "formaction"));
        fields.extend(field(node));
    });
    actions.into_iter().map(|action| Form { action, fields: fields.clone() }).collect()
}

fn field(node: &Handle) -> Option<Field> {
    let name = attribute(node, "name")?;
    let has = |name: &str| attribute(node, name).is_some();
    let value = attribute(node, "value").unwrap_or_default();
    let kind = attribute(node, "type").unwrap_or_default();
    let (kind, value) = match (tag(node)?.as_str(), kind.as_str()) {
        ("input", "hidden") => (Kind::Hidden, value),
        ("input", "password") => (Kind::Password, value),
        ("input", "checkbox" | "radio") => (Kind::Tick { is_on: has("checked") }, value),
        ("input", kind) => (Kind::Line(kind.to_owned()), value),
        ("textarea", _) => (Kind::Lines, text(node)),
        ("button", _) => (Kind::Button, value),
        ("select", _) => options(node),
        _ => return None,
    };
    let is_wrong = attribute(node, "aria-invalid").is_some() && has("aria-describedby");
    Some(Field { name, kind, value, is_required: has("required"), is_wrong })
}

fn options(select: &Handle) -> (Kind, String) {
    let (mut all, mut chosen) = (Vec::new(), None);
    every(select, &mut |node| {
        if is(node, "option") {
            let value = attribute(node, "value").unwrap_or_default();
            if attribute(node, "selected").is_some() {
                chosen = Some(value.clone());
            }
            all.push(value);
        }
    });
    let value = chosen.or_else(|| all.first().cloned()).unwrap_or_default();
    (Kind::OneOf(all), value)
}

/// Every text of a page, and every value of an attribute: all that somebody may read or copy there.
pub fn texts(page: &str) -> String {
    let mut all = String::new();
    every(&parsed(page).document, &mut |node| match &node.data {
        NodeData::Text { contents } => all.push_str(&contents.borrow()),
        NodeData::Element { attrs, .. } => {
            for attribute in attrs.borrow().iter() {
                all.push('\n');
                all.push_str(&attribute.value);
            }
        }
        _ => {}
    });
    all
}

/// What in a page could run or lead astray: none of ours has any of it, whatever rows hold.
pub fn dangers(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    every(&parsed(page).document, &mut |node| {
        let Some(tag) = tag(node) else { return };
        let source = attribute(node, "src").unwrap_or_default();
        if tag == "script" && !(source.starts_with("/assets/") && text(node).is_empty()) {
            found.push(format!("<script> {source} {}", text(node)));
        }
        if ["iframe", "object", "embed", "base", "style"].contains(&tag.as_str()) {
            found.push(format!("<{tag}>"));
        }
        let NodeData::Element { attrs, .. } = &node.data else { return };
        for attribute in attrs.borrow().iter() {
            let (name, value) = (attribute.name.local.to_string(), attribute.value.trim().to_lowercase());
            let leads = ["href", "src", "action", "formaction", "hx-get", "hx-post"].contains(&name.as_str());
            let is_ours =
                ["/", "#", "http://", "https://", "mailto:", "tel:"].iter().any(|start| value.starts_with(start));
            if name.starts_with("on") || name == "style" || name == "srcdoc" || (leads && !value.is_empty() && !is_ours)
            {
                found.push(format!("<{tag} {name}={value}>"));
            }
        }
    });
    found
}

fn parsed(page: &str) -> RcDom {
    parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page)
}

fn every(node: &Handle, see: &mut dyn FnMut(&Handle)) {
    see(node);
    for child in node.children.borrow().iter() {
        every(child, see);
    }
}

fn tag(node: &Handle) -> Option<String> {
    match &node.data {
        NodeData::Element { name, .. } => Some(name.local.to_string()),
        _ => None,
    }
}

fn is(node: &Handle, name: &str) -> bool {
    tag(node).is_some_and(|tag| tag == name)
}

fn attribute(node: &Handle, name: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    let attrs = attrs.borrow();
    attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| attribute.value.to_string())
}

fn text(node: &Handle) -> String {
    let mut text = String::new();
    every(node, &mut |node| {
        if let NodeData::Text { contents } = &node.data {
            text.push_str(&contents.borrow());
        }
    });
    text
}

#[test]
fn forms_are_read_as_browsers_do() {
    let page = r#"<form method="get"><input name="q"></form><form method="post" action="/x">
        <input type="hidden" name="saw" value="{&quot;a&quot;}"><input name="name" required aria-invalid="true" aria-describedby="x">
        <textarea name="note">
first</textarea><input type="checkbox" name="one" value="on"><input type="checkbox" name="two" value="on" checked>
        <select name="kind"><option value="a">A</option><option value="b" selected>B</option></select>
        <button name="go" value="1"></button><button formaction="/y"></button></form>"#;
    let found = forms(page);
    assert_eq!(found.iter().map(|form| form.action.as_str()).collect::<Vec<_>>(), ["/x", "/y"]);
    let pairs = found[0].pairs();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(pairs, [("saw", "{\"a\"}"), ("name", ""), ("note", "first"), ("two", "on"), ("kind", "b"), ("go", "1")]);
    assert!(found[0].field("name").is_some_and(|field| field.is_wrong && field.is_required));
}

#[test]
fn what_could_run_is_seen() {
    for odd in [
        "<script>alert(1)</script>",
        "<script src=/assets/x.js>alert(1)</script>",
        "<script src=https://evil.example/x.js></script>",
        "<img src=x onerror=alert(1)>",
        "<a href=' javascript:alert(1)'>",
        "<p style='color:red'>",
        "<iframe></iframe>",
        "<form action=javascript:alert(1)>",
    ] {
        assert!(!dangers(odd).is_empty(), "{odd}");
    }
    let fine = "<script src='/assets/x.js' defer></script><a href='/x'>&lt;script>alert(1)</a><a href='#y'></a>";
    assert_eq!(dangers(fine), Vec::<String>::new());
}
