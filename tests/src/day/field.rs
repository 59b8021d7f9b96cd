//! An officer's day at the doors: what he does in each house, and what he notes of it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use app::PhotoSource;
use app::case::correction::{EvidenceInput, PaperInput, ProposeCorrection, WithdrawCorrection};
use app::case::people::{
    AddPerson, BeginAbsence, BeginTemporaryResidence, EndAbsence, EndTemporaryResidence, MovePerson, RemovePerson,
};
use app::case::place::{AddHousehold, DwellingChoice, DwellingInput, HouseholdSaved, SplitHousehold};
use app::case::read::{Find, ListToday, OpenHousehold};
use app::case::remark::{AttachPhoto, WithdrawEvent, WriteNote};
use app::case::visit::{AmendVisit, RecordOrdinaryVisit, RecordVisit, VisitInput, VisitSaved};
use app::command;
use app::error::Code;
use data_encoding::BASE64;
use domain::change::{EntityKind, EntityRef, PhotoReason, RemovalCause, VisitKind, VisitOutcome, kind};
use domain::field::{Field, Subject};
use domain::fold::Presence;
use domain::id::{ChangeId, HouseholdId, OfficerId, PersonId};
use domain::register::ResidenceKind;
use store::{HouseQuery, HouseRow, HouseholdView, PersonView};

use super::findings::{Finding, Findings, Listed, What};
use crate::account::Progress;
use crate::laptop::Laptop;
use crate::tally::Tally;

