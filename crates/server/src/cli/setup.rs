//! `init`, `enrol-code`, `recovery`.

use std::path::Path;

use domain::id::DeviceId;
use serde_json::json;
use tungnha_server::clock::system_clock;
use tungnha_server::deployment::{Deployment, InitRequest};
use tungnha_server::enrol::issue_code;
use tungnha_server::input;
use tungnha_server::recovery::{open_recovery, read_request};
use vault::Argon2Params;

use super::arguments::{EnrolCode, Init, RecoveryCommand};
use super::passphrase::read_passphrase;
use super::{Answer, CliError, Result, refuse_existing, write_private};

pub fn init(data: &Path, init: &Init) -> Result<Answer> {
    input::server_name(&init.name)?;
    init.hosts.iter().try_for_each(|host| input::host(host))?;
    let first = read_passphrase(1, init.operator_1_file.as_deref(), true)?;
    let second = read_passphrase(2, init.operator_2_file.as_deref(), true)?;
    let request = InitRequest {
        name: &init.name,
        hosts: &init.hosts,
        operator_passphrases: [&first, &second],
        argon2: Argon2Params::STANDARD,
    };
    let deployment = Deployment::init(data, &request, system_clock())?;
    let fingerprint = deployment.keys.fingerprint(false);
    let text = format!(
        "The server is ready in {}.\nFingerprint: {fingerprint}\n\n{}\n\nThe recovery key is sealed under both \
         operators' passphrases; without either no laptop can be recovered.",
        data.display(),
        deployment.key_file_warning()
    );
    Ok(Answer::new(
        text,
        json!({
            "deployment": deployment.keys.deployment,
            "fingerprint": fingerprint,
            "fingerprint_plain_http": deployment.keys.fingerprint(true),
            "warning": deployment.key_file_warning(),
        }),
    ))
}

pub fn enrol_code(deployment: &Deployment, arguments: &EnrolCode) -> Result<Answer> {
    arguments.server_url.as_deref().map(input::server_url).transpose()?;
    if let Some(out) = &arguments.out {
        if arguments.server_url.is_none() {
            return Err(CliError::Usage("an enrolment file needs --server-url"));
        }
        refuse_existing(out)?;
    }
    let issued = issue_code(deployment, arguments.officer, arguments.replaces)?;
    let plain = arguments.server_url.as_deref().is_some_and(|url| url.starts_with("http://"));
    let fingerprint = deployment.keys.fingerprint(plain);
    let enrolment = json!({
        "format": 1,
        "server": arguments.server_url,
        "fingerprint": fingerprint,
        "code": issued.code,
    });
    if let Some(out) = &arguments.out {
        let bytes = serde_json::to_vec_pretty(&enrolment).map_err(|_| CliError::Usage("no enrolment file"))?;
        write_private(out, &bytes)?;
    }
    let text = format!(
        "For {}\nCode:        {}\nFingerprint: {fingerprint}\nGood for seven days and five tries.",
        issued.officer.name, issued.code
    );
    Ok(Answer::new(
        text,
        json!({
            "code": issued.code,
            "fingerprint": fingerprint,
            "server": arguments.server_url,
            "officer": issued.officer.officer,
            "until_ms": issued.until_ms,
        }),
    ))
}

pub fn recovery(deployment: &Deployment, command: RecoveryCommand) -> Result<Answer> {
    let RecoveryCommand::Open { request, out, operator_1_file, operator_2_file } = command;
    refuse_existing(&out)?;
    let bytes = std::fs::read(&request).map_err(CliError::file("could not read", &request))?;
    let asked = read_request(deployment, &bytes)?;
    let first = read_passphrase(1, operator_1_file.as_deref(), false)?;
    let second = read_passphrase(2, operator_2_file.as_deref(), false)?;
    let answer = open_recovery(deployment, &bytes, [&first, &second])?;
    write_private(&out, &answer)?;
    let device: DeviceId = asked.device;
    let text = format!(
        "Request {} of device {device} ({}) is answered.\nGive the answer only to someone whose laptop shows this same \
         fingerprint.",
        asked.fingerprint,
        asked.officer_name.as_deref().unwrap_or("not enrolled here"),
    );
    Ok(Answer::new(
        text,
        json!({"device": device, "fingerprint": asked.fingerprint, "known": asked.officer_name.is_some()}),
    ))
}

pub fn back_up(deployment: &Deployment, out: &Path) -> Result<Answer> {
    deployment.back_up(out)?;
    let text = format!(
        "The backup is in {}. To restore, put server.key beside it, start with it as --data, and run new-log for each \
         unit, or let the first laptop that knows more do so.",
        out.display()
    );
    Ok(Answer::new(text, json!({"backup": out.display().to_string()})))
}
