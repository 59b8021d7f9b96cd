//! What an operator mistypes, or does twice: refused with a code and a sentence, and nothing is overwritten.

use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::commands::{Serving, command, error_code, json, run};
use crate::extract::{people, write_extract};

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_server_is_made_of_a_name_hosts_and_passphrases_that_can_stand() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let long = "a".repeat(500);
    for (arguments, code) in [
        (["init", "--name", ""], "name_wrong"),
        (["init", "--name", long.as_str()], "name_wrong"),
        (["init", "--host", "not a host!!"], "host_wrong"),
        (["init", "--host", "https://server.example"], "host_wrong"),
    ] {
        assert_eq!(error_code(&run(&data, &arguments)), code, "{arguments:?}");
    }
    let common = command(&data).arg("init").env("TUNGNHA_OPERATOR_1_PASSPHRASE", "12345678901234").output().unwrap();
    assert_eq!(error_code(&common), "passphrase_too_common");
    assert!(!data.join("ledger.db").exists() && !data.join("server.key").exists(), "nothing half made");
}

#[test]
fn what_cannot_be_is_refused_before_it_becomes_a_change() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    json(&data, &["init"]);
    let add = ["officer", "add", "--unit", "99999", "--name", "Lê Thị Hoà", "--role", "officer"];
    let no_unit = run(&data, &add);
    assert_eq!(error_code(&no_unit), "unit_not_listed");
    assert!(told(&no_unit).contains("no such unit"), "a sentence beside the code: {}", told(&no_unit));
    assert_eq!(json(&data, &["status"])["units"].as_array().map(Vec::len), Some(0));

    let extract = write_extract(folder.path(), "extract.csv", "2026-10", &people(40));
    json(&data, &["import-register", extract.to_str().unwrap(), "--unit", "25390"]);
    let officer = json(&data, &["officer", "add", "--unit", "25390", "--name", "Lê Thị Hoà", "--role", "officer"]);
    let officer = officer["officer"].as_str().unwrap();
    let head = || json(&data, &["status"])["units"][0]["head"].clone();
    let before = head();
    let late = ["assign", "--unit", "25390", "--officer", officer, "--all", "--due", "31/12/2020"];
    assert_eq!(error_code(&run(&data, &late)), "date_in_past");
    for part in ["Ấp 2", "Thôn Tây/Không có"] {
        let nowhere = run(&data, &["area", "set", "--officer", officer, "--part", "Thôn Đông", "--part", part]);
        assert_eq!(error_code(&nowhere), "place_unknown");
        assert!(told(&nowhere).contains("part=2"));
    }
    let out = folder.path().join("laptop.json");
    let enrol = |url: &str| {
        run(&data, &["enrol-code", "--officer", officer, "--server-url", url, "--out", out.to_str().unwrap()])
    };
    assert_eq!(error_code(&enrol("ftp://x")), "server_url_wrong");
    assert!(!out.exists());
    assert!(enrol("https://xa.example:8443").status.success());
    let written = std::fs::read(&out).unwrap();
    assert_eq!(error_code(&enrol("https://xa.example:8443")), "file_exists");
    assert_eq!(std::fs::read(&out).unwrap(), written);
    assert_eq!(head(), before, "none of it is in the log");

    json(&data, &["officer", "remove", "--officer", officer]);
    assert_eq!(error_code(&run(&data, &["enrol-code", "--officer", officer])), "officer_removed");
    std::fs::create_dir(folder.path().join("full")).unwrap();
    std::fs::write(folder.path().join("full/something"), b"").unwrap();
    let full = folder.path().join("full");
    assert_eq!(error_code(&run(&data, &["backup", "--out", full.to_str().unwrap()])), "folder_not_empty");
    assert!(!full.join("ledger.db").exists());
}

#[test]
fn a_command_line_that_cannot_be_read_says_how_it_is_written() {
    let folder = TempDir::new().unwrap();
    for (arguments, hint) in [
        (&["area", "set", "--officer", "Nguyễn Văn A", "--part", "Ấp 1"][..], "officer list"),
        (&["status", "--unit", "abc"], "25390@2025-07-01"),
        (&["policy", "set", "--unit", "25390", "--alive-days", "0"], "1..=3650"),
        (&["serve", "--listen", "nowhere"], "localhost:8443"),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["error"]["code"].as_str(), Some("usage"));
        assert!(told(&output).contains(hint), "{}", told(&output));
    }
}

#[test]
fn one_process_serves_from_a_folder() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    json(&data, &["init"]);
    let serve = ["serve", "--listen", "localhost:0", "--plain-http"];
    let first = Serving::start(&data);
    assert_eq!(error_code(&run(&data, &serve)), "already_serving");
    drop(first);
    Serving::start(&data);
}
