//! `revoke`, `quarantine`, `erase`, `queue-file`, `new-log`.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use domain::change::ErasureBasis;
use domain::id::PhotoHash;
use domain::unit::Unit;
use serde_json::json;
use tungnha_server::audit::Actor;
use tungnha_server::deployment::Deployment;
use tungnha_server::error::{Code, ServerError};
use tungnha_server::ledger::{Aside, Scope};
use tungnha_server::{enrol, erase as erasure, ingest, quarantine as aside, stick};

use super::arguments::{Basis, Erase, QuarantineCommand, QueueFileCommand, Revoke};
use super::{Answer, CliError, Result, counted};

/// A file that ends before its end.
const EXIT_INCOMPLETE: u8 = 5;
const CUT_OFF: &str = "\nThe file is cut off or damaged: its whole parts were taken. Copy it again from the stick and take \
                       it once more.";

pub fn revoke(deployment: &Deployment, arguments: &Revoke) -> Result<Answer> {
    let (device, cause) = (arguments.device, arguments.cause);
    let row = deployment.ledger.read(|records| records.device(device))?;
    let unit = row.and_then(|row| row.unit).ok_or(Code::DeviceUnknown).map_err(ServerError::from)?;
    let now_ms = deployment.now_ms();
    deployment.ledger.write(Scope::Unit(&unit), |records| {
        let actor = Actor::operator(records, &unit, arguments.by.officer)?;
        enrol::revoke(records, &deployment.keys, &unit, device, cause, actor, now_ms)
    })?;
    Ok(Answer::new(format!("Device {device} is revoked."), json!({"device": device, "cause": cause.as_str()})))
}

pub fn quarantine(deployment: &Deployment, command: QuarantineCommand) -> Result<Answer> {
    match command {
        QuarantineCommand::List { unit } => list(deployment, &unit),
        QuarantineCommand::Release { unit, batch, by } => {
            let taken = aside::release(deployment, &unit, &batch_hash(&batch)?, by.officer)?;
            let index = taken.index.unwrap_or(0);
            Ok(Answer::new(format!("The batch is in the log at {index}."), json!({"index": index})))
        }
        QuarantineCommand::Refuse { unit, batch, by } => {
            aside::refuse(deployment, &unit, &batch_hash(&batch)?, by.officer)?;
            Ok(Answer::new("The batch stays out of the log.", json!({"refused": batch})))
        }
    }
}

fn list(deployment: &Deployment, unit: &Unit) -> Result<Answer> {
    let rows = aside::list_asides(deployment, unit)?;
    let (mut lines, mut list) = (Vec::new(), Vec::new());
    for row in &rows {
        let why = match row.why {
            Aside::Fork => "fork",
            Aside::Quarantine => "quarantine",
        };
        let batch = PhotoHash(row.hash_after).to_hex();
        let decided = row.decided.as_deref().unwrap_or("open");
        lines.push(format!(
            "{batch} {why} {decided} device {} chain {} sequences {}-{}",
            row.device, row.chain, row.first_sequence, row.last_sequence
        ));
        list.push(json!({
            "batch": batch, "why": why, "decided": row.decided, "device": row.device, "chain": row.chain,
            "first_sequence": row.first_sequence, "last_sequence": row.last_sequence, "received_ms": row.received_ms,
        }));
    }
    Ok(Answer::new(lines.join("\n"), json!({"batches": list})))
}

fn batch_hash(text: &str) -> Result<[u8; 32]> {
    PhotoHash::from_hex(text).map(|hash| hash.0).ok_or(CliError::Usage("a batch is named by 64 hexadecimal characters"))
}

pub fn erase(deployment: &Deployment, arguments: &Erase) -> Result<Answer> {
    let basis = match arguments.basis {
        Basis::RetentionEnded => ErasureBasis::RetentionEnded,
        Basis::ResidentRequest => ErasureBasis::ResidentRequest,
        Basis::WrongPerson => ErasureBasis::WrongPerson,
    };
    let erased = erasure::erase_person(deployment, &arguments.unit, arguments.person, basis, arguments.by.officer)?;
    Ok(Answer::new(explain_erasure(&erased), serde_json::to_value(&erased).unwrap_or_default()))
}

/// What went, and what an operator might think went with it.
fn explain_erasure(erased: &erasure::Erasure) -> String {
    if erased.already {
        return "This person was erased before; nothing was left to erase.".into();
    }
    let mut text = format!(
        "Erased: {}, {}. Laptops follow at their next exchange.",
        counted(erased.changes, "change", "changes"),
        counted(erased.photos, "photo", "photos")
    );
    if erased.visits > 0 {
        let visits = counted(erased.visits, "visit", "visits");
        text.push_str(&format!("\n{visits} went whole, with what was written there of others of the household."));
    }
    if !erased.named_by.is_empty() {
        let ids: Vec<String> = erased.named_by.iter().map(ToString::to_string).collect();
        text.push_str(&format!(
            "\nThe register's rows of others of the household name this person as a parent or spouse, and still do: {}.",
            ids.join(", ")
        ));
    }
    text.push_str(
        "\nStill yours to see to: backups, files that were exported or printed, and the register itself, whose next \
         extract brings back whoever stands in it (the import then says so).",
    );
    text
}

pub fn queue_file(deployment: &Deployment, command: QueueFileCommand) -> Result<Answer> {
    match command {
        QueueFileCommand::Take { file } => {
            let input = File::open(&file).map_err(CliError::file("could not open", &file))?;
            let report = stick::take_queue_file(deployment, BufReader::new(input))?;
            let mut answer = Answer::new("", serde_json::to_value(&report).unwrap_or_default());
            answer.text = format!(
                "{} batches stored, {} were here already, {} set aside, {} wait for an earlier one, {} refused; {} \
                 photos.{}",
                report.stored,
                report.again,
                report.forked + report.quarantined,
                report.gaps,
                report.refused,
                report.photos,
                if report.complete { "" } else { CUT_OFF }
            );
            answer.exit_code = if report.complete { 0 } else { EXIT_INCOMPLETE };
            Ok(answer)
        }
        QueueFileCommand::Give { unit, out } => {
            let parts = give(deployment, &unit, &out)?;
            Ok(Answer::new(format!("{parts} parts are in {}.", out.display()), json!({"parts": parts})))
        }
    }
}

/// Written beside and put in place once it is whole: a file of that name is always one that laptops can take.
fn give(deployment: &Deployment, unit: &Unit, out: &Path) -> Result<u32> {
    let mut beside = out.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = || -> Result<u32> {
        let output = File::create(&beside).map_err(CliError::file("could not write", out))?;
        let durable = output.try_clone().map_err(CliError::file("could not write", out))?;
        let parts = stick::give_queue_file(deployment, unit, BufWriter::new(output))?;
        durable.sync_all().map_err(CliError::file("could not write", out))?;
        std::fs::rename(&beside, out).map_err(CliError::file("could not write", out))?;
        Ok(parts)
    };
    written().inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

pub fn new_log(deployment: &Deployment, unit: &Unit) -> Result<Answer> {
    let now_ms = deployment.now_ms();
    deployment.ledger.read(|records| records.unit(unit))?.ok_or(Code::UnitUnknown).map_err(ServerError::from)?;
    let log = deployment
        .ledger
        .write(Scope::Unit(unit), |records| ingest::restored::start_new_log(records, unit, "by hand", now_ms))?;
    Ok(Answer::new(format!("The log of {unit} is now {log}; laptops will refill it."), json!({"log": log})))
}
