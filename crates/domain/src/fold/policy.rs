//! The unit's policy, each holding from its place in the log on.

use crate::change::PolicySet;
use crate::field::Field;

use super::Position;

/// Days after which a person counts as not seen, unless the unit's policy says otherwise.
pub const DEFAULT_ALIVE_DAYS: u32 = 180;

/// Every policy of a unit, by its place in the log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policies(Vec<(Position, PolicySet)>);

impl Policies {
    /// From the unit's `PolicySet` changes, in any order.
    pub fn new(mut policies: Vec<(Position, PolicySet)>) -> Self {
        policies.sort_by_key(|(position, _)| *position);
        Self(policies)
    }

    /// The policy in force for a change at `position`.
    fn at(&self, position: Position) -> Option<&PolicySet> {
        self.0.iter().rev().find(|(from, _)| *from < position).map(|(_, policy)| policy)
    }

    /// Whether a correction of `field` decided at `position` needs two approvals.
    pub fn needs_two_people(&self, field: Field, position: Position) -> bool {
        self.at(position).map_or(field.two_people_by_default(), |policy| policy.two_people.contains(&field))
    }

    /// The latest number of days after which a person counts as not seen.
    pub fn alive_days(&self) -> u32 {
        self.0.last().map_or(DEFAULT_ALIVE_DAYS, |(_, policy)| policy.alive_days)
    }
}
