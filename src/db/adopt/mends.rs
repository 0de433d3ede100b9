//! Every mend that `migrate up --mend` knows, each with its reason. The engine beside it ([`super::mending`]) finds the
//! rows and applies them; nothing here happens without `--mend`, and everything can be taken back (`down --unmend`).
//!
//! A mend stands here only where one value alone can have been meant. What could mean two things is asked.

/// A word that a column has instead of one that the model knows.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// The columns it is a word of, as `table.column`.
    pub columns: &'static [&'static str],
    /// The rival words, as [`folded`].
    pub from: &'static [&'static str],
    /// The word that the model has.
    pub to: &'static str,
    /// Why this and no other.
    pub reason: &'static str,
}

/// Rival words that can have meant one thing only, by value wherever they occur.
pub const WORDS: &[Word] = &[
    Word {
        columns: &["clients_enhanced.tier", "client_billing_info.subscription_tier"],
        from: &["professional"],
        to: "premium",
        reason: "professional was the name of the tier between standard and enterprise, which is premium",
    },
    Word {
        columns: &["clients_enhanced.status"],
        from: &["paused"],
        to: "inactive",
        reason: "a paused client is one that rests by its own wish: inactive; suspended is what the agency does to it",
    },
    Word {
        columns: &["client_deployments.health_status"],
        from: &["degraded"],
        to: "warning",
        reason: "degraded says that it serves, but not well: warning; what doesn't serve is critical",
    },
    Word {
        columns: &["client_deployments.deployment_type", "deployment_configurations.environment", ENVIRONMENT],
        from: &["prod"],
        to: "production",
        reason: "prod is short for production",
    },
    Word {
        columns: &["client_deployments.deployment_type", "deployment_configurations.environment", ENVIRONMENT],
        from: &["stage", "stg"],
        to: "staging",
        reason: "stage and stg are short for staging",
    },
    Word {
        columns: &["client_deployments.deployment_type", "deployment_configurations.environment", ENVIRONMENT],
        from: &["dev", "devel"],
        to: "development",
        reason: "dev and devel are short for development",
    },
    Word {
        columns: &["client_deployments.status", "client_billing_info.subscription_status"],
        from: &["canceled"],
        to: "cancelled",
        reason: "canceled is the American spelling of cancelled",
    },
    Word {
        columns: &["client_deployments.status"],
        from: &["rolledback"],
        to: "rolled_back",
        reason: "rolledback is rolled_back without its gap",
    },
    Word {
        columns: &["client_billing_info.subscription_status"],
        from: &["trialing", "trialling"],
        to: "trial",
        reason: "trialing is what payment providers call a subscription in its trial",
    },
    Word {
        columns: &["client_billing_info.billing_frequency"],
        from: &["annual", "annually"],
        to: "yearly",
        reason: "annual and yearly are the same",
    },
    Word {
        columns: &["deployment_tracking_events.event_status"],
        from: &["succeeded", "successful"],
        to: "success",
        reason: "another form of the word success",
    },
    Word {
        columns: &["deployment_tracking_events.event_status"],
        from: &["failed"],
        to: "failure",
        reason: "another form of the word failure",
    },
    Word {
        columns: &["deployment_tracking_events.event_status", "client_deployments.health_status"],
        from: &["warn"],
        to: "warning",
        reason: "warn is short for warning",
    },
    Word {
        columns: &["deployment_tracking_events.triggered_by"],
        from: &["cron", "scheduled"],
        to: "schedule",
        reason: "cron and scheduled say that a schedule triggered it",
    },
];

const ENVIRONMENT: &str = "system_configurations.environment";

/// Why a word that differs in case, blanks or separators only is the word of the model.
pub const SPELLING: &str = "the same word in other letter case, with blanks around it or with another separator";

/// A word without what spelling adds: letter case, blanks around it, and which separator joins its parts.
pub fn folded(word: &str) -> String {
    word.trim().to_lowercase().replace(['-', ' ', '.'], "_")
}

/// The spellings in which the model may have a word: its parts joined by a low line or a hyphen.
pub fn spellings(word: &str) -> [String; 2] {
    let low_line = folded(word);
    let hyphen = low_line.replace('_', "-");
    [low_line, hyphen]
}

/// The word that a rival word of a column stands for.
pub fn word(table: &str, column: &str, value: &str) -> Option<&'static Word> {
    let (place, folded) = (format!("{table}.{column}"), folded(value));
    WORDS.iter().find(|word| word.columns.contains(&place.as_str()) && word.from.contains(&folded.as_str()))
}

/// A mend of some rows by an expression, in which `r` is the row.
#[derive(Clone, Copy, Debug)]
pub struct Expression {
    /// The table.
    pub table: &'static str,
    /// The column that gets the value.
    pub column: &'static str,
    /// What becomes of what, for a person.
    pub change: &'static str,
    /// SQL of the rows, among those that the rule refuses.
    pub condition: &'static str,
    /// SQL of the value; rows for which it is NULL are asked about.
    pub value: &'static str,
    /// Columns of other tables that the value reads, as `table.column`; without one of them the mend isn't known.
    pub reads: &'static [&'static str],
    /// Why this and no other.
    pub reason: &'static str,
}

