//! Editions of the made-up register: what is approved goes out in a file, and the next extract shows it.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use domain::fold::Stage;
use serde_json::Value;
use synth::{Approved, Commune};

use super::exchange::sync_until_nothing_waits;
use super::{Day, desk, path};
use crate::account::counted;

impl Day<'_> {
    /// Approved corrections are typed into the register; the next edition shows them.
    pub(super) async fn next_edition(&mut self) -> Result<()> {
        self.account.phase("edition", "What was approved is entered; the next edition confirms it");
        let unit = self.commune.unit.code.clone();
        let papers = self.options.folder.join("papers");
        let file = papers.join("corrections.csv");
        let export = ["export-corrections", "--unit", &unit, "--format", "csv", "--out", path(&file)?];
        let exported = self.station.run(&export)?;
        let chief = self.workers[2].officer.to_string();
        let entered = self.station.run(&["mark-entered", "--unit", &unit, "--all-exported", "--by", &chief])?;
        self.account.say(&format!(
            "{} out in a file and {} marked as entered (đã nhập).",
            counted(number(&exported["rows"]), "correction goes", "corrections go"),
            counted(number(&entered["entered"]), "is", "are")
        ));
        // Where nothing waits to go out, no file is written.
        let approved = if file.exists() { read_export(&file)? } else { Vec::new() };
        let next = self.commune.next(self.options.seed + 1, &approved);
        self.account.say(&format!(
            "A month later: {} in the register, {} of the corrections named nobody.",
            counted(next.events.len() as u64, "change", "changes"),
            next.unmatched.len()
        ));
        write_edition(&next, &papers, "extract-next.csv", "truth-next.json")?;
        let extract = papers.join("extract-next.csv");
        let report = self.station.run(&["import-register", path(&extract)?, "--unit", &unit])?;
        let stats = &report["stats"];
        self.account.say(&format!(
            "Edition {}: {} people kept their identity, {} new, {} gone; {} confirmed. Of those added at the door {} joined to \
             a new row of the register: the made-up register learns only of what was approved.",
            report["label"].as_str().unwrap_or_default(),
            stats["people_kept"],
            stats["people_new"],
            stats["people_lost"],
            counted(number(&stats["confirmed"]), "correction is", "corrections are"),
            counted(number(&stats["linked"]), "is", "are")
        ));
        self.closing.confirmed = number(&stats["confirmed"]);
        for worker in &self.workers {
            let exchanged = sync_until_nothing_waits(worker).await?;
            self.account.say(&format!("{}: the delta and the log, {} KB.", worker.name, exchanged.received / 1024));
        }
        let mut seen = 0;
        for worker in &self.workers[..2] {
            let stages = desk::answers(&worker.laptop, worker.officer).await?;
            seen += stages.get(&Stage::Confirmed).copied().unwrap_or(0);
        }
        self.account.say(&format!("The officers see {seen} of their corrections confirmed (đã xác nhận)."));
        ensure!(seen == self.closing.confirmed, "{seen} confirmations were seen of {}", self.closing.confirmed);
        Ok(())
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}

/// What was exported, as the register will hold it.
fn read_export(file: &Path) -> Result<Vec<Approved>> {
    let mut reader = csv::Reader::from_path(file)?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| {
        let is_it = |header: &str| header.trim_start_matches('\u{feff}') == name;
        headers.iter().position(is_it).with_context(|| format!("the export has a column {name}"))
    };
    let [id_number, household_no, name, field, new_value] =
        [column("id_number")?, column("household_no")?, column("full_name")?, column("field")?, column("new_value")?];
    let mut approved = Vec::new();
    for row in reader.records() {
        let row = row?;
        let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
        approved.push(Approved {
            id_number: cell(id_number),
            household_no: cell(household_no),
            name: cell(name),
            field: cell(field),
            new_value: cell(new_value),
        });
    }
    Ok(approved)
}

pub(super) fn write_edition(commune: &Commune, folder: &Path, extract: &str, truth: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    synth::write_extract(commune, BufWriter::new(File::create(folder.join(extract))?))?;
    synth::write_truth(commune, BufWriter::new(File::create(folder.join(truth))?))?;
    Ok(())
}
