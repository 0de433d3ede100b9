use serde::Deserialize;

/// The database roles that a request may run as, in the order of their bits in [`Roles`].
pub const REQUEST_ROLES: [&str; 8] = [
    "anon",
    "authenticated",
    "tenantry_client",
    "tenantry_staff",
    "tenantry_manager",
    "tenantry_admin",
    "tenantry_service",
    "tenantry_super_admin",
];

/// A set of [`REQUEST_ROLES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(transparent)]
pub struct Roles(u8);

impl Roles {
    /// One role alone; the empty set for a role that no request runs as.
    pub fn only(role: &str) -> Self {
        REQUEST_ROLES.iter().position(|known| *known == role).map_or(Self(0), |place| Self(1 << place))
    }

    /// Whether a role is in it.
    pub fn contain(self, role: &str) -> bool {
        self.0 & Self::only(role).0 != 0
    }

    /// Their names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        REQUEST_ROLES.into_iter().filter(move |role| self.contain(role))
    }

    /// Those in either set.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Roles;

    #[test]
    fn holds_what_was_put_in() {
        let both = Roles::only("anon").or(Roles::only("tenantry_super_admin"));
        assert!(both.contain("anon") && both.contain("tenantry_super_admin") && !both.contain("tenantry_staff"));
        assert_eq!(both.names().collect::<Vec<_>>(), ["anon", "tenantry_super_admin"]);
        assert!(!Roles(u8::MAX).contain("postgres"), "no request runs as this");
    }
}
