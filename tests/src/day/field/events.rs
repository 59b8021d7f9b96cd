//! Everyday events beside the visit: notes, new houses, second thoughts.

use anyhow::Result;
use app::case::correction::{ProposeCorrection, WithdrawCorrection};
use app::case::place::{AddHousehold, DwellingChoice, DwellingInput, HouseholdSaved, SplitHousehold};
use app::case::remark::{WithdrawEvent, WriteNote};
use app::case::visit::{AmendVisit, VisitInput, VisitSaved};
use app::command;
use app::error::Code;
use domain::change::{EntityKind, EntityRef, RemovalCause, kind};
use domain::field::Field;
use domain::id::{ChangeId, PersonId};

use super::{FieldDay, House, NEW_TELEPHONE, ROUND, date, proposal_for};
use crate::day::findings::Finding;

impl FieldDay<'_> {
    /// What else happens in a house, by its place in the round: half of the houses have something.
    pub(super) async fn everyday_event(
        &mut self,
        number: usize,
        house: &House,
        found: &[(PersonId, Finding)],
        saved: &VisitSaved,
    ) -> Result<()> {
        let spared = self.forgotten.as_ref().map(|forgotten| forgotten.person);
        let someone = house.someone(found, spared);
        match (number % ROUND, someone) {
            (NEW_TELEPHONE, _) => {
                let proposal = self.new_telephone(house.members[0].person, number);
                let saved = self.laptop.app.run::<command::ProposeCorrection>(proposal).await?;
                self.tally.note(saved.change);
                self.done.one("corrections");
                Ok(())
            }
            (1, Some(person)) => self.begin_absence(person).await,
            (3, Some(person)) => self.begin_lodging(person, house).await,
            (4, _) => self.add_newborn(house).await,
            (6, Some(person)) => {
                let yesterday = domain::vietnam::day_of(self.laptop.clock.now_ms() - 24 * 60 * 60 * 1000);
                self.remove(person, RemovalCause::MovedAway, Some(date(yesterday)), None).await
            }
            (8, Some(person)) => self.split(person, house).await,
            (9, Some(person)) => self.move_to_last_house(person, house).await,
            (11, _) => self.add_house_next_door(house).await,
            (12, _) => self.write_note(house).await.map(drop),
            (14, _) => self.amend(house, found, saved).await,
            (15, Some(person)) => self.propose_and_withdraw(person).await,
            (16, _) => {
                let change = self.write_note(house).await?;
                let entity = EntityRef::new(EntityKind::Household, house.view.household);
                let params = WithdrawEvent { entity, change, reason: Some("Ghi nhầm nhà".into()) };
                let saved = self.laptop.app.run::<command::WithdrawEvent>(params).await?;
                self.tally.note(saved.change);
                self.done.one("events withdrawn");
                Ok(())
            }
            (20, _) => self.end_absence().await,
            (21, _) => self.end_lodging().await,
            _ => Ok(()),
        }
    }

    async fn split(&mut self, person: PersonId, house: &House) -> Result<()> {
        let params = SplitHousehold {
            from: house.view.household,
            dwelling: DwellingChoice::New(next_door(house, "B")),
            persons: vec![person],
            head: Some(person),
            household_no: None,
        };
        let saved = self.laptop.app.run::<command::SplitHousehold>(params).await?;
        self.note_household(&saved);
        self.done.one("households split");
        Ok(())
    }

    fn note_household(&mut self, saved: &HouseholdSaved) {
        self.tally.note(saved.change);
        self.tally.note_on(EntityKind::Dwelling, saved.dwelling, kind::DWELLING_ADDED, self.officer);
    }

    async fn add_house_next_door(&mut self, house: &House) -> Result<()> {
        let dwelling = DwellingChoice::New(next_door(house, "C"));
        let saved = self.laptop.app.run::<command::AddHousehold>(AddHousehold { dwelling, household_no: None }).await?;
        self.note_household(&saved);
        self.done.one("households added");
        self.add_person(saved.household, "Lâm Thị Mới Đến", "Chủ hộ", Some("1988".into()), "mới chuyển đến").await
    }

    async fn write_note(&mut self, house: &House) -> Result<ChangeId> {
        let entity = EntityRef::new(EntityKind::Household, house.view.household);
        let text = "Nhà có chó dữ; gọi trước khi đến.".to_owned();
        let saved = self.laptop.app.run::<command::WriteNote>(WriteNote { entity, text }).await?;
        self.tally.note(saved.change);
        self.done.one("notes");
        Ok(saved.change)
    }

    async fn amend(&mut self, house: &House, found: &[(PersonId, Finding)], saved: &VisitSaved) -> Result<()> {
        let gone = |person: &PersonId| found.iter().any(|(other, finding)| other == person && finding.is_not_here());
        let met: Vec<PersonId> = house.members.iter().map(|member| member.person).filter(|each| !gone(each)).collect();
        let met_other = met.is_empty().then(|| "Người hàng xóm".to_owned());
        let visit = VisitInput { note: Some("Bổ sung ghi chú".into()), met_other, ..self.met(house, met) };
        let params = AmendVisit { id: saved.visit, visit, reason: Some("Thiếu ghi chú".into()) };
        let saved = self.laptop.app.run::<command::AmendVisit>(params).await?;
        self.tally.note(saved.change);
        self.done.one("visits amended");
        Ok(())
    }

    async fn propose_and_withdraw(&mut self, person: PersonId) -> Result<()> {
        let proposal = ProposeCorrection {
            statement_value: Some("Không rõ".into()),
            proposed_value: Some("Không rõ".into()),
            ..proposal_for(person, Field::Religion)
        };
        let proposed = match self.laptop.app.run::<command::ProposeCorrection>(proposal).await {
            Ok(saved) => saved,
            Err(error) if error.code == Code::CorrectionChangesNothing => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        self.tally.note(proposed.change);
        self.done.one("corrections");
        let correction = proposed.proposed.correction;
        let params = WithdrawCorrection { correction, reason: Some("Nghe nhầm".into()) };
        let saved = self.laptop.app.run::<command::WithdrawCorrection>(params).await?;
        self.tally.note(saved.change);
        self.done.one("corrections withdrawn");
        Ok(())
    }
}

fn next_door(house: &House, suffix: &str) -> DwellingInput {
    DwellingInput {
        hamlet: house.hamlet.clone(),
        alley: house.view.dwelling.as_ref().and_then(|dwelling| dwelling.alley.clone()),
        house_no: Some(format!("{}{suffix}", house.house_no)),
        kind: Some("house".into()),
        lat_e6: None,
        lon_e6: None,
    }
}
