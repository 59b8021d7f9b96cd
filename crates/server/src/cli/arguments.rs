//! The commands and what they take.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::id::{CorrectionId, DeviceId, HouseholdId, OfficerId, PersonId};
use domain::unit::Unit;
use tungnha_server::enrol::Cause;
use uuid::Uuid;

/// Reads an id, and says where to find one.
fn id<T: std::str::FromStr>(text: &str, whence: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("an id is written 0198c5e2-1b7d-7a60-9a53-3f2b8d6c4e10; {whence}"))
}

fn officer_id(text: &str) -> Result<OfficerId, String> {
    id(text, "officers' are in `officer list`")
}

fn device_id(text: &str) -> Result<DeviceId, String> {
    id(text, "laptops' are in `devices`")
}

/// The words of a revocation, as they travel.
fn cause() -> impl TypedValueParser<Value = Cause> {
    PossibleValuesParser::new(Cause::ALL.map(Cause::as_str)).try_map(|word| Cause::parse(&word).ok_or("no such cause"))
}

fn household_id(text: &str) -> Result<HouseholdId, String> {
    id(text, "a dossier number is given with --household")
}

fn correction_id(text: &str) -> Result<CorrectionId, String> {
    id(text, "corrections' are in the last column of an export")
}

fn person_id(text: &str) -> Result<PersonId, String> {
    id(text, "a laptop shows it beside the person")
}

/// An address, or a name that has one, with a port.
fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let written = || format!("an address is written 127.0.0.1:8443 or localhost:8443, and {text} has none");
    text.to_socket_addrs().ok().and_then(|mut found| found.next()).ok_or_else(written)
}

/// The central server of Từng Nhà, and its operator's commands.
#[derive(Parser)]
#[command(name = "tungnha-server", version)]
pub struct Arguments {
    /// Folder of the ledger and its keys.
    #[arg(long, global = true, env = "TUNGNHA_DATA", default_value = "tungnha-data")]
    pub data: PathBuf,
    /// Answer with one JSON object.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Make an empty ledger and every key.
    Init(Init),
    /// Serve laptops until told to stop.
    Serve(Serve),
    /// Import a register extract, or take the last one back.
    ImportRegister(ImportRegister),
    /// List, add or remove officers.
    Officer {
        #[command(subcommand)]
        command: OfficerCommand,
    },
    /// The area an officer answers for.
    Area {
        #[command(subcommand)]
        command: AreaCommand,
    },
    /// Hand houses to an officer.
    Assign(Assign),
    /// What a unit asks of corrections.
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
    /// Make a one-time code for an officer's laptop.
    EnrolCode(EnrolCode),
    /// How units stand.
    Status {
        #[arg(long)]
        unit: Option<Unit>,
    },
    /// Enrolled devices.
    Devices {
        #[arg(long)]
        unit: Option<Unit>,
    },
    /// Revoke a device.
    Revoke(Revoke),
    /// Batches that came late from revoked devices, and forked ones.
    Quarantine {
        #[command(subcommand)]
        command: QuarantineCommand,
    },
    /// What someone must look at: list it, or mark it as seen.
    Alarms(Alarms),
    /// Write approved corrections to a file and reserve them, or release such a file's rows.
    ExportCorrections(ExportCorrections),
    /// Mark corrections as typed into the register.
    MarkEntered(MarkEntered),
    /// Erase a person.
    Erase(Erase),
    /// Open a laptop whose passphrase is lost.
    Recovery {
        #[command(subcommand)]
        command: RecoveryCommand,
    },
    /// Take in or give out a stick's file.
    QueueFile {
        #[command(subcommand)]
        command: QueueFileCommand,
    },
    /// The audit and the access logs.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// After a restore from a backup: have laptops refill a unit's log.
    NewLog {
        #[arg(long)]
        unit: Unit,
    },
    /// Copy the ledger and the recovery key, while the server serves. The ledger's key file is yours to keep apart.
    Backup {
        /// A folder that is new or empty.
        #[arg(long)]
        out: PathBuf,
    },
    /// Read every page of the ledger.
    Check,
}

/// At whose word an operator does something.
#[derive(Args, Clone, Copy)]
pub struct By {
    /// The officer of the unit at whose word it is done: he stands in the change and in the audit.
    #[arg(id = "by", long = "by", value_name = "OFFICER-ID", value_parser = officer_id)]
    pub officer: Option<OfficerId>,
}

#[derive(Args)]
pub struct Init {
    /// What people call this server.
    #[arg(long, default_value = "Từng Nhà")]
    pub name: String,
    /// A host name or address under which laptops reach it; may be given again.
    #[arg(long = "host", visible_alias = "listen", value_name = "HOST")]
    pub hosts: Vec<String>,
    /// File with the first operator's passphrase; else the environment, else asked.
    #[arg(long, value_name = "FILE")]
    pub operator_1_file: Option<PathBuf>,
    /// File with the second operator's passphrase; else the environment, else asked.
    #[arg(long, value_name = "FILE")]
    pub operator_2_file: Option<PathBuf>,
}

