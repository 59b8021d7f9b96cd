//! The operators' passphrases: from a file, from the environment, or typed.

use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::{CliError, Result};

/// The passphrase of operator 1 or 2. With `confirm` a typed one is asked for twice.
pub fn read_passphrase(operator: u8, file: Option<&Path>, confirm: bool) -> Result<Zeroizing<String>> {
    if let Some(file) = file {
        let text = Zeroizing::new(std::fs::read_to_string(file).map_err(CliError::file("could not read", file))?);
        return Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()));
    }
    if let Ok(passphrase) = std::env::var(format!("TUNGNHA_OPERATOR_{operator}_PASSPHRASE")) {
        return Ok(Zeroizing::new(passphrase));
    }
    if !std::io::stdin().is_terminal() {
        return Err(CliError::Usage(
            "the operators' passphrases come from TUNGNHA_OPERATOR_1_PASSPHRASE and TUNGNHA_OPERATOR_2_PASSPHRASE, \
             from files, or from a terminal",
        ));
    }
    let typed = ask(&format!("Passphrase of operator {operator}: "))?;
    if confirm && *ask("Once more: ")? != *typed {
        return Err(CliError::Usage("the two were not the same"));
    }
    Ok(typed)
}

fn ask(prompt: &str) -> Result<Zeroizing<String>> {
    let failed = |source| CliError::File { step: "could not read from", path: "the terminal".into(), source };
    let mut terminal = std::io::stderr();
    write!(terminal, "{prompt}").and_then(|()| terminal.flush()).map_err(failed)?;
    echo(false);
    let mut line = Zeroizing::new(String::new());
    let read = std::io::stdin().lock().read_line(&mut line);
    echo(true);
    let _ = writeln!(terminal);
    read.map_err(failed)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Whether the terminal shows what is typed. Where it cannot be told so, it is shown.
#[cfg(unix)]
fn echo(on: bool) {
    let _ = std::process::Command::new("stty").arg(if on { "echo" } else { "-echo" }).status();
}

#[cfg(not(unix))]
fn echo(_: bool) {}
