use tokio_postgres::Client;

use super::{Table, read, sql};
use crate::Result;
use crate::db::quote::{ident, qualified};

/// The views and materialised views over a table's columns, each before those that stand on it; all where no column is
/// named.
pub async fn over(client: &Client, table: &str, columns: &[String]) -> Result<Vec<Table>> {
    let rows = client
        .query(
            "WITH RECURSIVE stands_on AS (
                 SELECT DISTINCT r.ev_class AS view, d.refobjid AS base, d.refobjsubid AS number
                   FROM pg_catalog.pg_depend d
                   JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
                   JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
                  WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> r.ev_class
             ), over_it (view, level) AS (
                 SELECT s.view, 1
                   FROM stands_on s
                  WHERE s.base = pg_catalog.to_regclass($1)
                    AND (pg_catalog.cardinality($2::text[]) = 0 OR s.number = 0
                         OR EXISTS (SELECT FROM pg_catalog.pg_attribute a
                                     WHERE a.attrelid = s.base AND a.attnum = s.number AND a.attname = ANY ($2)))
                 UNION
                 SELECT s.view, o.level + 1 FROM over_it o JOIN stands_on s ON s.base = o.view
             )
             SELECT view FROM over_it GROUP BY view ORDER BY max(level), view",
            &[&qualified("public", table), &columns],
        )
        .await?;
    read::by_oid(client, &rows.iter().map(|row| row.get(0)).collect::<Vec<_>>()).await
}

impl Table {
    /// DROP, of a view.
    pub fn drop_view(&self) -> String {
        format!("DROP {}VIEW {};\n", if self.kind == 'm' { "MATERIALIZED " } else { "" }, self.sql_name())
    }

    /// The statements that make a view again as it was, with owner, grants, options, comments, triggers and indexes.
    ///
    /// A materialised view comes back empty, since filling it may take long: [`Self::refresh`] does.
    pub fn create_view(&self) -> String {
        self.created(false)
    }

    /// The same, with a materialised view filled in the same transaction where it was filled.
    pub fn create_view_filled(&self) -> String {
        self.created(self.populated)
    }

    fn created(&self, filled: bool) -> String {
        let name = self.sql_name();
        let materialised = self.kind == 'm';
        let definition = sql::as_written(self.view.as_deref().unwrap_or_default().trim_end().trim_end_matches(';'));
        let mut made = format!("CREATE {}VIEW {name}", if materialised { "MATERIALIZED " } else { "" });
        if !self.options.is_empty() {
            made.push_str(&format!(" WITH ({})", self.options.join(", ")));
        }
        made.push_str(&format!(" AS {definition}"));
        made.push_str(if materialised { " WITH NO DATA;\n" } else { ";\n" });
        for column in self.columns.iter().filter(|column| !materialised && column.default.is_some()) {
            let default = column.default.as_deref().unwrap_or_default();
            made.push_str(&format!("ALTER VIEW {name} ALTER COLUMN {} SET DEFAULT {default};\n", ident(&column.name)));
        }
        // Before it changes hands: its owner may be one who reads these tables no more.
        if materialised && filled {
            made.push_str(&format!("REFRESH MATERIALIZED VIEW {name};\n"));
        }
        for index in &self.indexes {
            made.push_str(&format!("{};\n", index.definition));
            if index.clustered {
                made.push_str(&format!("ALTER TABLE {name} CLUSTER ON {};\n", ident(&index.name)));
            }
        }
        for trigger in &self.triggers {
            made.push_str(&trigger.create(&name));
        }
        for (object, text) in self.comments() {
            made.push_str(&sql::comment(&object, text));
        }
        made + &self.owned_and_granted()
    }

    /// The statements that give a relation just made its owner and its grants.
    fn owned_and_granted(&self) -> String {
        let name = self.sql_name();
        let word = if self.kind == 'm' { "MATERIALIZED VIEW" } else { "VIEW" };
        let mut given = format!("ALTER {word} {name} OWNER TO {};\n", ident(&self.owner));
        if let Some(grants) = &self.grants {
            let everything = super::Grant {
                grantee: Some(self.owner.clone()),
                grantor: self.owner.clone(),
                privileges: Vec::new(),
                grantable: Vec::new(),
            };
            given.push_str(&sql::grants(&format!("TABLE {name}"), &self.owner, &[everything], grants));
        }
        for column in &self.columns {
            if let Some(grants) = &column.grants {
                given.push_str(&sql::column_grants(&name, &column.name, &self.owner, &[], grants));
            }
        }
        given
    }

    /// The statements that fill a materialised view as the present role, whatever its owner may read.
    pub fn refresh(&self) -> String {
        let name = self.sql_name();
        format!(
            "ALTER MATERIALIZED VIEW {name} OWNER TO CURRENT_USER;\nREFRESH MATERIALIZED VIEW {name};\n{}",
            self.owned_and_granted()
        )
    }
}