#[derive(Args)]
pub struct Serve {
    /// Address (or a name that has one) and port; port 0 takes any that is free.
    #[arg(long, env = "TUNGNHA_LISTEN", default_value = "127.0.0.1:8443", value_parser = listen_address)]
    pub listen: SocketAddr,
    /// Without TLS: on loopback only.
    #[arg(long)]
    pub plain_http: bool,
    /// A further name or address for the certificate; may be given again.
    #[arg(long = "host", value_name = "HOST")]
    pub hosts: Vec<String>,
    /// Begin a new log for every unit, as after a restore.
    #[arg(long)]
    pub new_log: bool,
}

#[derive(Args)]
pub struct ImportRegister {
    /// CSV or XLSX.
    #[arg(required_unless_present = "undo")]
    pub file: Option<PathBuf>,
    /// Code of the unit (with the date of its list, `25369@2025-07-01`, where it is not the list of 2025).
    #[arg(long, required_unless_present = "undo")]
    pub unit: Option<Unit>,
    /// Go on although more than 5 % of the people would be lost.
    #[arg(long)]
    pub confirm_loss: bool,
    /// Where rejected rows go; beside the extract where it is not given.
    #[arg(long)]
    pub reject_file: Option<PathBuf>,
    /// Take back the edition in force of this unit.
    #[arg(long, value_name = "UNIT", conflicts_with = "file")]
    pub undo: Option<Unit>,
    #[command(flatten)]
    pub by: By,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum RoleName {
    Officer,
    Supervisor,
    Operator,
    Auditor,
}

#[derive(Subcommand)]
pub enum OfficerCommand {
    Add {
        #[arg(long)]
        unit: Unit,
        #[arg(long)]
        name: String,
        #[arg(long)]
        role: RoleName,
        #[command(flatten)]
        by: By,
    },
    /// Also revokes the officer's devices.
    Remove {
        #[arg(long, value_parser = officer_id)]
        officer: OfficerId,
        #[command(flatten)]
        by: By,
    },
    List {
        #[arg(long)]
        unit: Option<Unit>,
    },
}

#[derive(Subcommand)]
pub enum AreaCommand {
    /// Sets the whole area.
    Set {
        #[arg(long, value_parser = officer_id)]
        officer: OfficerId,
        /// A hamlet, or one alley of it as `HAMLET/ALLEY`; may be given again.
        #[arg(long = "part", required = true, value_name = "HAMLET[/ALLEY]")]
        parts: Vec<String>,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Args)]
#[command(group = clap::ArgGroup::new("houses").required(true))]
#[command(group = clap::ArgGroup::new("owner").required(true))]
pub struct Assign {
    #[arg(long)]
    pub unit: Unit,
    #[arg(long, group = "owner", value_parser = officer_id)]
    pub officer: Option<OfficerId>,
    /// Take the houses back.
    #[arg(long, group = "owner")]
    pub nobody: bool,
    #[arg(long, group = "houses")]
    pub hamlet: Option<String>,
    #[arg(long, requires = "hamlet")]
    pub alley: Option<String>,
    /// A residence dossier number; may be given again.
    #[arg(long = "household", group = "houses", value_name = "NUMBER")]
    pub households: Vec<String>,
    /// A household's id; may be given again.
    #[arg(long = "household-id", group = "houses", value_name = "ID", value_parser = household_id)]
    pub household_ids: Vec<HouseholdId>,
    /// A file with a dossier number on each line.
    #[arg(long, group = "houses", value_name = "FILE")]
    pub household_file: Option<PathBuf>,
    /// Every house of the unit.
    #[arg(long, group = "houses")]
    pub all: bool,
    /// By when: dd/mm/yyyy, today or later
    #[arg(long)]
    pub due: Option<String>,
    #[arg(long)]
    pub note: Option<String>,
    #[command(flatten)]
    pub by: By,
}

#[derive(Subcommand)]
pub enum PolicyCommand {
    Set {
        #[arg(long)]
        unit: Unit,
        /// Columns whose correction needs two approvals, with commas between.
        #[arg(long, value_delimiter = ',')]
        two_people: Vec<String>,
        /// Days for which someone who was met counts as seen
        #[arg(long, default_value_t = 180, value_parser = clap::value_parser!(u32).range(1..=3650))]
        alive_days: u32,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Args)]
pub struct EnrolCode {
    #[arg(long, value_parser = officer_id)]
    pub officer: OfficerId,
    /// Write an enrolment file for the laptop; it must not be there.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// How the laptop reaches the server.
    #[arg(long, env = "TUNGNHA_SERVER_URL")]
    pub server_url: Option<String>,
    /// The device that the new one replaces; it is revoked when the code is used.
    #[arg(long, value_parser = device_id)]
    pub replaces: Option<DeviceId>,
}

#[derive(Args)]
pub struct Revoke {
    #[arg(long, value_parser = device_id)]
    pub device: DeviceId,
    #[arg(long, value_parser = cause())]
    pub cause: Cause,
    #[command(flatten)]
    pub by: By,
}

#[derive(Subcommand)]
pub enum QuarantineCommand {
    List {
        #[arg(long)]
        unit: Unit,
    },
    /// Put a batch into the log.
    Release {
        #[arg(long)]
        unit: Unit,
        /// As `list` names it.
        #[arg(long)]
        batch: String,
        #[command(flatten)]
        by: By,
    },
    /// Leave a batch out for good; it is kept.
    Refuse {
        #[arg(long)]
        unit: Unit,
        #[arg(long)]
        batch: String,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Args)]
pub struct Alarms {
    #[arg(long)]
    pub unit: Unit,
    /// List those that someone has seen, too.
    #[arg(long, conflicts_with = "acknowledge")]
    pub all: bool,
    /// An alarm that was seen, as the list numbers it; may be given again.
    #[arg(long, value_name = "ID", requires = "by")]
    pub acknowledge: Vec<u64>,
    /// The officer of the unit who has seen it.
    #[arg(long, value_name = "OFFICER-ID", requires = "acknowledge", value_parser = officer_id)]
    pub by: Option<OfficerId>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum FileFormat {
    Csv,
    Xlsx,
}

#[derive(Args)]
pub struct ExportCorrections {
    #[arg(long)]
    pub unit: Unit,
    #[arg(long, default_value = "xlsx")]
    pub format: FileFormat,
    /// The file to write; it must not be there. Where nothing waits to go out, none is written.
    #[arg(long, required_unless_present = "release")]
    pub out: Option<PathBuf>,
    /// Let the rows of an earlier export go out again; `status` lists the exports.
    #[arg(long, value_name = "EXPORT", conflicts_with = "out")]
    pub release: Option<Uuid>,
    #[command(flatten)]
    pub by: By,
}

#[derive(Args)]
pub struct MarkEntered {
    #[arg(long)]
    pub unit: Unit,
    /// May be given again.
    #[arg(long = "correction", value_name = "ID", value_parser = correction_id)]
    pub corrections: Vec<CorrectionId>,
    /// A file with a correction id on each line.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Every correction that is reserved by an export.
    #[arg(long)]
    pub all_exported: bool,
    /// When it was typed in: dd/mm/yyyy, today or before
    #[arg(long)]
    pub on: Option<String>,
    #[command(flatten)]
    pub by: By,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Basis {
    RetentionEnded,
    ResidentRequest,
    WrongPerson,
}

#[derive(Args)]
pub struct Erase {
    #[arg(long)]
    pub unit: Unit,
    #[arg(long, value_parser = person_id)]
    pub person: PersonId,
    #[arg(long)]
    pub basis: Basis,
    #[command(flatten)]
    pub by: By,
}

#[derive(Subcommand)]
pub enum RecoveryCommand {
    /// Two operators answer a laptop's request.
    Open {
        /// The request that the laptop wrote.
        #[arg(long)]
        request: PathBuf,
        /// Where the answer for the laptop goes; it must not be there.
        #[arg(long)]
        out: PathBuf,
        /// File with the first operator's passphrase; else the environment, else asked.
        #[arg(long, value_name = "FILE")]
        operator_1_file: Option<PathBuf>,
        /// File with the second operator's passphrase; else the environment, else asked.
        #[arg(long, value_name = "FILE")]
        operator_2_file: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
pub enum QueueFileCommand {
    /// Take in what a laptop wrote; twice is harmless. Exit code 5 where the file was cut off.
    Take {
        /// The file that the laptop wrote.
        file: PathBuf,
    },
    /// Write what a unit's laptops need: receipts, the log, the edition in force.
    Give {
        #[arg(long)]
        unit: Unit,
        /// The file to write, sealed to the unit's laptops; one of that name is replaced.
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Verify the hash chain of a unit, or of all and of the server.
    Verify {
        #[arg(long)]
        unit: Option<Unit>,
        /// `SEQUENCE:HASH` of an earlier verification, written down elsewhere.
        #[arg(long, requires = "unit")]
        checkpoint: Option<String>,
    },
    /// The lines of a unit's audit, or of the server's.
    Show {
        #[arg(long)]
        unit: Option<Unit>,
    },
    /// Who looked at whom, as laptops handed it in.
    Access {
        #[arg(long)]
        unit: Unit,
        #[arg(long, value_parser = officer_id)]
        officer: Option<OfficerId>,
    },
}
