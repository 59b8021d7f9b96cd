//! Makes a commune to try the window on, where it is not there yet, and says how to try it.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Parser;
use tungnha_tests::account::Account;
use tungnha_tests::demo_commune::{self, DemoOptions, NEWCOMER, NEWCOMER_FILE, OFFICER, SUPERVISOR};

/// A made-up commune with its server's data and two enrolled laptops.
#[derive(Parser)]
struct Arguments {
    /// Its folder; made where it is not there.
    #[arg(long)]
    data: PathBuf,
    /// People in the commune
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(200..=150_000))]
    people: u32,
    /// The same seed makes the same commune
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The port at which its server serves, now and later.
    #[arg(long)]
    port: u16,
}

fn main() -> Result<()> {
    let Arguments { data, people, seed, port } = Arguments::parse();
    let mut out = std::io::stdout();
    if demo_commune::is_there(&data) {
        writeln!(out, "The commune is there already, with all that was done in it: {}", data.display())?;
    } else {
        let options = DemoOptions { folder: data.clone(), people: usize::try_from(people)?, seed, port };
        let account = Account::new(std::io::stdout());
        tokio::runtime::Runtime::new()?.block_on(demo_commune::prepare(&options, &account))?;
    }
    writeln!(out, "{}", describe(&data))?;
    Ok(())
}

fn describe(data: &Path) -> String {
    format!(
        "\n  officer     {:<16} passphrase: {}\n  supervisor  {:<16} passphrase: {}\n  newcomer    {:<16} enrols with {}\n\n\
         Everyone is made up. Try: press / and type \"nguyen thi hoa\"; record a visit; correct a field; sync; then\n\
         decide on it as the supervisor, sync there, and sync again as the officer.",
        OFFICER.name,
        OFFICER.passphrase,
        SUPERVISOR.name,
        SUPERVISOR.passphrase,
        NEWCOMER,
        data.join(NEWCOMER_FILE).display(),
    )
}
