//! `status`, `devices`, `alarms`, `audit`, `check`.

use domain::id::{OfficerId, PhotoHash};
use domain::unit::Unit;
use domain::vietnam;
use serde_json::{Value, json};
use tungnha_server::alarms::{Alarm, acknowledge_alarm, list_alarms};
use tungnha_server::audit::{self, Actor, Checkpoint, Note};
use tungnha_server::deployment::Deployment;
use tungnha_server::ledger::Scope;
use tungnha_server::status::{UnitStatus, status as unit_status};

use super::arguments::{Alarms, AuditCommand};
use super::{Answer, CliError, Result, counted};

/// A chain that does not fit.
const EXIT_BROKEN: u8 = 4;
/// Latest alarms in the text; all open ones are in the JSON.
const SHOWN_ALARMS: usize = 20;

pub fn status(deployment: &Deployment, unit: Option<&Unit>) -> Result<Answer> {
    let units = unit_status(deployment, unit)?;
    let text: Vec<String> = units.iter().map(explain_status).collect();
    let json = json!({
        "name": deployment.name,
        "deployment": deployment.keys.deployment,
        "fingerprint": deployment.keys.fingerprint(false),
        "units": serde_json::to_value(&units).unwrap_or_default(),
    });
    Ok(Answer::new(format!("{}\n{}", deployment.name, text.join("\n")), json))
}

fn explain_status(unit: &UnitStatus) -> String {
    let corrections: Vec<String> =
        unit.corrections.iter().map(|(stage, count)| format!("{count} {stage:?}").to_lowercase()).collect();
    let mut text = format!(
        "{} {}: edition {} ({}), {} people, {} households\n  log {} with {} batches; {} officers, {} devices ({} revoked)\n  \
         corrections: {}; reserved {}\n  photos missing {}, forked {}, quarantined {}, alarms {}",
        unit.unit,
        unit.name,
        unit.edition,
        unit.edition_label.as_deref().unwrap_or("none"),
        unit.people,
        unit.households,
        unit.log,
        unit.head,
        unit.officers,
        unit.devices,
        unit.devices_revoked,
        if corrections.is_empty() { "none".to_owned() } else { corrections.join(", ") },
        unit.corrections_reserved,
        unit.photos_missing,
        unit.forked,
        unit.quarantined,
        unit.alarms_open,
    );
    for export in &unit.exports {
        let rows = counted(export.rows, "row", "rows");
        let at = vietnam::written(export.exported_ms);
        text.push_str(&format!("\n  export {} of {at}: {rows} not marked as entered", export.export));
    }
    let older = unit.alarms.len().saturating_sub(SHOWN_ALARMS);
    for alarm in unit.alarms.iter().skip(older) {
        text.push_str(&format!("\n  alarm {}", explain_alarm(alarm)));
    }
    text
}

fn explain_alarm(alarm: &Alarm) -> String {
    let seen = alarm.seen.as_ref().map(|seen| format!(" (seen by {})", seen.by)).unwrap_or_default();
    format!("{}: {} {} {}{seen}", alarm.sequence, alarm.action, alarm.subject, alarm.detail)
}

pub fn alarms(deployment: &Deployment, arguments: &Alarms) -> Result<Answer> {
    let unit = &arguments.unit;
    if let Some(by) = arguments.by {
        let mut fresh = 0;
        for sequence in &arguments.acknowledge {
            fresh += usize::from(acknowledge_alarm(deployment, unit, *sequence, by)?);
        }
        return Ok(Answer::new(
            format!("{} marked as seen.", counted(fresh, "alarm is", "alarms are")),
            json!({"seen": fresh}),
        ));
    }
    let mut alarms = list_alarms(deployment, unit)?;
    alarms.retain(|alarm| arguments.all || alarm.seen.is_none());
    let lines: Vec<String> = alarms.iter().map(explain_alarm).collect();
    Ok(Answer::new(lines.join("\n"), json!({"alarms": serde_json::to_value(&alarms).unwrap_or_default()})))
}

pub fn devices(deployment: &Deployment, unit: Option<&Unit>) -> Result<Answer> {
    let rows = deployment.ledger.read(|records| records.devices(unit))?;
    let (mut lines, mut list) = (Vec::new(), Vec::new());
    for row in rows.iter().filter(|row| row.unit.is_some()) {
        let unit = row.unit.as_ref().map(ToString::to_string);
        let revoked = row.revoked.as_ref().map(|revocation| revocation.cause.as_str());
        let contact = &row.contact;
        lines.push(format!(
            "{} {} {:?} officer {}{} waiting {} batches, {} photos, skew {} s, app {}",
            row.device,
            unit.as_deref().unwrap_or_default(),
            row.role,
            row.officer,
            revoked.map(|cause| format!(" revoked ({cause})")).unwrap_or_default(),
            contact.waiting_batches,
            contact.waiting_photos,
            contact.skew_ms / 1000,
            if contact.app_version.is_empty() { "not seen yet" } else { &contact.app_version },
        ));
        list.push(json!({
            "device": row.device, "unit": unit, "role": row.role, "officer": row.officer, "enrolled_ms": row.from_ms,
            "revoked": revoked, "last_contact_ms": contact.at_ms, "skew_ms": contact.skew_ms,
            "app_version": contact.app_version, "waiting_batches": contact.waiting_batches,
            "waiting_photos": contact.waiting_photos, "waiting_photo_bytes": contact.waiting_photo_bytes,
        }));
    }
    Ok(Answer::new(lines.join("\n"), json!({"devices": list})))
}

