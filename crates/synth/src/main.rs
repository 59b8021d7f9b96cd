//! Writes a commune's register extract and the truth behind it.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Parser;
use tungnha_synth::{self as synth, Approved, Commune};

/// Write a made-up commune: extract.csv and truth.json; with --next the edition after it too.
#[derive(Parser)]
#[command(name = "tungnha-synth", version)]
struct Args {
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// People who truly live there; duplicate records come on top
    #[arg(long, default_value_t = 2_000)]
    people: usize,
    /// Folder to write to; made if it is not there
    #[arg(long)]
    out: PathBuf,
    /// Unit code of the list of 2025-07-01
    #[arg(long, default_value = synth::DEFAULT_UNIT)]
    unit: String,
    /// Write extract-next.csv and truth-next.json as well
    #[arg(long)]
    next: bool,
    /// Approved corrections that the next edition shows: JSON
    /// `[{"id_number" or "household_no" and "name", "field", "new_value"}]`
    #[arg(long, requires = "next")]
    approved: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    if !(1..=1_000_000).contains(&args.people) {
        bail!("--people is a number from 1 to 1,000,000");
    }
    fs::create_dir_all(&args.out).with_context(|| format!("cannot make {}", args.out.display()))?;
    let first = synth::commune(args.seed, args.people, &args.unit)?;
    write_edition(&first, &args.out, "extract.csv", "truth.json")?;
    if args.next {
        let approved: Vec<Approved> = match &args.approved {
            Some(path) => {
                let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
                serde_json::from_slice(&text).with_context(|| format!("{} is not as told", path.display()))?
            }
            None => Vec::new(),
        };
        let next = first.next(args.seed.wrapping_add(1), &approved);
        write_edition(&next, &args.out, "extract-next.csv", "truth-next.json")?;
    }
    Ok(())
}

fn write_edition(commune: &Commune, out: &Path, extract: &str, truth: &str) -> anyhow::Result<()> {
    synth::write_extract(commune, create(&out.join(extract))?)?;
    synth::write_truth(commune, create(&out.join(truth))?)?;
    let head = commune.truth().head;
    let summary = head.summary;
    writeln!(
        std::io::stdout(),
        "{}: {} ({}), edition {}: {} people, {} households, {} rows, {} planted errors",
        out.join(extract).display(),
        head.unit_name,
        head.unit_code,
        head.edition,
        summary.people,
        summary.households,
        summary.rows,
        summary.errors,
    )?;
    Ok(())
}

fn create(path: &Path) -> anyhow::Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?))
}
