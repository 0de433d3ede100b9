use serde::{Deserialize, Serialize};

use crate::db::quote::ident;

/// A table, partitioned table or view with everything that belongs to it.
///
/// Definitions are as PostgreSQL prints them under an empty `search_path`: every name outside `pg_catalog` has its schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Schema.
    pub schema: String,
    /// Name.
    pub name: String,
    /// `pg_class.relkind`: `r` table, `p` partitioned table, `v` view, `m` materialised view, `f` foreign table.
    pub kind: char,
    /// `pg_class.relpersistence`: `p` permanent, `u` unlogged.
    pub persistence: char,
    /// Owner.
    pub owner: String,
    /// Grants in the order in which the catalog keeps them; `None` where nobody ever granted or revoked anything.
    pub grants: Option<Vec<Grant>>,
    /// Whether row level security is enabled.
    pub row_security: bool,
    /// Whether it holds for the owner too.
    pub forced: bool,
    /// `pg_class.relreplident`: `d` primary key, `n` nothing, `f` full row, `i` an index.
    pub replica_identity: char,
    /// Storage parameters, or `security_invoker` and the like of a view.
    pub options: Vec<String>,
    /// Comment.
    pub comment: Option<String>,
    /// Partition key, of a partitioned table.
    pub partition_key: Option<String>,
    /// Columns in their order.
    pub columns: Vec<Column>,
    /// CHECK, FOREIGN KEY, PRIMARY KEY, UNIQUE and EXCLUDE constraints, by name.
    pub constraints: Vec<Constraint>,
    /// Indexes, those of constraints too, by name.
    pub indexes: Vec<Index>,
    /// Triggers that somebody made, by name.
    pub triggers: Vec<Trigger>,
    /// Policies, by name.
    pub policies: Vec<Policy>,
    /// Publications that name it.
    pub publications: Vec<Publication>,
    /// Extended statistics.
    pub statistics: Vec<Statistics>,
    /// Definition, of a view.
    pub view: Option<String>,
    /// Whether it can be read, which a materialised view can't that nobody has filled.
    pub populated: bool,
}

/// What one role granted to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// To whom; `None` is PUBLIC.
    pub grantee: Option<String>,
    /// By whom.
    pub grantor: String,
    /// Privileges without the right to hand them on.
    pub privileges: Vec<String>,
    /// Privileges with that right.
    pub grantable: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Type as `format_type` prints it.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Name of the type in `pg_type`; of a domain, that of the type beneath.
    pub base_type: String,
    /// `pg_type.typcategory`.
    pub category: char,
    /// Whether it is NOT NULL.
    pub not_null: bool,
    /// Default expression.
    pub default: Option<String>,
    /// Expression of a generated column.
    pub generated: Option<String>,
    /// Whether it is an identity column.
    pub identity: bool,
    /// Collation, where it isn't the type's.
    pub collation: Option<String>,
    /// Grants on the column alone.
    pub grants: Option<Vec<Grant>>,
    /// Comment.
    pub comment: Option<String>,
}

/// What a constraint demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConstraintKind {
    /// CHECK.
    #[serde(rename = "c")]
    Check,
    /// FOREIGN KEY.
    #[serde(rename = "f")]
    ForeignKey,
    /// PRIMARY KEY.
    #[serde(rename = "p")]
    PrimaryKey,
    /// UNIQUE.
    #[serde(rename = "u")]
    Unique,
    /// EXCLUDE.
    #[serde(rename = "x")]
    Exclude,
}

/// A constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// Name.
    pub name: String,
    /// What it demands.
    pub kind: ConstraintKind,
    /// Definition, without NOT VALID.
    pub definition: String,
    /// The definition as PostgreSQL prints it where it was made from that print, as in a restored database.
    #[serde(default)]
    pub reread: Option<String>,
    /// Whether every row is known to fulfil it.
    pub validated: bool,
    /// The columns it is about, in its order.
    pub columns: Vec<String>,
    /// Expression of a CHECK.
    pub expression: Option<String>,
    /// What a foreign key points at.
    pub target: Option<Target>,
    /// The index beneath it, of keys, uniques and exclusions.
    pub index: Option<String>,
    /// Comment.
    pub comment: Option<String>,
}

/// What a foreign key points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Schema.
    pub schema: String,
    /// Table.
    pub table: String,
    /// Columns, in the order of the key.
    pub columns: Vec<String>,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "as the catalog has them, each by itself")]
