use envelope::Owner;
use uuid::Uuid;

/// Where a secret belongs: what its ciphertext is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Whose row it is; none for global and template rows.
    pub client_id: Option<Uuid>,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The place in the column's JSON, as a JSON pointer; empty for the whole value. In `configuration_value`, the segments
    /// of the row's key come first, so that a row's mask means nothing under another key.
    pub path: String,
}

impl Place {
    /// One from the steps within a column's document.
    pub fn of(client_id: Option<Uuid>, table: &str, column: &str, key: Option<&str>, steps: &[String]) -> Self {
        let within_key = key.filter(|_| column == "configuration_value").into_iter().flat_map(|key| key.split('.'));
        let path = pointer(within_key.chain(steps.iter().map(String::as_str)));
        Self { client_id, table: table.to_owned(), column: column.to_owned(), path }
    }

    /// Whose it is.
    pub(super) fn owner(&self) -> Owner {
        Owner::of(self.client_id)
    }

    /// The rest of it.
    pub(super) fn within(&self) -> envelope::Place<'_> {
        envelope::Place { table: &self.table, column: &self.column, path: &self.path }
    }
}

/// Steps as a JSON pointer (RFC 6901).
pub(super) fn pointer<'a>(steps: impl IntoIterator<Item = &'a str>) -> String {
    steps.into_iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_before_the_steps_in_its_value() {
        let steps = ["a/b".to_owned(), "c~d".to_owned()];
        let place = |column| Place::of(None, "t", column, Some("mail.smtp"), &steps).path;
        assert_eq!(place("configuration_value"), "/mail/smtp/a~1b/c~0d");
        assert_eq!(place("customization_config"), "/a~1b/c~0d");
    }
}
