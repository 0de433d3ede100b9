use uuid::Uuid;

/// Whose something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// No client's: rows for all of them, and templates.
    Global,
    /// One client's.
    Client(Uuid),
}

impl Owner {
    /// The client's, or nobody's where there is none.
    pub fn of(client: Option<Uuid>) -> Self {
        client.map_or(Self::Global, Self::Client)
    }

    /// The client, where it is one's.
    pub fn client(self) -> Option<Uuid> {
        match self {
            Self::Global => None,
            Self::Client(id) => Some(id),
        }
    }

    /// One byte for the kind, then the id: a client whose id spells "global" is still a client.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        match self {
            Self::Global => vec![0],
            Self::Client(id) => [&[1], id.as_bytes().as_slice()].concat(),
        }
    }
}

/// Where within an owner's rows a secret belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The place in the column's JSON, as a JSON pointer; empty for the whole value.
    pub path: &'a str,
}
