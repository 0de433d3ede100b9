use std::fmt;
use std::str::FromStr;

/// An address that people sign in with, written as they write it; two that differ in case alone are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress(String);

/// The longest address that mail can carry.
const LONGEST: usize = 254;

/// The longest part before the `@`.
const LONGEST_LOCAL: usize = 64;

/// The longest part of a domain between two dots.
const LONGEST_LABEL: usize = 63;

impl EmailAddress {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EmailAddress {
    type Err = String;

    /// Takes what mail systems take in practice; quoted local parts and bare addresses of machines are no mailboxes of
    /// people.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some((local, domain)) = text.rsplit_once('@') else {
            return Err("an e-mail address has an @, as in mia@agency.example".to_owned());
        };
        if let Some(odd) = text.chars().find(|c| c.is_whitespace() || c.is_control()) {
            return Err(format!(
                "an e-mail address has no {}",
                if odd == ' ' { "spaces" } else { "control characters" }
            ));
        }
        if text.len() > LONGEST {
            return Err(format!("an e-mail address has at most {LONGEST} bytes, this one has {}", text.len()));
        }
        if local.is_empty() || local.len() > LONGEST_LOCAL {
            return Err(format!("before the @ stand 1 to {LONGEST_LOCAL} bytes"));
        }
        if let Some(odd) = local.chars().find(|c| !is_local(*c)) {
            return Err(format!("{odd:?} can't stand before the @"));
        }
        if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
            return Err("before the @, dots stand between other characters".to_owned());
        }
        if !domain.split('.').all(is_label) {
            return Err(format!("{domain:?} is no domain, such as agency.example"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Letters of every script may stand before the `@`; of ASCII's other characters, those of RFC 5322's atoms.
fn is_local(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c) } else { c.is_alphanumeric() }
}

fn is_label(label: &str) -> bool {
    let fits = |c: char| if c.is_ascii() { c.is_ascii_alphanumeric() || c == '-' } else { c.is_alphanumeric() };
    !label.is_empty()
        && label.len() <= LONGEST_LABEL
        && label.chars().all(fits)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// What a person may do at most; `tenantry.people.role`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Role {
    /// A client's own login.
    Client,
    /// Reads the clients that they are members of.
    Staff,
    /// Reads and writes the clients that they manage.
    Manager,
    /// Reads and writes every client and all global rows.
    Admin,
    /// As admin, and people, roles, system rows, keys.
    SuperAdmin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Client, Self::Staff, Self::Manager, Self::Admin, Self::SuperAdmin];

    /// As the database has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Staff => "staff",
            Self::Manager => "manager",
            Self::Admin => "admin",
            Self::SuperAdmin => "super_admin",
        }
    }

    /// The database role that a person of this role acts as.
    pub fn database_role(self) -> String {
        format!("tenantry_{}", self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| format!("{text:?} is no role: client, staff, manager, admin or super_admin"))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a person may do at most with one client; `client_members.member_role`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum MemberRole {
    /// The client's own login.
    Client,
    /// Reads it.
    Staff,
    /// Reads and writes it.
    Manager,
}

impl MemberRole {
    /// All of them, the one that may do most first.
    pub const ALL: [Self; 3] = [Self::Manager, Self::Staff, Self::Client];

    /// The one that a form names; none where it names another.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|member_role| member_role.as_str() == name)
    }

    /// As the database has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Staff => "staff",
            Self::Manager => "manager",
        }
    }

    /// Whether somebody with a role may be this on a client: `client` is for people of that role and for them alone.
    pub fn fits(self, role: Role) -> bool {
        (self == Self::Client) == (role == Role::Client)
    }
}

impl fmt::Display for MemberRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_address_is_refused_and_says_why() {
        for (text, why) in [
            ("", "has an @"),
            ("mia", "has an @"),
            ("mia@", "no domain"),
            ("@agency.example", "before the @"),
            ("mia@@agency.example", "'@' can't stand"),
            ("mia @agency.example", "no spaces"),
            ("mia@agency.example\n", "no control characters"),
            ("mia@agency..example", "no domain"),
            ("mia@-agency.example", "no domain"),
            ("mia@agency_1.example", "no domain"),
            (".mia@agency.example", "dots stand between"),
            ("mi..a@agency.example", "dots stand between"),
            ("mia<script>@agency.example", "can't stand before"),
            ("mia@agency.example, ben@agency.example", "no spaces"),
        ] {
            let refused = text.parse::<EmailAddress>().expect_err(text);
            assert!(refused.contains(why), "{text:?}: {refused}");
        }
        let long = format!("{}@agency.example", "m".repeat(65));
        assert!(long.parse::<EmailAddress>().is_err());
    }

    #[test]
    fn addresses_that_people_have_are_taken() {
        for text in
            ["mia@agency.example", "Mia.O'Neil+tenantry@mail.agency.example", "jörg@büro.example", "ops@localhost"]
        {
            assert_eq!(text.parse::<EmailAddress>().expect(text).as_str(), text);
        }
    }

    #[test]
    fn only_clients_are_members_as_client() {
        assert!(MemberRole::Client.fits(Role::Client));
        assert!(!MemberRole::Client.fits(Role::Staff));
        assert!(!MemberRole::Manager.fits(Role::Client));
        assert!(MemberRole::Manager.fits(Role::Staff), "the lesser of the two counts");
    }

    proptest! {
        #[test]
        fn no_text_is_taken_that_mail_could_not_carry(text in "\\PC{0,300}") {
            if let Ok(address) = text.parse::<EmailAddress>() {
                prop_assert!(address.as_str().len() <= LONGEST);
                prop_assert_eq!(address.as_str().matches('@').count(), 1);
                prop_assert!(!address.as_str().contains(char::is_whitespace));
            }
        }

        #[test]
        fn plain_addresses_are_taken(local in "[a-z0-9]{1,20}", domain in "[a-z0-9]{1,20}", top in "[a-z]{2,10}") {
            let text = format!("{local}@{domain}.{top}");
            prop_assert!(text.parse::<EmailAddress>().is_ok());
        }

        #[test]
        fn roles_are_read_as_they_are_written(index in 0..Role::ALL.len()) {
            let role = Role::ALL[index];
            prop_assert_eq!(role.to_string().parse::<Role>(), Ok(role));
        }

        #[test]
        fn no_other_word_is_a_role(word in "[a-zA-Z_ ]{0,12}") {
            let known = Role::ALL.iter().any(|role| role.as_str() == word);
            prop_assert_eq!(word.parse::<Role>().is_ok(), known);
        }
    }
}
