//! Saving at the door: durable when it returns, against a bare durable commit of the same bytes.

use std::path::Path;

use anyhow::Result;
use domain::change::{Assigned, Body, EntityKind, EntityRef};
use domain::id::{ChangeId, OfficerId};
use store::{Draft, Store};
use sync::batch::{self, SALT_BYTES};
use tungnha_tests::report::{Report, median, percentile};

use crate::central::Central;
use crate::clock::{Cost, MORNING_MS, costed, timed};
use crate::laptop::{self, WORK_FILE, master_key};
use crate::plain::{Commits, wal_bytes};
use crate::visits::{Fact, at_ms, id_at, visit_with_two_corrections};

const VISITS: usize = 400;
/// Left out at the start: statements are prepared, caches filled, and the product's WAL has reached its full length.
const WARM_UP: usize = 80;
/// After so many the WAL, empty at the start, has not begun anew.
const WAL_OF: usize = 8;
const ASSIGNMENTS: usize = 5_000;
const ROUNDS: usize = 3;

pub fn measure(central: &Central, laptop: &Path, report: &mut Report) -> Result<()> {
    save_visits(central, laptop, report)?;
    assign(central, laptop, report)
}

fn save_visits(central: &Central, laptop: &Path, report: &mut Report) -> Result<()> {
    let folder = laptop::copy(laptop, central.folder.join("laptop-saving"))?;
    let store = Store::open(&folder, &master_key())?;
    let mut commits = Commits::prepare(&central.folder)?;
    let (mut product, mut bare, mut bytes) = (vec![], vec![], 0);
    let mut product_wal = 0;
    for number in 0..WARM_UP + VISITS {
        let now_ms = at_ms(MORNING_MS, number);
        let facts = visit_with_two_corrections(&central.houses, number, now_ms);
        let rows = bytes_of(&facts, now_ms)?;
        let drafts = drafts_of(facts, now_ms);
        // Whoever comes second finds the disk as the first left it: they take turns at that too.
        if number % 2 == 0 {
            bare.push(timed_commit(&mut commits, &rows)?);
        }
        let (saved, cost) = costed(|| store.transact(now_ms, drafts));
        saved?;
        product.push(cost);
        if number % 2 == 1 {
            bare.push(timed_commit(&mut commits, &rows)?);
        }
        if number + 1 == WAL_OF {
            product_wal = wal_bytes(&folder.join(WORK_FILE))? / WAL_OF as u64;
        }
        bytes += rows.iter().map(Vec::len).sum::<usize>();
    }
    store.close()?;
    let wall = |costs: &[Cost]| -> Vec<f64> { costs[WARM_UP..].iter().map(|cost| cost.wall_s * 1000.0).collect() };
    let processor =
        |costs: &[Cost]| -> Vec<f64> { costs[WARM_UP..].iter().map(|cost| cost.processor_s * 1000.0).collect() };
    let (wall_ms, bare_ms) = (wall(&product), wall(&bare));
    report.ratio_at_most("save: visit with two corrections, median", median(&wall_ms), "ms", median(&bare_ms), 1.5);
    report.ratio("  of it on a processor", median(&processor(&product)), "ms", median(&processor(&bare)));
    report.ratio("  99 in 100 within", percentile(&wall_ms, 99.0), "ms", percentile(&bare_ms, 99.0));
    report.tell("  WAL that one writes", product_wal as f64 / 1024.0, "KiB");
    report.tell("  bytes of the three changes", bytes as f64 / (WARM_UP + VISITS) as f64, "bytes");
    Ok(())
}

fn timed_commit(commits: &mut Commits, rows: &[Vec<u8>]) -> Result<Cost> {
    let (committed, cost) = costed(|| commits.commit(rows));
    committed?;
    Ok(cost)
}

fn assign(central: &Central, laptop: &Path, report: &mut Report) -> Result<()> {
    let folder = laptop::copy(laptop, central.folder.join("laptop-assigning"))?;
    let store = Store::open(&folder, &master_key())?;
    let mut seconds = vec![];
    for round in 0..ROUNDS {
        let now_ms = at_ms(MORNING_MS, round);
        let officer = Some(OfficerId(id_at(now_ms)));
        let body = Body::Assigned(Assigned { officer, due: Some("30/11/2026".to_owned()), note: None });
        let houses = central.houses.iter().cycle().skip(round * ASSIGNMENTS).take(ASSIGNMENTS);
        let facts = houses.map(|house| (EntityRef::new(EntityKind::Household, house.household), body.clone()));
        let drafts = drafts_of(facts.collect(), now_ms);
        let (saved, assign_s) = timed(|| store.transact(now_ms, drafts));
        saved?;
        seconds.push(assign_s);
    }
    store.close()?;
    report.at_most("save: 5,000 assignments in one transaction", median(&seconds), "s", 1.0);
    Ok(())
}

/// As a screen hands them to the store.
pub fn drafts_of(facts: Vec<Fact>, now_ms: u64) -> Vec<Draft> {
    facts.into_iter().map(|(entity, body)| Draft::new(now_ms, entity, body)).collect()
}

/// The header and salted body of each change, as they are kept.
fn bytes_of(facts: &[Fact], now_ms: u64) -> Result<Vec<Vec<u8>>> {
    let sealed = facts.iter().zip(1..).map(|((entity, body), sequence)| {
        let draft = wire_draft(*entity, body.clone(), OfficerId(id_at(now_ms)), now_ms);
        let change = batch::build_change(draft, sequence, [0x5a; SALT_BYTES])?;
        Ok([change.header_bytes, change.salted_body].concat())
    });
    sealed.collect()
}

/// A change of an officer who holds the first edition and has read a little of the log.
pub fn wire_draft(entity: EntityRef, body: Body, author: OfficerId, now_ms: u64) -> batch::Draft {
    batch::Draft {
        id: ChangeId(id_at(now_ms)),
        entity,
        edition: 1,
        seen: 2,
        author,
        wall_clock_ms: now_ms,
        photos: None,
        clock_set_back_ms: None,
        on_behalf_of: None,
        body,
    }
}
