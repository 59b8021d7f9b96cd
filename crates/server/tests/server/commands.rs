//! The operator's command line, as a process, also while the server serves.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use domain::id::DeviceId;
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use crate::extract::{people, write_extract};
use crate::server::OPERATORS;

pub fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tungnha-server"));
    command.arg("--data").arg(data).arg("--json").stdin(Stdio::null());
    command.env("TUNGNHA_OPERATOR_1_PASSPHRASE", OPERATORS[0]).env("TUNGNHA_OPERATOR_2_PASSPHRASE", OPERATORS[1]);
    command
}

pub fn run(data: &Path, arguments: &[&str]) -> Output {
    command(data).args(arguments).output().unwrap()
}

pub fn json(data: &Path, arguments: &[&str]) -> Value {
    let output = run(data, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub fn error_code(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    answer["error"]["code"].as_str().unwrap().to_owned()
}

/// Ids, counts and fixed words: nothing that someone typed, who a person is or where he lives.
fn assert_plain(line: &Value) {
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || b"_-".contains(&byte));
    let is_code_id = |text: &str| text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    for column in ["actor", "action", "subject", "detail"] {
        for part in line[column].as_str().unwrap().split_whitespace() {
            let value = part.split_once(['=', ':']).map_or(part, |(name, value)| {
                assert!(is_word(name), "{line}");
                value
            });
            let is_id = value.parse::<Uuid>().is_ok() || value.parse::<i64>().is_ok();
            assert!(is_id || is_word(value) || is_hash(value) || is_code_id(value), "{column} of {line}");
        }
    }
}

pub struct Serving(Child);

impl Serving {
    pub fn start(data: &Path) -> (Self, Value) {
        let mut child = command(data)
            .args(["serve", "--listen", "127.0.0.1:0", "--plain-http"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        (Self(child), serde_json::from_str(&line).unwrap())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn an_operator_sets_a_commune_up_while_the_server_serves() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    assert_eq!(error_code(&run(&data, &["status"])), "not_initialised");
    let made = json(&data, &["init", "--name", "Xã thử", "--host", "xa.example"]);
    assert_eq!(made["fingerprint"].as_str().unwrap().len(), 39);
    assert!(made["warning"].as_str().unwrap().contains("server.key"));
    assert_eq!(error_code(&run(&data, &["init"])), "already_initialised");

    let (_serving, ready) = Serving::start(&data);
    let address = ready["listening"].as_str().unwrap();
    assert!(!address.ends_with(":0"));
    std::net::TcpStream::connect(address).unwrap();

    let extract = write_extract(folder.path(), "extract.csv", "2026-10", &people(40));
    let imported = json(&data, &["import-register", extract.to_str().unwrap(), "--unit", "25390"]);
    assert_eq!((imported["edition"].as_u64(), imported["stats"]["people"].as_u64()), (Some(1), Some(40)));
    let fewer = write_extract(folder.path(), "fewer.csv", "2026-11", &people(30));
    let asks = run(&data, &["import-register", fewer.to_str().unwrap(), "--unit", "25390"]);
    assert_eq!(asks.status.code(), Some(3));

    let officer = json(&data, &["officer", "add", "--unit", "25390", "--name", "Lê Thị Hoà", "--role", "officer"]);
    let officer = officer["officer"].as_str().unwrap();
    json(&data, &["area", "set", "--officer", officer, "--part", "thôn đông", "--part", "Thôn Tây"]);
    let assigned = json(
        &data,
        &["assign", "--unit", "25390", "--officer", officer, "--hamlet", "Thôn Đông", "--due", "31/12/2099"],
    );
    assert_eq!(assigned["assigned"].as_u64(), Some(10));
    let wrong_day = run(&data, &["assign", "--unit", "25390", "--officer", officer, "--all", "--due", "12/2026"]);
    assert_eq!(error_code(&wrong_day), "date_wrong");

    // At the word of a supervisor, by the programme's own arguments.
    let chief = json(&data, &["officer", "add", "--unit", "25390", "--name", "Đỗ Văn Lâm", "--role", "supervisor"]);
    let chief = chief["officer"].as_str().unwrap();
    json(&data, &["policy", "set", "--unit", "25390", "--two-people", "birth_date", "--by", chief]);
    let stranger = Uuid::now_v7().to_string();
    let not_here = run(&data, &["officer", "remove", "--officer", officer, "--by", &stranger]);
    assert_eq!(error_code(&not_here), "officer_unknown");
    json(&data, &["new-log", "--unit", "25390"]);
    let alarms = json(&data, &["alarms", "--unit", "25390"]);
    let alarm = alarms["alarms"][0]["sequence"].to_string();
    assert_eq!(json(&data, &["status"])["units"][0]["alarms_open"].as_u64(), Some(1));
    json(&data, &["alarms", "--unit", "25390", "--acknowledge", &alarm, "--by", chief]);
    assert_eq!(json(&data, &["status"])["units"][0]["alarms_open"].as_u64(), Some(0));
    assert_eq!(json(&data, &["alarms", "--unit", "25390", "--all"])["alarms"].as_array().unwrap().len(), 1);
    assert_eq!(run(&data, &["alarms", "--unit", "25390", "--acknowledge", &alarm]).status.code(), Some(2));

    let out = folder.path().join("hoa.json");
    let code = json(
        &data,
        &[
            "enrol-code",
            "--officer",
            officer,
            "--server-url",
            "https://xa.example:8443",
            "--out",
            out.to_str().unwrap(),
        ],
    );
    let file: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(file["format"].as_u64(), Some(1));
    assert_eq!((&file["code"], &file["fingerprint"]), (&code["code"], &made["fingerprint"]));
    assert_eq!(file["server"].as_str(), Some("https://xa.example:8443"));

    let status = json(&data, &["status", "--unit", "25390"]);
    let unit = &status["units"][0];
    assert_eq!(
        (unit["people"].as_u64(), unit["officers"].as_u64(), unit["edition"].as_u64()),
        (Some(40), Some(2), Some(1))
    );
    assert_eq!(json(&data, &["audit", "verify"])["sound"].as_bool(), Some(true));
    let nobody = DeviceId(Uuid::now_v7()).to_string();
    assert_eq!(error_code(&run(&data, &["revoke", "--device", &nobody, "--cause", "lost"])), "device_unknown");
    // A backup, made while the server serves, opens with the key file put beside it.
    let backup = folder.path().join("backup");
    json(&data, &["backup", "--out", backup.to_str().unwrap()]);
    assert_eq!(error_code(&run(&data, &["backup", "--out", backup.to_str().unwrap()])), "folder_not_empty");
    assert_eq!(error_code(&run(&backup, &["status"])), "server_key_missing");
    std::fs::copy(data.join("server.key"), backup.join("server.key")).unwrap();
    assert_eq!(json(&backup, &["status"])["units"][0]["people"].as_u64(), Some(40));
    assert_eq!(json(&backup, &["check"])["whole"].as_bool(), Some(true));

    let undone = json(&data, &["import-register", "--undo", "25390"]);
    assert_eq!(undone["in_force"].as_u64(), Some(0));
    for arguments in [&["audit", "show"][..], &["audit", "show", "--unit", "25390"]] {
        let lines = json(&data, arguments)["lines"].as_array().unwrap().clone();
        assert!(!lines.is_empty());
        lines.iter().for_each(assert_plain);
    }
    assert_eq!(json(&data, &["check"])["whole"].as_bool(), Some(true));
}

#[test]
fn a_refused_extract_changes_nothing_and_says_why() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    json(&data, &["init"]);
    let extract = write_extract(folder.path(), "extract.csv", "2026-10", &people(10));
    let path = extract.to_str().unwrap();
    assert_eq!(error_code(&run(&data, &["import-register", path, "--unit", "25363"])), "extract_wrong_unit");
    std::fs::write(folder.path().join("empty.csv"), b"").unwrap();
    let empty = folder.path().join("empty.csv");
    let refused = run(&data, &["import-register", empty.to_str().unwrap(), "--unit", "25390"]);
    assert_eq!(error_code(&refused), "extract_empty");
    assert_eq!(json(&data, &["status"])["units"].as_array().unwrap().len(), 0);

    // One bad row goes to the reject file, the others are taken.
    let mut rows = people(10);
    rows[2].id_number = "12".into();
    let extract = write_extract(folder.path(), "one-bad.csv", "2026-10", &rows);
    let rejects = folder.path().join("rejects.csv");
    let arguments =
        ["import-register", extract.to_str().unwrap(), "--unit", "25390", "--reject-file", rejects.to_str().unwrap()];
    assert_eq!(json(&data, &arguments)["stats"]["rejected"].as_u64(), Some(1));
    assert!(std::fs::read_to_string(&rejects).unwrap().contains("id_number"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&rejects).unwrap().permissions().mode() & 0o777, 0o600, "it holds people");
    }
}

#[test]
fn passphrases_do_not_come_from_nowhere() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let bare = |first: Option<&str>, second: Option<&str>| {
        let mut command = command(&data);
        command.env_remove("TUNGNHA_OPERATOR_1_PASSPHRASE").env_remove("TUNGNHA_OPERATOR_2_PASSPHRASE");
        let given = first.map(|first| ("TUNGNHA_OPERATOR_1_PASSPHRASE", first));
        command.envs(given).envs(second.map(|second| ("TUNGNHA_OPERATOR_2_PASSPHRASE", second)));
        error_code(&command.arg("init").output().unwrap())
    };
    assert_eq!(bare(None, None), "usage");
    assert_eq!(bare(Some("short"), Some("long enough it is")), "passphrase_too_short");
    assert_eq!(bare(Some("the very same one"), Some("the very same one")), "passphrases_equal");
    assert!(!data.join("ledger.db").exists(), "nothing half made");
}

#[cfg(unix)]
#[test]
fn the_server_stops_in_order_when_told_to() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    json(&data, &["init"]);
    let (mut serving, _) = Serving::start(&data);
    Command::new("kill").arg(serving.0.id().to_string()).status().unwrap();
    assert!(serving.0.wait().unwrap().success());
}
