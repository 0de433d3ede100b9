//! The canonical form: a JSON array exactly as PostgreSQL's `json_build_array` prints it.
//!
//! It is injective (strings are quoted, their quotes escaped) and free of every setting of the session, and anybody can
//! rebuild it from what `tenantry audit export` prints. `serde_json` escapes strings as PostgreSQL does.

/// A JSON array in the making.
pub struct Array {
    text: String,
}

impl Array {
    /// Begins with the name of the form and its version.
    pub fn new(form: &str) -> Self {
        Self { text: "[".to_owned() }.text(Some(form))
    }

    /// Adds a string, or null.
    #[must_use]
    pub fn text(self, value: Option<&str>) -> Self {
        let quoted = value.map(|value| serde_json::to_string(value).expect("a string is JSON"));
        self.json(quoted.as_deref())
    }

    /// Adds whatever prints as a string, or null.
    #[must_use]
    pub fn printed(self, value: Option<impl ToString>) -> Self {
        self.text(value.map(|value| value.to_string()).as_deref())
    }

    /// Adds a number.
    #[must_use]
    pub fn number(self, value: i64) -> Self {
        self.json(Some(&value.to_string()))
    }

    /// Adds JSON as PostgreSQL printed it, or null.
    #[must_use]
    pub fn json(mut self, value: Option<&str>) -> Self {
        if self.text.len() > 1 {
            self.text.push_str(", ");
        }
        self.text.push_str(value.unwrap_or("null"));
        self
    }

    /// The array's bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.text.push(']');
        self.text.into_bytes()
    }
}
