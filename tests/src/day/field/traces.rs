//! The one who will ask to be forgotten: traces of all kinds are left of him.

use anyhow::Result;
use app::case::correction::{PaperInput, ProposeCorrection};
use app::case::draft::SaveDraft;
use app::case::remark::WriteNote;
use app::command;
use domain::change::{EntityKind, EntityRef};
use domain::field::Field;
use domain::id::CorrectionId;
use serde_json::json;
use store::PersonView;

use super::{FieldDay, Forgotten, proposal_for};

impl FieldDay<'_> {
    /// Leaves traces of all kinds of the one who will ask to be forgotten: a photo and its crop, a correction with a
    /// reason, a note, the visit that was just recorded, and drafts that are never saved.
    pub(super) async fn leave_traces(&mut self, member: &PersonView) -> Result<()> {
        let mark = format!("{:016x}", crate::bad_line::mix(self.seed));
        let [reason, note, other_name, draft] =
            ["lý do", "ghi chú", "tên khác", "bản nháp"].map(|what| format!("{what} riêng {mark}"));
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
        let saved_correction = self.laptop.app.run::<command::ProposeCorrection>(proposal).await?;
        self.tally.note(saved_correction.change);
        self.done.one("corrections");
        let entity = EntityRef::new(EntityKind::Person, member.person);
        let saved = self.laptop.app.run::<command::WriteNote>(WriteNote { entity, text: note.clone() }).await?;
        self.tally.note(saved.change);
        let drafts = self.leave_drafts(member, saved_correction.proposed.correction, &draft).await?;
        let value = |field| member.state.field(field).unwrap_or_default().to_owned();
        let texts = [
            ("mark", mark),
            ("reason of a correction", reason),
            ("note", note),
            ("other name", other_name),
            ("draft", draft),
            ("name", value(Field::FullName)),
            ("ID number", value(Field::IdNumber)),
            ("old number", value(Field::OldCmnd)),
            ("telephone", value(Field::Phone)),
        ];
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        self.forgotten = Some(Forgotten { person: member.person, texts, pictures: pictures.into(), drafts });
        Ok(())
    }

    /// What a screen keeps when the officer is called away in the middle of it: on the person, on his household, on his
    /// correction, and one that names him by his number alone. Gives their keys.
    async fn leave_drafts(&self, member: &PersonView, correction: CorrectionId, words: &str) -> Result<Vec<String>> {
        let number = member.state.field(Field::IdNumber).unwrap_or_default();
        let household = member.state.household.map(|household| household.to_string()).unwrap_or_default();
        let drafts = [
            (format!("person:{}", member.person), json!({ "note": words })),
            (format!("visit:{household}"), json!({ "note": words })),
            ("correction".to_owned(), json!({ "correction": correction, "reason": words })),
            ("scratch".to_owned(), json!({ "text": format!("{number}: {words}") })),
        ];
        for (key, value) in drafts.clone() {
            self.laptop.app.run::<command::SaveDraft>(SaveDraft { key, value }).await?;
        }
        Ok(drafts.map(|(key, _)| key).into())
    }
}