pub struct Index {
    /// Name.
    pub name: String,
    /// The CREATE INDEX statement.
    pub definition: String,
    /// Its [`body`](Self::body) as PostgreSQL prints it where the index was made from that print, as in a restored database.
    #[serde(default)]
    pub reread: Option<String>,
    /// Whether it is complete; what an interrupted CREATE INDEX CONCURRENTLY leaves behind isn't.
    pub valid: bool,
    /// Whether it is unique.
    pub unique: bool,
    /// Whether two NULLs count as equal.
    pub nulls_not_distinct: bool,
    /// Access method.
    pub method: String,
    /// Key columns or expressions.
    pub keys: Vec<String>,
    /// INCLUDE columns.
    pub included: Vec<String>,
    /// Operator classes of the keys, by oid.
    pub classes: Vec<String>,
    /// Collations of the keys, by oid.
    pub collations: Vec<String>,
    /// WHERE of a partial index.
    pub predicate: Option<String>,
    /// The constraint that it carries.
    pub constraint: Option<String>,
    /// Foreign keys that need it, where there are any.
    pub referenced_by: Option<Vec<String>>,
    /// Whether the table is clustered on it.
    pub clustered: bool,
    /// Whether it is the replica identity.
    pub replica_identity: bool,
    /// Comment.
    pub comment: Option<String>,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Name.
    pub name: String,
    /// The CREATE TRIGGER statement.
    pub definition: String,
    /// Its arguments, joined as the catalog keeps them.
    pub arguments: String,
    /// `pg_trigger.tgenabled`: `O` usual, `D` disabled, `R` on replicas, `A` always.
    pub enabled: char,
    /// Schema of its function.
    pub function_schema: String,
    /// Name of its function.
    pub function: String,
    /// Language of its function.
    pub language: String,
    /// Body of its function.
    pub source: String,
    /// Whether it fires on UPDATE.
    pub on_update: bool,
    /// Whether it fires for each row.
    pub for_each_row: bool,
    /// Comment.
    pub comment: Option<String>,
}

/// A policy of row level security.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Name.
    pub name: String,
    /// Whether it is permissive.
    pub permissive: bool,
    /// `pg_policy.polcmd`: `r`, `a`, `w`, `d`, `*`.
    pub command: char,
    /// For whom; `None` is PUBLIC.
    pub roles: Vec<Option<String>>,
    /// USING.
    pub using: Option<String>,
    /// WITH CHECK.
    pub check: Option<String>,
    /// Comment.
    pub comment: Option<String>,
}

/// A publication's share in a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Name of the publication.
    pub name: String,
    /// Whether it publishes rows of partitions as their parent's (`publish_via_partition_root`).
    pub via_root: bool,
    /// The published columns, where not all.
    pub columns: Option<Vec<String>>,
    /// WHERE.
    pub filter: Option<String>,
}

/// Extended statistics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// Schema.
    pub schema: String,
    /// Name.
    pub name: String,
    /// The CREATE STATISTICS statement.
    pub definition: String,
    /// Owner.
    pub owner: String,
    /// Comment.
    pub comment: Option<String>,
}

impl Table {
    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// A constraint by name.
    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| constraint.name == name)
    }

    /// An index by name.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == name)
    }

    /// A trigger by name.
    pub fn trigger(&self, name: &str) -> Option<&Trigger> {
        self.triggers.iter().find(|trigger| trigger.name == name)
    }

    /// A policy by name.
    pub fn policy(&self, name: &str) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.name == name)
    }
}

impl Constraint {
    /// Whether two constraints demand the same, whatever their names, and whether or not they came through a dump.
    pub fn same_as(&self, other: &Self) -> bool {
        same(&self.definition, self.reread.as_deref(), &other.definition, other.reread.as_deref())
    }

    /// What `ADD CONSTRAINT` says to make this key or unique from an index that is there.
    pub fn using_index(&self, index: &str) -> String {
        let word = if self.kind == ConstraintKind::PrimaryKey { "PRIMARY KEY" } else { "UNIQUE" };
        // The rest of the definition is the index's.
        let timing = self.definition.find(" DEFERRABLE").map_or("", |at| &self.definition[at..]);
        format!("{word} USING INDEX {}{timing}", ident(index))
    }
}

impl Index {
    /// The definition without the index's name: two indexes that agree in it are the same but for their names.
    ///
    /// The definition opens `CREATE [UNIQUE] INDEX name ON [ONLY] schema.table`.
    pub fn body(&self) -> &str {
        body(&self.definition, &self.name)
    }

    /// Whether two indexes are the same but for their names, and whether or not they came through a dump.
    pub fn same_as(&self, other: &Self) -> bool {
        self.unique == other.unique && same(self.body(), self.reread.as_deref(), other.body(), other.reread.as_deref())
    }

    /// Whether one finds by this index whatever one finds by `other`: `other`'s keys are the first of this one's.
    pub fn covers(&self, other: &Index) -> bool {
        let same_start = |ours: &[String], theirs: &[String]| ours.starts_with(theirs);
        self.valid
            && self.method == "btree"
            && other.method == "btree"
            && !other.unique
            && self.keys.starts_with(&other.keys)
            && same_start(&self.classes, &other.classes)
            && same_start(&self.collations, &other.collations)
            && other.included.iter().all(|column| self.keys.contains(column) || self.included.contains(column))
            && (self.predicate.is_none() || self.predicate == other.predicate)
    }
}

/// Whether one of two things, printed and read again, is printed as the other one.
fn same(one: &str, reread: Option<&str>, other: &str, other_reread: Option<&str>) -> bool {
    one == other || reread == Some(other) || other_reread == Some(one)
}

/// What follows the name in CREATE INDEX.
fn body<'a>(definition: &'a str, name: &str) -> &'a str {
    let quoted = crate::db::quote::ident(name);
    let after = |name: &str| {
        let needle = format!(" INDEX {name} ON ");
        definition.find(&needle).map(|at| &definition[at + needle.len()..])
    };
    let rest = after(name).or_else(|| after(&quoted)).unwrap_or(definition);
    rest.strip_prefix("ONLY ").unwrap_or(rest)
}
