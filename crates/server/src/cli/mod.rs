//! The command line: what each command takes, and its answer as a text for people or as JSON (`--json`).

mod arguments;
mod corrections;
mod error;
mod inspect;
mod passphrase;
mod people;
mod register;
mod serve;
mod setup;
mod units;
mod words;

pub use arguments::Arguments;
pub use error::{CliError, usage_json};

use std::path::Path;

use arguments::Command;
use serde_json::Value;
use tungnha_server::clock::system_clock;
use tungnha_server::deployment::Deployment;
use tungnha_server::error::{Code, Refusal, ServerError};

/// What a command says.
pub struct Answer {
    pub text: String,
    pub json: Value,
    pub exit_code: u8,
}

impl Answer {
    fn new(text: impl Into<String>, json: Value) -> Self {
        Self { text: text.into(), json, exit_code: 0 }
    }
}

/// `1 row is`, `2 rows are`.
fn counted(count: impl std::fmt::Display, one: &str, many: &str) -> String {
    let count = count.to_string();
    let words = if count == "1" { one } else { many };
    format!("{count} {words}")
}

/// Refuses a file that is there: what an operator wrote before is not overwritten.
fn refuse_existing(path: &Path) -> Result<()> {
    match path.try_exists() {
        Ok(false) => Ok(()),
        Ok(true) => Err(ServerError::from(Refusal::with(Code::FileExists, "file", path.display())).into()),
        Err(error) => Err(CliError::file("could not look for", path)(error)),
    }
}

/// Writes a file that is its owner's alone, whole or not at all.
fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    vault::atomic_write_private(path, bytes).map_err(|error| match error {
        vault::VaultError::Io { source, .. } => CliError::file("could not write", path)(source),
        error => error.into(),
    })
}

type Result<T> = std::result::Result<T, CliError>;

/// Runs a command.
pub fn run(arguments: Arguments) -> Result<Answer> {
    let data = arguments.data;
    if let Command::Init(init) = &arguments.command {
        return setup::init(&data, init);
    }
    let deployment = Deployment::open(&data, system_clock())?;
    match arguments.command {
        // Handled above: it is the one command that has no deployment yet.
        Command::Init(_) => Err(CliError::Usage("init takes another data folder")),
        Command::Serve(serve) => serve::serve(deployment, &serve, arguments.json),
        Command::ImportRegister(import) => register::import(&deployment, &import),
        Command::Officer { command } => people::officer(&deployment, command),
        Command::Area { command } => people::area(&deployment, command),
        Command::Assign(assign) => people::assign(&deployment, &assign),
        Command::Policy { command } => people::policy(&deployment, command),
        Command::EnrolCode(code) => setup::enrol_code(&deployment, &code),
        Command::Status { unit } => inspect::status(&deployment, unit.as_ref()),
        Command::Devices { unit } => inspect::devices(&deployment, unit.as_ref()),
        Command::Revoke(revoke) => units::revoke(&deployment, &revoke),
        Command::Quarantine { command } => units::quarantine(&deployment, command),
        Command::Alarms(alarms) => inspect::alarms(&deployment, &alarms),
        Command::ExportCorrections(export) => corrections::export(&deployment, &export),
        Command::MarkEntered(mark) => corrections::mark_entered(&deployment, &mark),
        Command::Erase(erase) => units::erase(&deployment, &erase),
        Command::Recovery { command } => setup::recovery(&deployment, command),
        Command::QueueFile { command } => units::queue_file(&deployment, command),
        Command::Audit { command } => inspect::audit(&deployment, command),
        Command::NewLog { unit } => units::new_log(&deployment, &unit),
        Command::Backup { out } => setup::back_up(&deployment, &out),
        Command::Check => inspect::check(&deployment),
    }
}
