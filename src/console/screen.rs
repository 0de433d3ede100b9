use axum::extract::FromRequestParts;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What the browser says about the screen that a page is for, and what the page before left to say.
#[derive(Clone, Debug)]
pub struct Screen {
    /// Path and query of the request.
    pub path: String,
    /// The moment of the request.
    pub now: Timestamp,
    /// Light or dark.
    pub theme: Theme,
    /// What was done by the request before this one.
    pub toast: Option<Toast>,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system is.
    #[default]
    Auto,
    /// Light, whatever the system is.
    Light,
    /// Dark, whatever the system is.
    Dark,
}

/// A sentence about what was done, shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// The sentence.
    pub text: String,
    /// Where a POST takes it back, a path of ours.
    pub undo: Option<String>,
}

/// Characters that a cookie's value can't hold, and the bar, which stands between the parts of a toast.
const KEPT_OUT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%').add(b'|');

/// All that means something in a path.
const SPECIAL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The longest toast that a cookie carries.
const LONGEST_TOAST: usize = 500;

impl Screen {
    /// By a request's head.
    pub fn of(uri: &Uri, headers: &HeaderMap, now: Timestamp) -> Self {
        let path = uri.path_and_query().map_or("/", |both| both.as_str()).to_owned();
        let cookie = |name| cookie(headers, name);
        Self {
            path,
            now,
            theme: cookie(Theme::COOKIE).and_then(Theme::parse).unwrap_or_default(),
            toast: cookie(Toast::COOKIE).and_then(Toast::parse),
        }
    }

    /// Of a browser that said nothing.
    pub fn unknown() -> Self {
        Self { path: "/".to_owned(), now: Timestamp::UNIX_EPOCH, theme: Theme::Auto, toast: None }
    }

    /// The path without the query.
    pub fn place(&self) -> &str {
        self.path.split('?').next().unwrap_or("/")
    }
}

impl<S: Sync> FromRequestParts<S> for Screen {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(Self::unknown))
    }
}

impl Theme {
    /// The cookie that keeps it.
    pub const COOKIE: &str = "theme";

    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// As the cookie and the document have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

impl Toast {
    /// The cookie that carries it to the next page. By its prefix no neighbour under the same domain can set one, whose
    /// button to undo would then do something else.
    pub const COOKIE: &str = "__Host-toast";

    /// As the cookie has it.
    pub fn cookie(&self) -> String {
        let shortened: String = self.text.chars().take(LONGEST_TOAST).collect();
        let encoded = |text: &str| utf8_percent_encode(text, KEPT_OUT).to_string();
        format!("{}|{}", encoded(&shortened), encoded(self.undo.as_deref().unwrap_or_default()))
    }

    /// What a cookie carries; none where nobody here wrote it.
    fn parse(value: &str) -> Option<Self> {
        let (text, undo) = value.split_once('|')?;
        let decoded = |text| percent_decode_str(text).decode_utf8().ok().map(String::from);
        let (text, undo) = (decoded(text)?, decoded(undo)?);
        Some(Self { text, undo: Some(undo).filter(|undo| is_ours(undo)) })
    }
}

/// Whether a text is a path of this server: nothing that a browser takes for another host's.
pub fn is_ours(path: &str) -> bool {
    let rest = path.strip_prefix('/');
    rest.is_some_and(|rest| !rest.starts_with(['/', '\\'])) && !path.contains(|c: char| c.is_control() || c == '\\')
}

/// A text as one segment of a path.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SPECIAL).to_string()
}

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_paths_of_ours_are_ours() {
        for path in ["/", "/clients?status=active", "/a/b#c"] {
            assert!(is_ours(path), "{path}");
        }
        for path in ["", "clients", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/a\\b"] {
            assert!(!is_ours(path), "{path}");
        }
    }

    #[test]
    fn a_theme_that_nobody_knows_is_none() {
        assert_eq!(Theme::ALL.map(|theme| Theme::parse(theme.name())), Theme::ALL.map(Some));
        assert_eq!(Theme::parse("\"><script>"), None);
    }

    proptest! {
        #[test]
        fn a_toast_arrives_as_it_was_sent(text in "\\PC{0,200}", undo in proptest::option::of("/[a-z0-9/]{1,20}")) {
            let undo = undo.filter(|undo| is_ours(undo));
            let toast = Toast { text, undo };
            let value = toast.cookie();
            prop_assert!(value.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)));
            prop_assert_eq!(Toast::parse(&value), Some(toast));
        }
    }
}
