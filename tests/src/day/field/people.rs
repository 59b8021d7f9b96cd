//! People who come, go, move, and stay for a while.

use std::collections::BTreeMap;

use anyhow::Result;
use app::case::people::{
    AddPerson, BeginAbsence, BeginTemporaryResidence, EndAbsence, EndTemporaryResidence, MovePerson, RemovePerson,
};
use app::case::read::Find;
use app::command;
use domain::change::RemovalCause;
use domain::field::Field;
use domain::id::{HouseholdId, PersonId};
use domain::register::ResidenceKind;

use super::{FieldDay, House, date};
use crate::day::findings::{Finding, What};

impl FieldDay<'_> {
    /// Someone who does not live here any more, or never did.
    pub(super) async fn take_away(&mut self, person: PersonId, finding: &Finding) -> Result<()> {
        let (cause, on, duplicate_of) = match &finding.what {
            What::Value { .. } => return Ok(()),
            What::Died { on } => (RemovalCause::Died, Some(on.clone()), None),
            What::MovedAway { on } => (RemovalCause::MovedAway, Some(on.clone()), None),
            What::ListedTwice => match self.other_listing(person, finding).await? {
                Some(other) => (RemovalCause::Duplicate, None, Some(other)),
                None => (RemovalCause::NeverLivedHere, None, None),
            },
        };
        self.remove(person, cause, on, duplicate_of).await
    }

    /// The same name in another household.
    async fn other_listing(&self, person: PersonId, finding: &Finding) -> Result<Option<PersonId>> {
        let text = finding.who.full_name.clone();
        let hits = self.laptop.app.run::<command::Find>(Find { text, limit: 20 }).await?.people;
        let is_same = |name: Option<&str>| name == Some(finding.who.full_name.as_str());
        Ok(hits.iter().find(|hit| hit.person != person && is_same(hit.full_name.as_deref())).map(|hit| hit.person))
    }

    pub(super) async fn remove(
        &mut self,
        person: PersonId,
        cause: RemovalCause,
        on: Option<String>,
        duplicate_of: Option<PersonId>,
    ) -> Result<()> {
        let destination = (cause == RemovalCause::MovedAway).then(|| "Bình Dương".to_owned());
        let params = RemovePerson { person, cause, date: on, destination, duplicate_of, note: None };
        let saved = self.laptop.app.run::<command::RemovePerson>(params).await?;
        self.tally.note(saved.change);
        self.done.one("people removed");
        Ok(())
    }

    pub(super) async fn begin_absence(&mut self, person: PersonId) -> Result<()> {
        let params = BeginAbsence {
            person,
            since: Some("09/2026".into()),
            expected_return: Some("01/2027".into()),
            destination: Some("Thành phố Hồ Chí Minh".into()),
            reason: Some("đi làm".into()),
            told_by: Some("chủ hộ".into()),
            phone: None,
        };
        let saved = self.laptop.app.run::<command::BeginAbsence>(params).await?;
        self.tally.note(saved.change);
        self.away.push(person);
        self.done.one("absences begun");
        Ok(())
    }

    pub(super) async fn end_absence(&mut self) -> Result<()> {
        let Some(person) = self.away.pop() else { return Ok(()) };
        let params = EndAbsence { person, date: None, note: Some("đã về".into()) };
        let saved = self.laptop.app.run::<command::EndAbsence>(params).await?;
        self.tally.note(saved.change);
        self.done.one("absences ended");
        Ok(())
    }

    pub(super) async fn begin_lodging(&mut self, person: PersonId, house: &House) -> Result<()> {
        let params = BeginTemporaryResidence {
            person,
            household: self.last_house.unwrap_or(house.view.household),
            since: Some("01/10/2026".into()),
            until: Some("30/09/2027".into()),
            registered: false,
            note: None,
        };
        let saved = self.laptop.app.run::<command::BeginTemporaryResidence>(params).await?;
        self.tally.note(saved.change);
        self.lodging.push((person, saved.change));
        self.done.one("temporary residences begun");
        Ok(())
    }

    pub(super) async fn end_lodging(&mut self) -> Result<()> {
        let Some((person, begun)) = self.lodging.pop() else { return Ok(()) };
        let params = EndTemporaryResidence { person, begun: Some(begun), date: Some("01/11/2026".into()) };
        let saved = self.laptop.app.run::<command::EndTemporaryResidence>(params).await?;
        self.tally.note(saved.change);
        self.done.one("temporary residences ended");
        Ok(())
    }

    pub(super) async fn add_newborn(&mut self, house: &House) -> Result<()> {
        let surname = house.members[0].state.field(Field::FullName).and_then(|name| name.split(' ').next());
        let name = format!("{} An Nhiên", surname.unwrap_or("Nguyễn"));
        let born = domain::vietnam::day_of(self.laptop.clock.now_ms() - 9 * 24 * 60 * 60 * 1000);
        self.add_person(house.view.household, &name, "Con", Some(date(born)), "mới sinh").await
    }

    pub(super) async fn add_person(
        &mut self,
        household: HouseholdId,
        name: &str,
        relationship: &str,
        born: Option<String>,
        reason: &str,
    ) -> Result<()> {
        let mut fields = BTreeMap::from([
            (Field::FullName, name.to_owned()),
            (Field::Sex, "Nữ".to_owned()),
            (Field::RelationshipToHead, relationship.to_owned()),
        ]);
        fields.extend(born.map(|born| (Field::BirthDate, born)));
        let residence = ResidenceKind::Permanent;
        let params = AddPerson { household, fields, residence, since: None, reason: Some(reason.into()) };
        let saved = self.laptop.app.run::<command::AddPerson>(params).await?;
        self.tally.note(saved.change);
        self.done.one("people added");
        Ok(())
    }

    pub(super) async fn move_to_last_house(&mut self, person: PersonId, house: &House) -> Result<()> {
        let Some(to) = self.last_house.filter(|last| *last != house.view.household) else { return Ok(()) };
        let saved = self.laptop.app.run::<command::MovePerson>(MovePerson { person, to, date: None }).await?;
        self.tally.note(saved.change);
        self.done.one("people moved");
        Ok(())
    }
}