pub fn audit(deployment: &Deployment, command: AuditCommand) -> Result<Answer> {
    match command {
        AuditCommand::Verify { unit, checkpoint } => verify(deployment, unit, checkpoint.as_deref()),
        AuditCommand::Show { unit } => show(deployment, unit.as_ref()),
        AuditCommand::Access { unit, officer } => access(deployment, &unit, officer),
    }
}

fn verify(deployment: &Deployment, unit: Option<Unit>, checkpoint: Option<&str>) -> Result<Answer> {
    let checkpoint = checkpoint.map(parse_checkpoint).transpose()?;
    let chains: Vec<Option<Unit>> = match unit {
        Some(unit) => vec![Some(unit)],
        None => {
            let units = deployment.ledger.read(|records| records.units())?;
            std::iter::once(None).chain(units.into_iter().map(|row| Some(row.unit))).collect()
        }
    };
    let (mut lines, mut list, mut sound) = (Vec::new(), Vec::new(), true);
    for unit in chains {
        let name = unit.as_ref().map_or_else(|| "server".to_owned(), ToString::to_string);
        match deployment.ledger.read(|records| audit::verify(records, unit.as_ref(), checkpoint))? {
            Ok(end) => {
                let checkpoint = format!("{}:{}", end.sequence, PhotoHash(end.hash).to_hex());
                lines.push(format!("{name}: sound, {checkpoint}"));
                list.push(json!({"chain": name, "sound": true, "checkpoint": checkpoint}));
            }
            Err(fault) => {
                sound = false;
                lines.push(format!("{name}: {fault:?}"));
                let fault = serde_json::to_value(fault).unwrap_or_default();
                list.push(json!({"chain": name, "sound": false, "fault": fault}));
            }
        }
    }
    let mut answer = Answer::new(lines.join("\n"), json!({"sound": sound, "chains": list}));
    answer.exit_code = if sound { 0 } else { EXIT_BROKEN };
    Ok(answer)
}

fn parse_checkpoint(text: &str) -> Result<Checkpoint> {
    let parts = text.split_once(':').and_then(|(sequence, hash)| {
        Some(Checkpoint { sequence: sequence.parse().ok()?, hash: PhotoHash::from_hex(hash)?.0 })
    });
    parts.ok_or(CliError::Usage("a checkpoint is written SEQUENCE:HASH"))
}

fn show(deployment: &Deployment, unit: Option<&Unit>) -> Result<Answer> {
    let (mut lines, mut list): (Vec<String>, Vec<Value>) = (Vec::new(), Vec::new());
    deployment.ledger.read(|records| {
        records.each_audit(unit, &mut |row| {
            let at = vietnam::written(row.at_ms);
            lines.push(format!("{} {at} {} {} {} {}", row.sequence, row.actor, row.action, row.subject, row.detail));
            list.push(json!({
                "sequence": row.sequence, "at_ms": row.at_ms, "vietnam_time": at, "actor": row.actor, "action": row.action,
                "subject": row.subject, "detail": row.detail, "alarm": row.alarm,
            }));
            Ok(())
        })
    })?;
    Ok(Answer::new(lines.join("\n"), json!({"lines": list})))
}

fn access(deployment: &Deployment, unit: &Unit, officer: Option<OfficerId>) -> Result<Answer> {
    let now_ms = deployment.now_ms();
    let rows = deployment.ledger.write(Scope::Unit(unit), |records| {
        Note::new(Actor::Operator, "access_log_read").write(records, Some(unit), now_ms)?;
        records.access(unit, officer)
    })?;
    let (mut lines, mut list) = (Vec::new(), Vec::new());
    for (device, row) in &rows {
        let entity = row.entity.map(|entity| format!("{:?}:{}", entity.kind, entity.id)).unwrap_or_default();
        let detail = row.detail.map(|detail| detail.to_string());
        lines.push(format!(
            "{} {} {:?} {entity} {}",
            vietnam::written(row.at_ms),
            row.officer,
            row.action,
            detail.as_deref().unwrap_or_default()
        ));
        list.push(json!({
            "device": device, "sequence": row.sequence, "at_ms": row.at_ms,
            "vietnam_time": vietnam::written(row.at_ms), "officer": row.officer,
            "action": row.action, "entity": row.entity, "detail": detail,
        }));
    }
    Ok(Answer::new(lines.join("\n"), json!({"access": list})))
}

pub fn check(deployment: &Deployment) -> Result<Answer> {
    deployment.ledger.check_integrity()?;
    Ok(Answer::new("The ledger is whole.", json!({"whole": true})))
}
