//! Writes what follows from the command list: the screens' types and docs/commands.json. With `--check` it writes
//! nothing and fails where a file is not current.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use app::command::{GENERATED_DOCS, GENERATED_TYPES, generate_docs, generate_types};
use clap::Parser;

/// Generates the files that follow from the command list.
#[derive(Parser)]
struct Arguments {
    /// Compare only; fail where a file is not current.
    #[arg(long)]
    check: bool,
}

fn main() -> Result<()> {
    let Arguments { check } = Arguments::parse();
    let mut stale = Vec::new();
    for (path, text) in [(GENERATED_TYPES, generate_types()), (GENERATED_DOCS, generate_docs())] {
        let file = repository().join(path);
        let found = std::fs::read_to_string(&file).unwrap_or_default();
        // A checkout on Windows may have turned the line ends.
        if found.replace("\r\n", "\n") == text {
            continue;
        }
        if check {
            stale.push(path);
        } else {
            std::fs::write(&file, text).with_context(|| format!("writing {path}"))?;
        }
    }
    if !stale.is_empty() {
        bail!("not current: {}. Run: cargo xtask codegen", stale.join(", "));
    }
    Ok(())
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}
