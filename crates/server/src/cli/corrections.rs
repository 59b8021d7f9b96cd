//! `export-corrections`, `mark-entered`.

use std::io::Cursor;

use domain::id::CorrectionId;
use serde_json::json;
use tungnha_server::deployment::Deployment;
use tungnha_server::export::{self, ExportFormat};

use super::arguments::{ExportCorrections, FileFormat, MarkEntered};
use super::{Answer, CliError, Result, counted, refuse_existing, write_private};

pub fn export(deployment: &Deployment, arguments: &ExportCorrections) -> Result<Answer> {
    let (unit, by) = (&arguments.unit, arguments.by.officer);
    if let Some(export) = arguments.release {
        let released = export::release_export(deployment, unit, export, by)?;
        return Ok(Answer::new(
            format!("{} go out again.", counted(released, "row may", "rows may")),
            json!({"released": released}),
        ));
    }
    let Some(out) = &arguments.out else { return Err(CliError::Usage("--out is needed")) };
    refuse_existing(out)?;
    let format = match arguments.format {
        FileFormat::Csv => ExportFormat::Csv,
        FileFormat::Xlsx => ExportFormat::Xlsx,
    };
    let export = export::export_corrections(deployment, unit, by)?;
    if export.rows.is_empty() {
        let gone = &export.no_longer_approved;
        let text = format!("No correction waits to go out; no file was written.{}", withdrawn_words(gone));
        return Ok(Answer::new(
            text,
            json!({"export": null, "rows": 0, "corrections": [], "no_longer_approved": gone}),
        ));
    }
    let written = write(out, format, &export.rows);
    if let Err(error) = written {
        // What nobody received is not reserved.
        export::release_export(deployment, unit, export.id, by)?;
        return Err(error);
    }
    let count = export.rows.len();
    let mut text = format!(
        "{} in {}, reserved as export {} until {} marked as entered.",
        counted(count, "correction is", "corrections are"),
        out.display(),
        export.id,
        if count == 1 { "it is" } else { "they are" }
    );
    text.push_str(&withdrawn_words(&export.no_longer_approved));
    let ids: Vec<CorrectionId> = export.rows.iter().map(|row| row.correction_id).collect();
    Ok(Answer::new(
        text,
        json!({"export": export.id, "rows": count, "corrections": ids, "no_longer_approved": export.no_longer_approved}),
    ))
}

fn write(
    out: &std::path::Path,
    format: ExportFormat,
    rows: &[tungnha_server::import::corrections_out::CorrectionRow],
) -> Result<()> {
    let mut bytes = Cursor::new(Vec::new());
    export::write_export(&mut bytes, format, rows)?;
    write_private(out, bytes.get_ref())
}

pub fn mark_entered(deployment: &Deployment, arguments: &MarkEntered) -> Result<Answer> {
    let mut corrections = arguments.corrections.clone();
    let mut left_out = Vec::new();
    if let Some(file) = &arguments.file {
        let text = std::fs::read_to_string(file).map_err(CliError::file("could not read", file))?;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            corrections.push(line.parse().map_err(|_| CliError::Usage("a line of the file is no correction id"))?);
        }
    }
    if arguments.all_exported {
        let exported = export::exported(deployment, &arguments.unit)?;
        corrections.extend(exported.approved);
        left_out = exported.no_longer_approved;
    }
    let on = arguments.on.clone();
    let marked = export::mark_entered(deployment, &arguments.unit, &corrections, on, arguments.by.officer)?;
    let marked_words = counted(marked, "correction is", "corrections are");
    let text = format!("{marked_words} marked as entered.{}", withdrawn_words(&left_out));
    Ok(Answer::new(text, json!({"entered": marked, "no_longer_approved": left_out})))
}

/// What an operator has to look after by hand.
fn withdrawn_words(corrections: &[CorrectionId]) -> String {
    if corrections.is_empty() {
        return String::new();
    }
    let ids: Vec<String> = corrections.iter().map(ToString::to_string).collect();
    format!(
        "\n{} no longer approved; see that nobody types them in: {}",
        counted(ids.len(), "that went out before is", "that went out before are"),
        ids.join(", ")
    )
}
