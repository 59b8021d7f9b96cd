//! Bytes on the line: a day's batch going up, a next edition coming down.

use std::path::Path;

use anyhow::{Context, Result, bail};
use server::register::ImportReport;
use store::Store;
use sync::message::Manifest;
use synth::{Column, Commune, Rng};
use tungnha_tests::report::Report;

use crate::central::Central;
use crate::clock::MORNING_MS;
use crate::laptop::master_key;
use crate::saving::drafts_of;
use crate::visits::{at_ms, visit_with_two_corrections};

const DAY_MS: u64 = 24 * 3600 * 1000;
/// Visits between two sendings: a call home after each, a morning, days, a week without a line.
const BATCHES: [usize; 5] = [1, 5, 18, 20, 80];
const GOAL_BYTES: f64 = 600.0;
const GOAL_SHARE_PERCENT: f64 = 2.0;

/// Works days on one laptop, each sealed, sent and receipted as the app does.
pub fn measure_days(central: &Central, laptop: &Path, report: &mut Report) -> Result<()> {
    let store = Store::open(laptop, &master_key())?;
    // Before the first that counts, a receipt was seen.
    send_day(central, &store, 0, 2)?;
    for (day, visits) in (1..).zip(BATCHES) {
        let (transfer, sealed) = send_day(central, &store, day, visits)?;
        let each = transfer as f64 / visits as f64;
        let name = match visits {
            1 => "wire: bytes of a visit with two corrections, sent alone".to_owned(),
            visits => format!("wire: bytes of a visit with two corrections, {visits} in a batch"),
        };
        match visits {
            18 | 20 => report.at_most(&name, each, "bytes", GOAL_BYTES),
            _ => report.tell(&name, each, "bytes"),
        }
        if visits == 20 {
            report.tell("  before compression", sealed as f64 / visits as f64, "bytes");
        }
    }
    Ok(store.close()?)
}

/// Visits houses, seals, hands the batches to the server and takes its receipts; gives the bytes that travelled, and
/// those of the sealed batches.
fn send_day(central: &Central, store: &Store, day: u64, visits: usize) -> Result<(usize, usize)> {
    let morning_ms = MORNING_MS + day * DAY_MS;
    for nth in 0..visits {
        let now_ms = at_ms(morning_ms, nth % 24);
        let facts = visit_with_two_corrections(&central.houses, day as usize * 100 + nth, now_ms);
        store.transact(now_ms, drafts_of(facts, now_ms))?;
    }
    store.seal_pending(at_ms(morning_ms, 24), "0.1.0")?;
    let (mut transfer_bytes, mut sealed_bytes) = (0, 0);
    for item in store.waiting_batches(100)? {
        let transfer = store.transfer_bytes(&item.hash)?.context("a batch that waits has bytes")?;
        transfer_bytes += transfer.len();
        sealed_bytes += sync::batch::from_transfer(&transfer)?.len();
        let verified = server::ingest::verify_transfer(&central.deployment, &transfer)?;
        let taken = server::ingest::take_batch(&central.deployment, &verified, None, None)?;
        store.take_receipt(&taken.receipt)?;
    }
    Ok((transfer_bytes, sealed_bytes))
}

/// Imports next editions and compares their deltas with the first.
pub fn measure_next_edition(central: &Central, report: &mut Report) -> Result<()> {
    let first = bytes_of(&central.manifest(0)?);
    report.tell("edition: bytes of the first", first, "bytes");

    let (delta, share_percent) = publish_next(central, &change_one_in_a_hundred(&central.commune))?;
    report.tell("next edition: people changed", share_percent, "%");
    report.at_most("next edition: share of the first's bytes", delta / first * 100.0, "%", GOAL_SHARE_PERCENT);
    server::register::undo_import(&central.deployment, &central.unit, None)?;

    let (delta, share_percent) = publish_next(central, &central.commune.next(1, &[]))?;
    report.tell("next edition, a month of life: people changed", share_percent, "%");
    report.tell("next edition, a month of life: share of the first's bytes", delta / first * 100.0, "%");
    Ok(())
}

/// Gives the bytes of the delta, and how many in a hundred people it speaks of.
fn publish_next(central: &Central, next: &Commune) -> Result<(f64, f64)> {
    let (imported, _) = central.import(next)?;
    let ImportReport::Published { .. } = imported else { bail!("the next edition was not published") };
    let manifest = central.manifest(1)?;
    if manifest.base != Some(1) {
        bail!("the next edition did not come as a delta on the first");
    }
    let records: u32 = manifest.pieces.iter().map(|piece| piece.records).sum();
    Ok((bytes_of(&manifest), f64::from(records) / f64::from(manifest.people) * 100.0))
}

/// Pieces and the signed manifest that names them.
fn bytes_of(manifest: &Manifest) -> f64 {
    let pieces: u64 = manifest.pieces.iter().map(|piece| piece.compressed_bytes).sum();
    (pieces as usize + sync::codec::encode(manifest).len()) as f64
}

/// The same commune a month later in which one person in a hundred differs, each in one to three values.
fn change_one_in_a_hundred(first: &Commune) -> Commune {
    let mut next = first.clone();
    next.edition = "2026-12".to_owned();
    let mut rng = Rng::new(3, "bench next edition");
    let mut order: Vec<usize> = (0..next.records.len()).collect();
    rng.shuffle(&mut order);
    order.truncate(first.records.len() / 100);
    for at in order {
        for _ in 0..1 + rng.below(3) {
            let (column, value) = match rng.below(5) {
                0 => (Column::Phone, format!("09{}", rng.digits(8))),
                1 => (Column::CardIssued, format!("{:02}/{:02}/2026", 1 + rng.below(28), 1 + rng.below(10))),
                2 => (Column::CardExpires, format!("{:02}/{:02}/2041", 1 + rng.below(28), 1 + rng.below(10))),
                3 => (Column::BirthRegistrationPlace, format!("Xã Tân {}, Tỉnh Đồng Nai", rng.below(90))),
                _ => (Column::Hometown, format!("Thôn {}, Xã Đồng Tâm, Tỉnh Đồng Nai", rng.below(40))),
            };
            next.records[at].set_override(column, value);
        }
    }
    next
}
