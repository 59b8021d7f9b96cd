//! Knocks: whom the officer met, what he holds against the register, and the papers he photographs.

use anyhow::{Context, Result};
use app::PhotoSource;
use app::case::correction::{EvidenceInput, PaperInput, ProposeCorrection};
use app::case::remark::AttachPhoto;
use app::case::visit::{RecordVisit, VisitInput, VisitSaved};
use app::command;
use data_encoding::BASE64;
use domain::change::{EntityKind, EntityRef, PhotoReason, VisitKind, VisitOutcome, kind};
use domain::field::Field;
use domain::id::{HouseholdId, PersonId};
use store::PersonView;

use super::{FieldDay, House, VISIT_MS, date, proposal_for};
use crate::day::findings::{Finding, What};

/// One paper in so many is photographed.
const PAPERS_TO_A_PHOTO: u64 = 10;
/// Where on a paper the value stands, in ten-thousandths: left, top, width, height.
const CROP: [u16; 4] = [500, 1000, 4000, 800];

impl FieldDay<'_> {
    pub(super) fn met(&self, house: &House, met: Vec<PersonId>) -> VisitInput {
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

    pub(super) async fn record(&mut self, params: RecordVisit) -> Result<VisitSaved> {
        let as_listed = (!params.as_listed.is_empty()).then_some(params.visit.household);
        let saved = self.laptop.app.run::<command::RecordVisit>(params).await?;
        self.note_visit(&saved, as_listed, "visits");
        Ok(saved)
    }

    pub(super) fn note_visit(&mut self, saved: &VisitSaved, as_listed: Option<HouseholdId>, what: &'static str) {
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

    pub(super) async fn nobody(&mut self, house: &House, outcome: VisitOutcome) -> Result<()> {
        let tomorrow = domain::vietnam::day_of(self.laptop.clock.now_ms() + 24 * 60 * 60 * 1000);
        let next_visit = (outcome != VisitOutcome::Vacant).then(|| date(tomorrow));
        let visit = VisitInput { outcome, next_visit, ..self.met(house, Vec::new()) };
        self.record(RecordVisit { visit, as_listed: Vec::new(), corrections: Vec::new() }).await?;
        self.done.one("nobody met");
        Ok(())
    }

    /// Holds the papers against the register; whoever is right is as listed.
    pub(super) async fn visit_with_findings(
        &mut self,
        house: &House,
        found: &[(PersonId, Finding)],
    ) -> Result<VisitSaved> {
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
    pub(super) async fn photograph(
        &mut self,
        member: &PersonView,
        paper: PaperInput,
    ) -> Result<(EvidenceInput, [Vec<u8>; 2])> {
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
