//! `tungnha-server`: the server and its operator's commands. Commands may run while `serve` runs: each is a few short
//! transactions on the same ledger.

mod cli;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

/// As clap itself ends.
const EXIT_USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments = match cli::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            if error.use_stderr() && std::env::args_os().any(|argument| argument == "--json") {
                let _ = writeln!(std::io::stdout(), "{}", cli::usage_json(&error));
            }
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { EXIT_USAGE } else { 0 });
        }
    };
    let json = arguments.json;
    let outcome = cli::run(arguments);
    let mut out = std::io::stdout().lock();
    match outcome {
        Ok(answer) => {
            let text = if json { answer.json.to_string() } else { answer.text };
            // Nobody listening any more is no failure.
            let _ = if text.is_empty() { Ok(()) } else { writeln!(out, "{text}") };
            ExitCode::from(answer.exit_code)
        }
        Err(error) => {
            let params: serde_json::Map<String, serde_json::Value> =
                error.params().into_iter().map(|(name, value)| (name, value.into())).collect();
            if json {
                let _ = writeln!(out, "{}", serde_json::json!({"error": {"code": error.code(), "params": params}}));
            }
            let _ = writeln!(std::io::stderr(), "{}", error.explain());
            ExitCode::FAILURE
        }
    }
}
