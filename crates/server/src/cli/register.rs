//! `import-register`.

use std::path::PathBuf;

use serde_json::json;
use tungnha_server::deployment::Deployment;
use tungnha_server::register::{ImportReport, ImportRequest, import_register, undo_import};

use super::arguments::ImportRegister;
use super::{Answer, CliError, Result, counted};

/// A loss that nobody confirmed.
const EXIT_NEEDS_CONFIRMATION: u8 = 3;

pub fn import(deployment: &Deployment, arguments: &ImportRegister) -> Result<Answer> {
    if let Some(unit) = &arguments.undo {
        let (undone, in_force) = undo_import(deployment, unit, arguments.by.officer)?;
        let text = format!("Edition {undone} of {unit} is taken back; edition {in_force} is in force.");
        return Ok(Answer::new(text, json!({"undone": undone, "in_force": in_force})));
    }
    let (Some(file), Some(unit)) = (&arguments.file, &arguments.unit) else {
        return Err(CliError::Usage("a file and --unit are needed"));
    };
    let mut beside = file.clone().into_os_string();
    beside.push(".rejects.csv");
    let reject_file = arguments.reject_file.clone().unwrap_or_else(|| PathBuf::from(beside));
    let request = ImportRequest {
        file,
        unit,
        confirm_loss: arguments.confirm_loss,
        reject_file: &reject_file,
        by: arguments.by.officer,
    };
    let report = import_register(deployment, &request)?;
    let mut answer = Answer::new(explain(&report, &reject_file), serde_json::to_value(&report).unwrap_or_default());
    if matches!(report, ImportReport::NeedsConfirmation { .. }) {
        answer.exit_code = EXIT_NEEDS_CONFIRMATION;
    }
    Ok(answer)
}

fn explain(report: &ImportReport, reject_file: &std::path::Path) -> String {
    match report {
        ImportReport::Published { edition, label, stats, extract_notes, identity_notes } => {
            let mut text = format!(
                "Edition {edition} ({label}) is published: {} people in {} households.\n{} kept their identity, {} are \
                 new, {} are gone, {} found at the door are joined, {} corrections are confirmed.",
                stats.people,
                stats.households,
                stats.people_kept,
                stats.people_new,
                stats.people_lost,
                stats.linked,
                stats.confirmed
            );
            if stats.rejected > 0 {
                let path = reject_file.display();
                let rows = counted(stats.rejected, "row could not be read; it is", "rows could not be read; they are");
                text.push_str(&format!("\n{rows} in {path}."));
            }
            let notes = extract_notes.len() + identity_notes.len();
            if notes > 0 {
                let things = counted(notes, "thing", "things");
                text.push_str(&format!("\n{things} to look at: see --json."));
            }
            text
        }
        ImportReport::NeedsConfirmation { lost, lost_in_rejected_rows, of } => format!(
            "Nothing was imported: {lost} of {of} people would be lost ({lost_in_rejected_rows} of them stand in rejected \
             rows). If that is right, give --confirm-loss."
        ),
    }
}
