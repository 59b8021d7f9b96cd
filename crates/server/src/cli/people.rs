//! `officer`, `area`, `assign`, `policy`.

use domain::change::AreaPart;
use domain::field::Field;
use domain::role::Role;
use domain::text::clean_input;
use serde_json::json;
use tungnha_server::deployment::Deployment;
use tungnha_server::error::{Code, Refusal, ServerError};
use tungnha_server::work::{self, Houses};

use super::arguments::{AreaCommand, Assign, OfficerCommand, PolicyCommand, RoleName};
use super::{Answer, CliError, Result, counted};

const MAX_CHARS: usize = 200;

pub fn officer(deployment: &Deployment, command: OfficerCommand) -> Result<Answer> {
    match command {
        OfficerCommand::Add { unit, name, role, by } => {
            let role = match role {
                RoleName::Officer => Role::Officer,
                RoleName::Supervisor => Role::Supervisor,
                RoleName::Operator => Role::Operator,
                RoleName::Auditor => Role::Auditor,
            };
            let row = work::add_officer(deployment, &unit, &name, role, by.officer)?;
            let text = format!("{} {}", row.officer, row.name);
            Ok(Answer::new(text, json!({"officer": row.officer, "unit": unit.to_string(), "role": role})))
        }
        OfficerCommand::Remove { officer, by } => {
            work::remove_officer(deployment, officer, by.officer)?;
            Ok(Answer::new("The officer is off the list; his devices are revoked.", json!({"officer": officer})))
        }
        OfficerCommand::List { unit } => {
            let rows = deployment.ledger.read(|records| records.officers(unit.as_ref()))?;
            let line = |row: &tungnha_server::ledger::OfficerRow| {
                let state = if row.active { "" } else { " (removed)" };
                format!("{} {} {:?} {}{state}", row.officer, row.unit, row.role, row.name)
            };
            let lines: Vec<String> = rows.iter().map(line).collect();
            let list: Vec<_> = rows
                .iter()
                .map(|row| {
                    json!({
                        "officer": row.officer, "unit": row.unit.to_string(), "name": row.name, "role": row.role,
                        "active": row.active,
                    })
                })
                .collect();
            Ok(Answer::new(lines.join("\n"), json!({"officers": list})))
        }
    }
}

pub fn area(deployment: &Deployment, command: AreaCommand) -> Result<Answer> {
    let AreaCommand::Set { officer, parts, by } = command;
    let parts = parts
        .iter()
        .map(|part| {
            let (hamlet, alley) = part.split_once('/').map_or((part.as_str(), None), |(h, a)| (h, Some(a)));
            Ok(AreaPart { hamlet: clean(hamlet)?, alley: alley.map(clean).transpose()? })
        })
        .collect::<Result<Vec<_>>>()?;
    let count = parts.len();
    work::set_area(deployment, officer, parts, by.officer)?;
    Ok(Answer::new(
        format!("The area has {}.", counted(count, "part", "parts")),
        json!({"officer": officer, "parts": count}),
    ))
}

pub fn assign(deployment: &Deployment, arguments: &Assign) -> Result<Answer> {
    let houses = if arguments.all {
        Houses::All
    } else if let Some(hamlet) = &arguments.hamlet {
        Houses::In { hamlet: hamlet.clone(), alley: arguments.alley.clone() }
    } else if let Some(file) = &arguments.household_file {
        let text = std::fs::read_to_string(file).map_err(CliError::file("could not read", file))?;
        Houses::Numbers(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
    } else if !arguments.household_ids.is_empty() {
        Houses::Ids(arguments.household_ids.clone())
    } else {
        Houses::Numbers(arguments.households.clone())
    };
    let due = arguments.due.clone();
    let note = arguments.note.as_deref().map(clean).transpose()?;
    let by = arguments.by.officer;
    let count = work::assign(deployment, &arguments.unit, &houses, arguments.officer, due, note, by)?;
    Ok(Answer::new(format!("{} assigned.", counted(count, "house is", "houses are")), json!({"assigned": count})))
}

pub fn policy(deployment: &Deployment, command: PolicyCommand) -> Result<Answer> {
    let PolicyCommand::Set { unit, two_people, alive_days, by } = command;
    let field = |column: &String| {
        let refusal = || Refusal::with(Code::QueryWrong, "column", column);
        Ok(Field::from_column(column).ok_or_else(refusal).map_err(ServerError::from)?)
    };
    let fields = two_people.iter().map(field).collect::<Result<Vec<Field>>>()?;
    let count = fields.len();
    work::set_policy(deployment, &unit, fields, alive_days, by.officer)?;
    let fields = counted(count, "field needs", "fields need");
    let text = format!("{fields} two people; whoever was met counts as seen for {alive_days} days.");
    Ok(Answer::new(text, json!({"two_people": two_people, "alive_days": alive_days})))
}

fn clean(text: &str) -> Result<String> {
    let refusal = |error: domain::text::TextError| Refusal::with(Code::QueryWrong, "text", error.code());
    Ok(clean_input(text, MAX_CHARS).map_err(refusal).map_err(ServerError::from)?)
}