/// A knock takes so long.
const VISIT_MS: u64 = 4 * 60 * 1000;
/// One paper in so many is photographed.
const PAPERS_TO_A_PHOTO: u64 = 10;
/// Where on a paper the value stands, in ten-thousandths: left, top, width, height.
const CROP: [u16; 4] = [500, 1000, 4000, 800];
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

    fn met(&self, house: &House, met: Vec<PersonId>) -> VisitInput {
        let ended_ms = self.laptop.clock.now_ms();
        VisitInput {
            household: house.view.household,
            kind: VisitKind::AtTheDoor,
            outcome: VisitOutcome::Met,
            met,
            met_other: None,
            started_ms: ended_ms.saturating_sub(VISIT_MS),
            ended_ms,
            next_visit: None,
            note: None,
            interpreter: None,
        }
    }

    async fn record(&mut self, params: RecordVisit) -> Result<VisitSaved> {
        let as_listed = (!params.as_listed.is_empty()).then_some(params.visit.household);
        let saved = self.laptop.app.run::<command::RecordVisit>(params).await?;
        self.note_visit(&saved, as_listed, "visits");
        Ok(saved)
    }

    fn note_visit(&mut self, saved: &VisitSaved, as_listed: Option<HouseholdId>, what: &'static str) {
        self.tally.note(saved.change);
        if let Some(household) = as_listed {
            self.tally.note_on(EntityKind::Household, household, kind::EVERYONE_AS_LISTED, self.officer);
        }
        for proposed in &saved.corrections {
            let correction = proposed.correction;
            self.tally.note_on(EntityKind::Correction, correction, kind::CORRECTION_PROPOSED, self.officer);
            self.done.one("corrections");
        }
        self.done.one(what);
    }

    async fn nobody(&mut self, house: &House, outcome: VisitOutcome) -> Result<()> {
        let tomorrow = app::clock::day_of(self.laptop.clock.now_ms() + 24 * 60 * 60 * 1000);
        let next_visit = (outcome != VisitOutcome::Vacant).then(|| date(tomorrow));
        let visit = VisitInput { outcome, next_visit, ..self.met(house, Vec::new()) };
        self.record(RecordVisit { visit, as_listed: Vec::new(), corrections: Vec::new() }).await?;
        self.done.one("nobody met");
        Ok(())
    }

    /// Holds the papers against the register; whoever is right is as listed.
    async fn visit_with_findings(&mut self, house: &House, found: &[(PersonId, Finding)]) -> Result<VisitSaved> {
        let mut corrections = Vec::new();
        for (person, finding) in found {
            if let Some(proposal) = self.propose(house, *person, finding).await? {
                corrections.push(proposal);
            }
        }
        let is_found = |person: &PersonId| found.iter().any(|(other, _)| other == person);
        let members: Vec<PersonId> = house.members.iter().map(|member| member.person).collect();
        let as_listed: Vec<PersonId> = members.iter().filter(|person| !is_found(person)).copied().collect();
        let is_here =
            |person: &PersonId| !found.iter().any(|(other, finding)| other == person && finding.is_not_here());
        let met: Vec<PersonId> = members.into_iter().filter(is_here).collect();
        let met_other = met.is_empty().then(|| "Người hàng xóm".to_owned());
        let visit = VisitInput { met_other, ..self.met(house, met) };
        let saved = self.record(RecordVisit { visit, as_listed, corrections }).await?;
        for (person, finding) in found {
            self.take_away(*person, finding).await?;
        }
        Ok(saved)
    }

    async fn propose(
        &mut self,
        house: &House,
        person: PersonId,
        finding: &Finding,
    ) -> Result<Option<ProposeCorrection>> {
        let (field, value, paper) = match &finding.what {
            What::Value { field, true_value, paper } => (*field, true_value.clone(), paper.clone()),
            What::Died { on } => (Field::DeathDate, on.clone(), None),
            What::MovedAway { on } => (Field::ResidenceUntil, on.clone(), None),
            What::ListedTwice => return Ok(None),
        };
        let member = house.members.iter().find(|member| member.person == person).context("a member")?;
        let mut proposal = ProposeCorrection {
            proposed_value: Some(value.clone()),
            reason: Some(if paper.is_some() { "Giấy tờ ghi khác" } else { "Người nhà cho biết" }.into()),
            ..proposal_for(person, field)
        };
        match paper {
            Some(paper) => {
                self.papers += 1;
                let input = PaperInput {
                    kind: paper.kind.into(),
                    number: Some(paper.number.clone()).filter(|number| !number.is_empty()),
                    date: Some(paper.issued.clone()).filter(|date| !date.is_empty()),
                };
                proposal.paper_value = Some(value);
                proposal.evidence = match self.papers % PAPERS_TO_A_PHOTO == 1 {
                    true => vec![self.photograph(member, input).await?.0],
                    false => vec![EvidenceInput { paper: input, photo: None, rectangle: None, crop: None }],
                };
            }
            None => proposal.statement_value = Some(value),
        }
        Ok(Some(proposal))
    }

    /// Photographs a paper, cuts out the crop that proves the value, and gives both as evidence, with their bytes.
    async fn photograph(&mut self, member: &PersonView, paper: PaperInput) -> Result<(EvidenceInput, [Vec<u8>; 2])> {
        let name = member.state.field(Field::FullName).unwrap_or_default();
        let number = paper.number.as_deref().unwrap_or_default();
        let photo = synth::sample_photo(self.seed.wrapping_mul(1_000_003) + self.papers, &[name, number], 1024, 768);
        let saved = self
            .laptop
            .app
            .run::<command::AttachPhoto>(AttachPhoto {
                entity: EntityRef::new(EntityKind::Person, member.person),
                photos: vec![PhotoSource::Base64(BASE64.encode(&photo))],
                document_kind: paper.kind.clone(),
                document_number: paper.number.clone(),
                document_date: None,
                reason: Some(PhotoReason::Discrepancy),
                reason_text: None,
                visit: None,
            })
            .await?;
        self.tally.note(saved.change);
        self.done.one("photos");
        let crop = crop_of(&photo)?;
        let evidence = EvidenceInput {
            paper,
            photo: Some(saved.photos.first().context("the photo that was given")?.hash),
            rectangle: Some(CROP),
            crop: Some(PhotoSource::Base64(BASE64.encode(&crop))),
        };
        Ok((evidence, [photo, crop]))
    }

    /// Leaves traces of all kinds of the one who will ask to be forgotten: a photo and its crop, a correction with a
    /// reason, a note, and the visit that was just recorded.
    async fn leave_traces(&mut self, member: &PersonView) -> Result<()> {
        let mark = format!("{:016x}", crate::bad_line::mix(self.seed));
        let [reason, note, other_name] = ["lý do", "ghi chú", "tên khác"].map(|what| format!("{what} riêng {mark}"));
        self.papers += 1;
        let paper = PaperInput { kind: "birth_certificate".into(), number: Some(format!("so-{mark}")), date: None };
        let (evidence, pictures) = self.photograph(member, paper).await?;
        let proposal = ProposeCorrection {
            paper_value: Some(other_name.clone()),
            proposed_value: Some(other_name.clone()),
            reason: Some(reason.clone()),
            evidence: vec![evidence],
            ..proposal_for(member.person, Field::OtherName)
        };
        let saved = self.laptop.app.run::<command::ProposeCorrection>(proposal).await?;
        self.tally.note(saved.change);
        self.done.one("corrections");
        let entity = EntityRef::new(EntityKind::Person, member.person);
        let saved = self.laptop.app.run::<command::WriteNote>(WriteNote { entity, text: note.clone() }).await?;
        self.tally.note(saved.change);
        let value = |field| member.state.field(field).unwrap_or_default().to_owned();
        let texts = [
            ("mark", mark),
            ("reason of a correction", reason),
            ("note", note),
            ("other name", other_name),
            ("name", value(Field::FullName)),
            ("ID number", value(Field::IdNumber)),
            ("old number", value(Field::OldCmnd)),
            ("telephone", value(Field::Phone)),
        ];
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        self.forgotten = Some(Forgotten { person: member.person, texts, pictures: pictures.into() });
        Ok(())
    }

    /// Someone who does not live here any more, or never did.
    async fn take_away(&mut self, person: PersonId, finding: &Finding) -> Result<()> {
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

    async fn remove(
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

    /// What else happens in a house, by its place in the round: half of the houses have something.
    async fn everyday_event(
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
                let yesterday = app::clock::day_of(self.laptop.clock.now_ms() - 24 * 60 * 60 * 1000);
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

    async fn begin_absence(&mut self, person: PersonId) -> Result<()> {
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

    async fn end_absence(&mut self) -> Result<()> {
        let Some(person) = self.away.pop() else { return Ok(()) };
        let params = EndAbsence { person, date: None, note: Some("đã về".into()) };
        let saved = self.laptop.app.run::<command::EndAbsence>(params).await?;
        self.tally.note(saved.change);
        self.done.one("absences ended");
        Ok(())
    }

    async fn begin_lodging(&mut self, person: PersonId, house: &House) -> Result<()> {
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

    async fn end_lodging(&mut self) -> Result<()> {
        let Some((person, begun)) = self.lodging.pop() else { return Ok(()) };
        let params = EndTemporaryResidence { person, begun: Some(begun), date: Some("01/11/2026".into()) };
        let saved = self.laptop.app.run::<command::EndTemporaryResidence>(params).await?;
        self.tally.note(saved.change);
        self.done.one("temporary residences ended");
        Ok(())
    }

    async fn add_newborn(&mut self, house: &House) -> Result<()> {
        let surname = house.members[0].state.field(Field::FullName).and_then(|name| name.split(' ').next());
        let name = format!("{} An Nhiên", surname.unwrap_or("Nguyễn"));
        let born = app::clock::day_of(self.laptop.clock.now_ms() - 9 * 24 * 60 * 60 * 1000);
        self.add_person(house.view.household, &name, "Con", Some(date(born)), "mới sinh").await
    }

    async fn add_person(
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

    async fn move_to_last_house(&mut self, person: PersonId, house: &House) -> Result<()> {
        let Some(to) = self.last_house.filter(|last| *last != house.view.household) else { return Ok(()) };
        let saved = self.laptop.app.run::<command::MovePerson>(MovePerson { person, to, date: None }).await?;
        self.tally.note(saved.change);
        self.done.one("people moved");
        Ok(())
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

/// The rectangle of a photo, as a picture of its own.
fn crop_of(photo: &[u8]) -> Result<Vec<u8>> {
    let whole = image::load_from_memory(photo)?;
    let part = |of: u32, share: u16| of * u32::from(share) / 10_000;
    let [left, top, width, height] = CROP;
    let crop = whole.crop_imm(
        part(whole.width(), left),
        part(whole.height(), top),
        part(whole.width(), width),
        part(whole.height(), height),
    );
    let mut bytes = std::io::Cursor::new(Vec::new());
    crop.write_to(&mut bytes, image::ImageFormat::Jpeg)?;
    Ok(bytes.into_inner())
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

/// `dd/mm/yyyy`.
fn date(day: jiff::civil::Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}
