use super::store::Rights;
use crate::configurations::changes::types::{Change, State};
use crate::console::Visitor;
use crate::db::policies::rules::Role;

/// What somebody may do with a change now; what they may not has no button.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a button of its own")]
pub(super) struct May {
    pub(super) approve: bool,
    pub(super) reject: bool,
    pub(super) withdraw: bool,
    pub(super) apply: bool,
    pub(super) revert: bool,
    /// The environments because of which somebody else has to approve it first.
    pub(super) awaits: Vec<String>,
}

impl May {
    /// That of a visitor, by the policies that the database told of, and what is protected.
    pub(super) fn of(visitor: &Visitor, change: &Change, rights: &Rights, protected: &[String]) -> Self {
        let writes = match visitor.person.role {
            Role::Admin | Role::SuperAdmin => true,
            Role::Manager => rights.manages_all && !change.is_shared,
            Role::Client | Role::Staff | Role::Service => false,
        };
        Self::decided(&Facts { writes, role: visitor.person.role }, change, rights, protected)
    }

    fn decided(facts: &Facts, change: &Change, rights: &Rights, protected: &[String]) -> Self {
        let may_decide = change.state.is_open() && rights.may_decide && facts.role != Role::Client;
        let held = change.environments.iter().filter(|name| protected.contains(name));
        let awaits: Vec<String> = if change.state == State::Proposed { held.cloned().collect() } else { Vec::new() };
        Self {
            approve: may_decide && change.state == State::Proposed && !rights.is_author && facts.role != Role::Staff,
            reject: may_decide && !rights.is_author,
            withdraw: may_decide && rights.is_author,
            apply: may_decide && facts.writes && awaits.is_empty(),
            revert: change.state == State::Applied
                && change.revision.is_some()
                && rights.reverted_by.is_none()
                && facts.role != Role::Client,
            awaits,
        }
    }

    /// Whether there is nothing to do.
    pub(super) fn is_nothing(&self) -> bool {
        !(self.approve || self.reject || self.withdraw || self.apply || self.revert)
    }
}

struct Facts {
    /// Whether they may write the rows.
    writes: bool,
    role: Role,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::configurations::changes::types::Who;

    fn change(state: State) -> Change {
        Change {
            id: Uuid::nil(),
            state,
            reason: "a reason".to_owned(),
            client_ids: Vec::new(),
            is_shared: false,
            environments: vec!["staging".to_owned(), "production".to_owned()],
            edits: 1,
            reverts: None,
            proposed_at: jiff::Timestamp::UNIX_EPOCH,
            author: Who { user_id: None, token_id: None, name: None },
            decided_at: None,
            decided_by: None,
            decision: None,
            applied_at: None,
            applied_by: None,
            revision: (state == State::Applied).then_some(7),
        }
    }

    fn may(state: State, is_author: bool, role: Role, protected: &[&str]) -> May {
        let rights = Rights { is_author, may_decide: true, manages_all: true, reverted_by: None };
        let protected: Vec<String> = protected.iter().map(|name| (*name).to_owned()).collect();
        let facts = Facts { writes: role != Role::Staff, role };
        May::decided(&facts, &change(state), &rights, &protected)
    }

    #[test]
    fn an_author_applies_and_withdraws_and_approves_nothing() {
        let own = may(State::Proposed, true, Role::Manager, &[]);
        assert_eq!((own.approve, own.reject, own.withdraw, own.apply), (false, false, true, true));
        let others = may(State::Proposed, false, Role::Manager, &[]);
        assert_eq!((others.approve, others.reject, others.withdraw, others.apply), (true, true, false, true));
    }

    #[test]
    fn a_protected_environment_waits_for_somebody_else() {
        let own = may(State::Proposed, true, Role::Admin, &["production", "development"]);
        assert_eq!((own.apply, own.awaits.as_slice()), (false, ["production".to_owned()].as_slice()));
        assert!(may(State::Approved, true, Role::Admin, &["production"]).apply);
    }

    #[test]
    fn what_is_decided_is_decided() {
        for state in [State::Rejected, State::Withdrawn] {
            assert!(may(state, true, Role::SuperAdmin, &[]).is_nothing(), "{state}");
        }
        assert_eq!(may(State::Applied, false, Role::Staff, &[]), May { revert: true, ..May::default() });
        assert!(may(State::Applied, false, Role::Client, &[]).is_nothing());
        let staff = may(State::Proposed, true, Role::Staff, &[]);
        assert_eq!((staff.apply, staff.withdraw), (false, true));
    }
}
