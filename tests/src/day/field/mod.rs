//! An officer's day at the doors: what he does in each house, and what he notes of it.

mod events;
mod people;
mod traces;
mod visit;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use app::case::correction::ProposeCorrection;
use app::case::read::{ListToday, OpenHousehold};
use app::case::visit::{RecordOrdinaryVisit, RecordVisit, VisitInput};
use app::command;
use domain::change::{VisitKind, VisitOutcome};
use domain::field::{Field, Subject};
use domain::fold::Presence;
use domain::id::{ChangeId, HouseholdId, OfficerId, PersonId};
use store::{HouseQuery, HouseRow, HouseholdView, PersonView};

use super::findings::{Finding, Findings, Listed, What};
use crate::account::Progress;
use crate::laptop::Laptop;
use crate::tally::Tally;

/// A knock takes so long.
const VISIT_MS: u64 = 4 * 60 * 1000;
/// After so many houses the everyday events begin again from the first.
const ROUND: usize = 24;
/// At this place of the round the head of the household tells a new telephone number.
const NEW_TELEPHONE: usize = 2;

/// What was done in a day, by kind.
#[derive(Clone, Debug, Default)]
pub struct Done(pub BTreeMap<&'static str, u64>);

impl Done {
    fn one(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    /// How often.
    pub fn times(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// Adds what another did.
    pub fn join(&mut self, other: &Done) {
        for (what, times) in &other.0 {
            *self.0.entry(what).or_default() += times;
        }
    }
}

/// The person who will ask to be forgotten, and everything that was written of him.
#[derive(Clone, Debug)]
pub struct Forgotten {
    pub person: PersonId,
    /// Texts that stand nowhere but in what is his.
    pub texts: Vec<(&'static str, String)>,
    /// A photo and its crop.
    pub pictures: Vec<Vec<u8>>,
    /// Keys of drafts that were never saved.
    pub drafts: Vec<String>,
}

/// An officer at work, with no line.
pub struct FieldDay<'a> {
    pub laptop: &'a Laptop,
    pub officer: OfficerId,
    pub findings: &'a Findings,
    /// Makes photos differ from one another.
    pub seed: u64,
    /// Whoever is listed like this is the one who will ask to be forgotten.
    pub to_forget: Option<Listed>,
    pub tally: Tally,
    pub done: Done,
    pub forgotten: Option<Forgotten>,
    papers: u64,
    away: Vec<PersonId>,
    lodging: Vec<(PersonId, ChangeId)>,
    last_house: Option<HouseholdId>,
}

/// What a house shows when its door opens.
struct House {
    view: HouseholdView,
    hamlet: String,
    house_no: String,
    /// Those who are listed or were found here, the head first.
    members: Vec<PersonView>,
}

impl House {
    /// Someone of whom nothing is wrong and who is not the head.
    fn someone(&self, findings: &[(PersonId, Finding)], not: Option<PersonId>) -> Option<PersonId> {
        let is_found = |person: &PersonId| findings.iter().any(|(found, _)| found == person);
        let mut people = self.members.iter().skip(1).map(|member| member.person);
        people.find(|person| !is_found(person) && Some(*person) != not)
    }

    fn listed_as(&self, who: &Listed) -> Option<&PersonView> {
        self.members.iter().find(|member| {
            let says = |field| member.state.field(field).unwrap_or_default();
            says(Field::FullName) == who.full_name && says(Field::IdNumber) == who.id_number
        })
    }
}
impl<'a> FieldDay<'a> {
    /// A day that begins.
    pub fn begin(laptop: &'a Laptop, officer: OfficerId, findings: &'a Findings, seed: u64) -> Self {
        Self {
            laptop,
            officer,
            findings,
            seed,
            to_forget: None,
            tally: Tally::default(),
            done: Done::default(),
            forgotten: None,
            papers: 0,
            away: Vec::new(),
            lodging: Vec::new(),
            last_house: None,
        }
    }

    /// Every house that is his, in walking order.
    ///
    /// # Errors
    /// What a command answers.
    pub async fn walk(&mut self, progress: &Progress) -> Result<()> {
        let houses = houses_of(self.laptop, self.officer).await?;
        for (number, row) in houses.iter().enumerate() {
            self.knock(number, row).await.with_context(|| format!("at house {number}"))?;
            progress.step();
        }
        Ok(())
    }

    /// Calls houses of a colleague, those where he was told a new telephone number, and hears another one.
    ///
    /// # Errors
    /// What a command answers.
    pub async fn contradict(&mut self, colleague: OfficerId) -> Result<()> {
        let houses = houses_of(self.laptop, colleague).await?;
        for (number, row) in houses.iter().enumerate().filter(|(number, _)| number % ROUND == NEW_TELEPHONE) {
            let house = self.open(row.household).await?;
            let Some(head) = house.members.first().map(|member| member.person) else { continue };
            let proposal = self.new_telephone(head, number + 5000);
            let visit = VisitInput { kind: VisitKind::ByPhone, ..self.met(&house, vec![head]) };
            self.record(RecordVisit { visit, as_listed: Vec::new(), corrections: vec![proposal] }).await?;
            self.done.one("contradicted");
        }
        Ok(())
    }

    fn new_telephone(&self, head: PersonId, number: usize) -> ProposeCorrection {
        let value = format!("09{:02}{:06}", self.seed % 100, number);
        ProposeCorrection {
            statement_value: Some(value.clone()),
            proposed_value: Some(value),
            reason: Some("Chủ hộ cho biết".into()),
            ..proposal_for(head, Field::Phone)
        }
    }

    async fn knock(&mut self, number: usize, row: &HouseRow) -> Result<()> {
        let house = self.open(row.household).await?;
        let round = number % ROUND;
        if house.members.is_empty() {
            return self.nobody(&house, VisitOutcome::Vacant).await;
        }
        if nobody_is_met(number) {
            let outcome = if round == 23 { VisitOutcome::Refused } else { VisitOutcome::NobodyHome };
            return self.nobody(&house, outcome).await;
        }
        let found = self.found_at(&house);
        let saved = if found.is_empty() {
            let started_ms = self.laptop.clock.now_ms().saturating_sub(VISIT_MS);
            let params = RecordOrdinaryVisit { household: row.household, started_ms };
            let saved = self.laptop.app.run::<command::RecordOrdinaryVisit>(params).await?;
            self.note_visit(&saved, Some(row.household), "visits");
            self.done.one("as listed");
            saved
        } else {
            self.visit_with_findings(&house, &found).await?
        };
        if let Some(member) = self.to_forget.as_ref().and_then(|who| house.listed_as(who)) {
            self.leave_traces(member).await?;
        }
        self.everyday_event(number, &house, &found, &saved).await?;
        self.last_house = Some(row.household);
        Ok(())
    }

    async fn open(&self, household: HouseholdId) -> Result<House> {
        let view = self.laptop.app.run::<command::OpenHousehold>(OpenHousehold { household }).await?;
        let is_here = |person: &&PersonView| matches!(person.state.presence, Presence::Listed | Presence::AddedAtDoor);
        let members = view.members.iter().filter(is_here).cloned().collect();
        let dwelling = view.dwelling.as_ref();
        Ok(House {
            hamlet: dwelling.map(|dwelling| dwelling.hamlet.clone()).unwrap_or_default(),
            house_no: dwelling.and_then(|dwelling| dwelling.house_no.clone()).unwrap_or_default(),
            members,
            view,
        })
    }

    /// What there is to be found, with the people it is about.
    fn found_at(&self, house: &House) -> Vec<(PersonId, Finding)> {
        let number = house.view.state.household_no.as_deref().unwrap_or_default();
        let who = |finding: &Finding| house.listed_as(&finding.who).map(|member| member.person);
        self.findings.at(number).iter().filter_map(|finding| Some((who(finding)?, finding.clone()))).collect()
    }
}

impl Finding {
    /// Whether the person is not to be met at this door.
    fn is_not_here(&self) -> bool {
        !matches!(self.what, What::Value { .. })
    }
}

/// Whether nobody opens at the house of that number.
pub fn nobody_is_met(number: usize) -> bool {
    matches!(number % ROUND, 7 | 19 | 23)
}

/// Every house that is handed to an officer, in walking order.
///
/// # Errors
/// What a command answers.
pub async fn houses_of(laptop: &Laptop, officer: OfficerId) -> Result<Vec<HouseRow>> {
    let mut houses = Vec::new();
    loop {
        let query = HouseQuery { officer: Some(officer), ..HouseQuery::default() };
        let offset = u32::try_from(houses.len())?;
        let page = laptop.app.run::<command::ListToday>(ListToday { query, offset, limit: 500 }).await?.houses;
        if page.is_empty() {
            return Ok(houses);
        }
        houses.extend(page);
    }
}

fn proposal_for(person: PersonId, field: Field) -> ProposeCorrection {
    ProposeCorrection {
        subject: Subject::Person,
        subject_id: person.into(),
        field,
        paper_value: None,
        statement_value: None,
        proposed_value: None,
        reason: None,
        evidence: Vec::new(),
        household: None,
        visit: None,
    }
}

/// `dd/mm/yyyy`.
fn date(day: jiff::civil::Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}