/// Mends of a column that is NULL and may not be, the surest first. What they set is an estimate, and the reason that
/// [`super::mending`] keeps with each row says so.
pub const NULLS: &[Expression] = &[
    Expression {
        table: "clients_enhanced",
        column: "created_at",
        change: "created_at NULL becomes an estimated time",
        condition: "true",
        value: "(SELECT least(r.updated_at, min(c.created_at)) FROM public.client_customizations c WHERE c.client_id = r.id)",
        reads: &["client_customizations.client_id", "client_customizations.created_at"],
        reason: "estimated: the earliest trace of the client, among its own times and its customizations",
    },
    Expression {
        table: "client_customizations",
        column: "created_at",
        change: "created_at NULL becomes an estimated time",
        condition: "true",
        value: "coalesce(least(r.updated_at, r.approved_at), \
                         (SELECT min(d.created_at) FROM public.client_deployments d WHERE d.customization_id = r.id), \
                         (SELECT c.created_at FROM public.clients_enhanced c WHERE c.id = r.client_id))",
        reads: &["client_deployments.customization_id", "client_deployments.created_at", "clients_enhanced.created_at"],
        reason: "estimated: the earliest trace of the customization, else the client's beginning",
    },
    Expression {
        table: "client_deployments",
        column: "created_at",
        change: "created_at NULL becomes an estimated time",
        condition: "true",
        value: "coalesce(least(r.updated_at, r.deployed_at, \
                               (SELECT min(e.event_timestamp) FROM public.deployment_tracking_events e WHERE e.deployment_id = r.id)), \
                         (SELECT c.created_at FROM public.client_customizations c WHERE c.id = r.customization_id))",
        reads: &[
            "deployment_tracking_events.deployment_id",
            "deployment_tracking_events.event_timestamp",
            "client_customizations.created_at",
        ],
        reason: "estimated: the earliest trace of the deployment, else its customization's beginning",
    },
    Expression {
        table: "deployment_tracking_events",
        column: "event_timestamp",
        change: "event_timestamp NULL becomes an estimated time",
        condition: "true",
        value: "(SELECT coalesce(d.created_at, d.deployed_at, min(e.event_timestamp)) \
                   FROM public.client_deployments d \
                   LEFT JOIN public.deployment_tracking_events e ON e.deployment_id = d.id \
                  WHERE d.id = r.deployment_id GROUP BY d.id)",
        reads: &["client_deployments.created_at", "client_deployments.deployed_at"],
        reason: "estimated: the beginning of its deployment, before which it can't have happened",
    },
    Expression {
        table: "client_analytics",
        column: "created_at",
        change: "created_at NULL becomes an estimated time",
        condition: "true",
        value: "coalesce(r.updated_at, r.analytics_date::timestamp AT TIME ZONE 'UTC')",
        reads: &[],
        reason: "estimated: when the row was last changed, else the day that it is about",
    },
    Expression {
        table: "client_deployments",
        column: "health_status",
        change: "health_status NULL becomes \"unknown\"",
        condition: "true",
        value: "'unknown'",
        reads: &[],
        reason: "no value says what unknown says: nobody checked",
    },
];

/// What becomes of a row's missing beginning and why, where [`NULLS`] knows nothing better.
pub const CREATED_AT: (&str, &str) =
    ("created_at NULL becomes the time of updated_at", "estimated: when the row was last changed");

/// What becomes of the missing time of a row's last change and why.
pub const UPDATED_AT: (&str, &str) = (
    "updated_at NULL becomes the time of created_at",
    "estimated: when the row was made, since nothing tells of a later change",
);

/// Mends of rows that a CHECK of several columns refuses.
pub const CHECKS: &[Expression] = &[Expression {
    table: "client_analytics",
    column: "analytics_period",
    change: "analytics_period \"hourly\" becomes \"daily\"",
    condition: "r.analytics_period = 'hourly' AND r.analytics_hour IS NULL",
    value: "'daily'",
    reads: &[],
    reason: "hourly, but with a date for a key and no hour: a figure of a whole day, where no other figure claims that day",
}];

/// Words that may only be set where something else holds too, as `(table, column, word, SQL)`.
pub const CONDITIONS: &[(&str, &str, &str, &str)] =
    &[("client_analytics", "analytics_period", "hourly", "r.analytics_hour IS NOT NULL")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_however_they_are_spelled() {
        assert_eq!(word("clients_enhanced", "tier", " Professional ").map(|word| word.to), Some("premium"));
        assert_eq!(word("clients_enhanced", "status", "professional").map(|word| word.to), None);
        assert_eq!(spellings("One Time"), ["one_time", "one-time"]);
    }

    #[test]
    fn every_rival_word_is_folded_and_means_one_thing() {
        for word in WORDS {
            for from in word.from {
                assert_eq!(*from, folded(from));
                for column in word.columns {
                    let meanings =
                        WORDS.iter().filter(|other| other.columns.contains(column) && other.from.contains(from));
                    assert_eq!(meanings.count(), 1, "{column} {from}");
                }
            }
        }
    }
}
