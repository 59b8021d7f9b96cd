//! One day in a made-up commune, played on real parts: the server program over HTTPS, encrypted files, signed batches,
//! a line that breaks. It owns the order of the day and what is said of it; it checks nothing with the product's own
//! eyes that can be checked in the files.

pub mod desk;
pub mod field;
pub mod findings;
pub mod station;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::BufWriter;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use app::case::profile::PreviewEnrolment;
use app::command;
use domain::fold::Stage;
use domain::id::OfficerId;
use domain::text::{fold_search, nfc};
use serde::Serialize;
use serde_json::Value;
use synth::{Approved, Column, Commune};

use crate::account::{Account, thousands};
use crate::bad_line::{Cut, CutPlan, Direction, mix};
use crate::laptop::{Laptop, Paper, Slots};
use crate::replica::{Needle, Replica};
use crate::state::{UnitState, state_of_laptop, state_of_server};
use crate::tally::{Stored, Tally, changes_of_laptop, changes_of_server};
use crate::{replica, server_room};
use desk::Decisions;
use field::{Done, FieldDay, Forgotten};
use findings::{Findings, Listed};
use station::Station;

/// Each officer is handed one household in so many.
const HOUSEHOLDS_TO_A_VISIT: usize = 4;
/// An exchange is begun anew at most so often.
const MOST_EXCHANGES: u32 = 200;
/// 2 November 2026, half past seven in Viet Nam: the day after the first extract. Laptops whose machine stands earlier
/// are set to it, or nobody who died in October could be reported.
const DAY_BEGINS_MS: u64 = 1_793_586_600_000;

/// Which day to play.
#[derive(Clone, Debug)]
pub struct DayOptions {
    /// People who truly live in the commune.
    pub people: usize,
    /// The same seed makes the same commune and breaks the line in the same way.
    pub seed: u64,
    /// Where everything lies; it is left there.
    pub folder: PathBuf,
    pub slots: Slots,
}

/// What the day closes with: one line of JSON.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Closing {
    pub people: usize,
    pub households: usize,
    pub visits: u64,
    pub corrections: u64,
    pub photos: u64,
    /// Things that a command said were saved.
    pub acknowledged: usize,
    /// Batches that laptops sealed.
    pub batches: u64,
    /// Of these, answered with a signed receipt that the laptop verified.
    pub receipts: u64,
    /// Changes of laptops that the server refused.
    pub refused: u64,
    /// Acknowledged and not in the files of the server, or of a laptop.
    pub lost: usize,
    /// There more than once.
    pub duplicated: u64,
    /// All laptops and the server hold the same state at the same edition and log index.
    pub converged: bool,
    pub edition: u64,
    pub log_index: u64,
    /// Corrections that the second edition confirmed.
    pub confirmed: u64,
    /// Places where anything of the erased person was found.
    pub erased_found: usize,
    pub cut_connections: u64,
    pub seconds: BTreeMap<&'static str, f64>,
}

impl Closing {
    /// Why the day did not hold; empty where it did.
    pub fn failures(&self) -> Vec<String> {
        let mut failures = Vec::new();
        let mut require = |holds: bool, what: String| {
            if !holds {
                failures.push(what);
            }
        };
        require(self.lost == 0, format!("{} acknowledged facts are lost", self.lost));
        require(self.duplicated == 0, format!("{} facts are there twice", self.duplicated));
        require(self.refused == 0, format!("{} changes were refused", self.refused));
        require(self.receipts == self.batches, format!("{} of {} batches have receipts", self.receipts, self.batches));
        require(self.converged, "the replicas do not hold the same state".into());
        require(self.erased_found == 0, format!("the erased person is found in {} places", self.erased_found));
        require(self.visits > 0 && self.corrections > 0, "nothing was done".into());
        failures
    }
}

/// One of the three at work.
struct Worker {
    name: &'static str,
    officer: OfficerId,
    laptop: Laptop,
}

/// Plays the day and says what happened.
///
/// # Errors
/// Anything that a part answers where it should not. A day that runs to its end and does not hold is no error: see
/// [`Closing::failures`].
pub async fn play(options: &DayOptions, account: &Account) -> Result<Closing> {
    let mut day = Day::prepare(options, account).await?;
    day.enrol().await?;
    day.work_offline().await?;
    day.exchange().await?;
    day.review().await?;
    day.answer().await?;
    day.next_edition().await?;
    day.forget().await?;
    day.close().await
}

struct Day<'a> {
    options: &'a DayOptions,
    account: &'a Account,
    commune: Commune,
    findings: Findings,
    forgettable: Listed,
    station: Station,
    address: SocketAddr,
    officers: Vec<(&'static str, OfficerId)>,
    workers: Vec<Worker>,
    tally: Tally,
    done: Done,
    forgotten: Option<Forgotten>,
    needles: Vec<Needle>,
    closing: Closing,
}

impl<'a> Day<'a> {
    /// The commune, and a server that holds its register.
    async fn prepare(options: &'a DayOptions, account: &'a Account) -> Result<Day<'a>> {
        account.phase("commune", &format!("A made-up commune of {} people", thousands(options.people as u64)));
        let commune = synth::commune(options.seed, options.people, synth::DEFAULT_UNIT)?;
        let papers = options.folder.join("papers");
        write_edition(&commune, &papers, "extract.csv", "truth.json")?;
        let findings = Findings::of(&commune);
        let forgettable = choose_forgettable(&commune).context("nobody with a name of his own was found")?;
        let households = commune.listed_households();
        account.say(&format!(
            "{}, {}: {} households in {} hamlets (thôn, ấp).",
            commune.unit.name,
            commune.unit.province,
            thousands(households as u64),
            commune.hamlets.len()
        ));
        account.say(&format!(
            "{} errors are planted in its register extract (bản trích); papers or people at the door show {}.",
            thousands(commune.planted.len() as u64),
            thousands(findings.len() as u64)
        ));
        account.phase("server", "A province's server takes the register in");
        let mut station = Station::new(&options.folder)?;
        let unit = commune.unit.code.as_str();
        station.run(&["init", "--name", "Công an tỉnh Đồng Nai"])?;
        let extract = papers.join("extract.csv");
        let report = station.run(&["import-register", path(&extract)?, "--unit", unit])?;
        account.say(&format!(
            "Edition (kỳ) {} is published: {} people, {} rows rejected.",
            report["label"].as_str().unwrap_or_default(),
            report["stats"]["people"],
            report["stats"]["rejected"]
        ));
        let officers = list_officers(&station, unit)?;
        hand_out_houses(&station, &commune, &papers, &officers)?;
        account.say("Two officers (cảnh sát khu vực) have their areas and each one household in four; one supervisor.");
        let address = station.serve()?;
        account.say(&format!("It serves over TLS 1.3 with its own authority on {address}."));
        Ok(Day {
            options,
            account,
            closing: Closing { people: options.people, households, ..Closing::default() },
            commune,
            findings,
            forgettable,
            station,
            address,
            officers,
            workers: Vec::new(),
            tally: Tally::default(),
            done: Done::default(),
            forgotten: None,
            needles: Vec::new(),
        })
    }

    /// Three laptops enrol with a code on paper and fetch the commune.
    async fn enrol(&mut self) -> Result<()> {
        self.account.phase("enrolment", "Three laptops enrol and download the commune");
        for (name, officer) in self.officers.clone() {
            let answer = self.station.run(&["enrol-code", "--officer", &officer.to_string()])?;
            let paper = Paper { fingerprint: text(&answer, "fingerprint")?, code: text(&answer, "code")? };
            let folder = self.options.folder.join(name.replace(' ', "-"));
            let laptop = Laptop::new(&folder, self.address, true, self.options.slots).await?;
            if laptop.clock.now_ms() < DAY_BEGINS_MS {
                laptop.clock.set_ms(DAY_BEGINS_MS);
            }
            let preview = PreviewEnrolment { server: laptop.server_address() };
            let preview = laptop.app.run::<command::PreviewEnrolment>(preview).await?;
            ensure!(preview.fingerprint == paper.fingerprint, "the server's fingerprint is not the one on the paper");
            laptop.enrol(&paper).await?;
            let summary = laptop.app.run::<command::Download>(()).await?;
            self.account.say(&format!(
                "{name}: fingerprint compared, enrolled; edition {} and {} log entries here, {} KB.",
                summary.edition.unwrap_or(0),
                summary.log_entries_read,
                summary.bytes_received / 1024
            ));
            self.workers.push(Worker { name, officer, laptop });
        }
        Ok(())
    }

    /// The officers' day, with the cable pulled.
    async fn work_offline(&mut self) -> Result<()> {
        self.account.phase("day", "The day at the doors, with no line");
        for worker in &self.workers {
            worker.laptop.line.unplug(true);
        }
        let [a, b, _] = &self.workers[..] else { anyhow::bail!("two officers and a supervisor") };
        let ours = field::houses_of(&a.laptop, a.officer).await?.len();
        let theirs = field::houses_of(&b.laptop, b.officer).await?.len();
        let progress = self.account.progress("households", (ours + theirs) as u64);
        let mut first = FieldDay::begin(&a.laptop, a.officer, &self.findings, self.options.seed);
        first.to_forget = Some(self.forgettable.clone());
        let mut second = FieldDay::begin(&b.laptop, b.officer, &self.findings, self.options.seed + 1);
        let (walked, contradicted) = tokio::join!(first.walk(&progress), async {
            second.walk(&progress).await?;
            second.contradict(a.officer).await
        });
        walked.context("the first officer's day")?;
        contradicted.context("the second officer's day")?;
        for finished in [&first, &second] {
            self.tally.join(&finished.tally);
            self.done.join(&finished.done);
        }
        self.forgotten = first.forgotten;
        self.closing.visits = self.done.times("visits");
        self.closing.corrections = self.done.times("corrections");
        self.closing.photos = self.done.times("photos");
        let (visits, as_listed) = (self.closing.visits, self.done.times("as listed"));
        self.account.say(&format!(
            "{} visits (lượt đến nhà), {} of them with everyone as listed; {} corrections (đề nghị chỉnh sửa), {} photos \
             (one paper in ten, each with its legal reason).",
            thousands(visits),
            thousands(as_listed),
            thousands(self.closing.corrections),
            self.closing.photos
        ));
        let told = ["visits", "as listed", "corrections", "photos", "contradicted"];
        let others = self.done.0.iter().filter(|(what, _)| !told.contains(what));
        let others: Vec<String> = others.map(|(what, times)| format!("{times} {what}")).collect();
        self.account.say(&format!("Everyday events: {}.", others.join(", ")));
        self.account.say(&format!(
            "On purpose, {} times the second officer heard on the telephone something else than the first saw.",
            self.done.times("contradicted")
        ));
        self.account
            .say(&format!("{} facts were acknowledged and are remembered apart.", thousands(self.tally.len() as u64)));
        Ok(())
    }

    /// The officers send their day over a line that breaks.
    async fn exchange(&mut self) -> Result<()> {
        self.account.phase("sync", "The officers sync over a line that breaks");
        let before: Vec<u64> = self.workers.iter().map(|worker| worker.laptop.line.connections()).collect();
        for (number, worker) in (0..).zip(&self.workers) {
            worker.laptop.line.unplug(false);
            worker.laptop.line.cut_by(bad_day(self.options.seed + number, worker.laptop.line.connections()));
        }
        let [a, b, _] = &self.workers[..] else { anyhow::bail!("two officers and a supervisor") };
        let (first, second) = tokio::join!(sync_until_nothing_waits(a), sync_until_nothing_waits(b));
        for (at, (worker, exchanged)) in [(a, first?), (b, second?)].into_iter().enumerate() {
            self.account.say(&format!(
                "{}: {} batches (lô) and {} photos sent, {} KB, {} interruptions; {} exchanges until nothing waited.",
                worker.name,
                exchanged.batches,
                exchanged.photos,
                exchanged.bytes / 1024,
                exchanged.interruptions,
                exchanged.exchanges
            ));
            let line = &worker.laptop.line;
            let connections = line.connections() - before[at];
            self.account.say(&format!("   of {connections} connections {} were cut in the middle.", line.cuts()));
        }
        Ok(())
    }

    /// The supervisor's work.
    async fn review(&mut self) -> Result<()> {
        self.account.phase("review", "The supervisor decides");
        let chief = &self.workers[2];
        sync_until_nothing_waits(chief).await?;
        let queue = desk::queue(&chief.laptop).await?;
        let conflicts = queue.iter().filter(|row| row.conflicts > 0).count();
        self.account.say(&format!(
            "{} corrections wait, {conflicts} of them contradict another; nothing was overwritten.",
            thousands(queue.len() as u64)
        ));
        let progress = self.account.progress("corrections", queue.len() as u64);
        let decisions = desk::review_all(&chief.laptop, &queue, &mut self.tally, &progress).await?;
        self.account.say(&format!("Decided: {}.", tell(&decisions)));
        let first = desk::queue(&chief.laptop).await?;
        let first = first.iter().filter(|row| row.state.stage == Stage::FirstApproval).count();
        self.account.say(&format!(
            "{first} are of fields that need two people (ID number, birth date, sex, death): they stay at the first \
             approval, since there is one supervisor."
        ));
        sync_until_nothing_waits(chief).await?;
        Ok(())
    }

    /// The officers see what was decided.
    async fn answer(&mut self) -> Result<()> {
        self.account.phase("answers", "The officers see the answers");
        for worker in &self.workers[..2] {
            sync_until_nothing_waits(worker).await?;
            let stages = desk::answers(&worker.laptop, worker.officer).await?;
            let stages: Vec<String> = stages.iter().map(|(stage, count)| format!("{count} {}", word(stage))).collect();
            self.account.say(&format!("{}: {}.", worker.name, stages.join(", ")));
        }
        Ok(())
    }

    /// Approved corrections are typed into the register; the next edition shows them.
    async fn next_edition(&mut self) -> Result<()> {
        self.account.phase("edition", "What was approved is entered; the next edition confirms it");
        let unit = self.commune.unit.code.clone();
        let papers = self.options.folder.join("papers");
        let file = papers.join("corrections.csv");
        let export = ["export-corrections", "--unit", &unit, "--format", "csv", "--out", path(&file)?];
        let exported = self.station.run(&export)?;
        let entered = self.station.run(&["mark-entered", "--unit", &unit, "--all-exported"])?;
        self.account.say(&format!(
            "{} corrections go out in a file and {} are marked as entered (đã nhập).",
            exported["rows"], entered["entered"]
        ));
        let approved = read_export(&file)?;
        let next = self.commune.next(self.options.seed + 1, &approved);
        self.account.say(&format!(
            "A month later: {} changes in the register, {} of the corrections named nobody.",
            next.events.len(),
            next.unmatched.len()
        ));
        write_edition(&next, &papers, "extract-next.csv", "truth-next.json")?;
        let extract = papers.join("extract-next.csv");
        let report = self.station.run(&["import-register", path(&extract)?, "--unit", &unit])?;
        let stats = &report["stats"];
        self.account.say(&format!(
            "Edition {}: {} people kept their identity, {} new, {} gone, {} from the door joined, {} corrections \
             confirmed.",
            report["label"].as_str().unwrap_or_default(),
            stats["people_kept"],
            stats["people_new"],
            stats["people_lost"],
            stats["linked"],
            stats["confirmed"]
        ));
        self.closing.confirmed = stats["confirmed"].as_u64().unwrap_or(0);
        for worker in &self.workers {
            let exchanged = sync_until_nothing_waits(worker).await?;
            self.account.say(&format!("{}: the delta and the log, {} KB.", worker.name, exchanged.received / 1024));
        }
        let mut seen = 0;
        for worker in &self.workers[..2] {
            let stages = desk::answers(&worker.laptop, worker.officer).await?;
            seen += stages.get(&Stage::Confirmed).copied().unwrap_or(0);
        }
        self.account.say(&format!("The officers see {seen} of their corrections confirmed (đã xác nhận)."));
        ensure!(seen == self.closing.confirmed, "{seen} confirmations were seen of {}", self.closing.confirmed);
        Ok(())
    }

    /// One resident asks to be forgotten.
    async fn forget(&mut self) -> Result<()> {
        self.account.phase("erasure", "One person is erased");
        let forgotten = self.forgotten.take().context("nobody was marked to be forgotten")?;
        let chief = &self.workers[2];
        let opened = app::case::read::OpenPerson { person: forgotten.person };
        chief.laptop.app.run::<command::OpenPerson>(opened).await.context("the person is known before")?;
        self.needles = needles_of(&forgotten);
        let unit = self.commune.unit.code.clone();
        let person = forgotten.person.to_string();
        let erase = ["erase", "--unit", &unit, "--person", &person, "--basis", "resident-request"];
        // Before it there is something to be found: the search is not blind.
        let found_before = self.station_replica()?.find(&self.needles)?.len();
        ensure!(found_before > 0, "nothing was to be found even before the erasure");
        let erased = self.station.run(&erase)?;
        self.account.say(&format!(
            "At the server: {} bodies of changes and {} photos are gone, with the register's row; headers and chain stay.",
            erased["changes"], erased["photos"]
        ));
        for worker in &self.workers {
            sync_until_nothing_waits(worker).await?;
        }
        // Whatever the last exchange brought to one is known to all after another round.
        for worker in &self.workers {
            sync_until_nothing_waits(worker).await?;
        }
        self.account.say("The laptops followed.");
        Ok(())
    }

    /// Everything is closed, and its files are read.
    async fn close(mut self) -> Result<Closing> {
        self.account.phase("comparison", "All files are closed, opened from outside, and compared");
        let mut laptops = Vec::new();
        for worker in &self.workers {
            worker.laptop.lock().await?;
            laptops.push((worker.name, worker.laptop.replica()?));
        }
        let status = self.station.run(&["audit", "verify"])?;
        ensure!(status["sound"] == Value::Bool(true), "the audit chain is broken: {status}");
        self.station.run(&["check"])?;
        self.station.stop()?;
        let server = self.station_replica()?;
        self.count_facts(&server, &laptops)?;
        self.look_for_the_erased(&server, &laptops)?;
        self.compare_states(&server, &laptops)?;
        self.closing.acknowledged = self.tally.len();
        self.closing.cut_connections = self.workers.iter().map(|worker| worker.laptop.line.cuts()).sum();
        self.closing.seconds = self.account.close().into_iter().collect();
        Ok(self.closing)
    }

    fn station_replica(&self) -> Result<Replica> {
        server_room::replica_of(self.station.data())
    }

    fn count_facts(&mut self, server: &Replica, laptops: &[(&str, Replica)]) -> Result<()> {
        let mut stored: Vec<(&str, Vec<Stored>)> = vec![("the server", changes_of_server(server)?)];
        for (name, laptop) in laptops {
            stored.push((name, changes_of_laptop(laptop)?));
            let sent = replica::own_batches(laptop)?;
            self.closing.batches += sent.sealed;
            self.closing.receipts += sent.receipted;
            self.closing.refused += sent.refused;
        }
        for (name, changes) in &stored {
            let compared = self.tally.compare(changes);
            self.account.say(&format!(
                "{name}: {} changes; of {} acknowledged facts {} are lost, {} are there twice.",
                thousands(changes.len() as u64),
                thousands(self.tally.len() as u64),
                compared.lost.len(),
                compared.duplicated
            ));
            self.closing.lost += compared.lost.len();
            self.closing.duplicated += compared.duplicated;
        }
        self.account.say(&format!(
            "{} batches, {} signed receipts (biên nhận), {} changes refused.",
            thousands(self.closing.batches),
            thousands(self.closing.receipts),
            self.closing.refused
        ));
        Ok(())
    }

    fn look_for_the_erased(&mut self, server: &Replica, laptops: &[(&str, Replica)]) -> Result<()> {
        let everywhere = std::iter::once(("the server", server)).chain(laptops.iter().map(|(name, one)| (*name, one)));
        let mut places = 0;
        for (name, replica) in everywhere {
            for found in replica.find(&self.needles)? {
                let file = found.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                self.account.say(&format!("FOUND at {name}: {} in {file} at {}", found.needle, found.offset));
                places += 1;
            }
        }
        self.closing.erased_found = places;
        self.account.say(&format!(
            "{} texts and pieces of photos of the erased person were looked for in every page of every file: {places} \
             found.",
            self.needles.len()
        ));
        Ok(())
    }

    fn compare_states(&mut self, server: &Replica, laptops: &[(&str, Replica)]) -> Result<()> {
        let at_server = state_of_server(server)?;
        self.closing.converged = true;
        for (name, laptop) in laptops {
            let here = state_of_laptop(laptop)?;
            self.closing.converged &= here == at_server;
            tell_differences(self.account, name, &here, &at_server);
        }
        let digest = data_encoding::HEXLOWER.encode(&at_server.digest()[..8]);
        self.closing.edition = at_server.at.edition;
        self.closing.log_index = at_server.at.index;
        self.account.say(&format!(
            "Server and laptops at edition {} and log index {}: {} entities, digest {digest}, {}.",
            at_server.at.edition,
            thousands(at_server.at.index),
            thousands(at_server.entities.len() as u64),
            if self.closing.converged { "the same everywhere" } else { "NOT the same everywhere" }
        ));
        Ok(())
    }
}

fn tell_differences(account: &Account, name: &str, here: &UnitState, at_server: &UnitState) {
    if here.at != at_server.at {
        account.say(&format!("{name} stands at {:?}, the server at {:?}", here.at, at_server.at));
    }
    for entity in here.differences(at_server).iter().take(5) {
        account.say(&format!("{name}: {:?} {} is not as at the server", entity.kind, entity.id));
    }
}

/// What exchanges did.
#[derive(Clone, Copy, Debug, Default)]
struct Exchanged {
    exchanges: u32,
    batches: u32,
    photos: u32,
    bytes: u64,
    received: u64,
    interruptions: u32,
}

/// Exchanges until nothing waits and everything is read, as an officer does who sees that something waits.
async fn sync_until_nothing_waits(worker: &Worker) -> Result<Exchanged> {
    let mut sum = Exchanged::default();
    let mut last = None;
    while sum.exchanges < MOST_EXCHANGES {
        sum.exchanges += 1;
        match worker.laptop.sync().await {
            Ok(summary) => {
                sum.batches += summary.batches_sent;
                sum.photos += summary.photos_sent;
                sum.bytes += summary.bytes_sent;
                sum.received += summary.bytes_received;
                sum.interruptions += summary.interruptions;
            }
            Err(error) => last = Some(error),
        }
        let queue = worker.laptop.app.run::<command::SyncStatus>(()).await?.queue;
        let waits = queue.changes_waiting + queue.batches_waiting + queue.photos_waiting + queue.access_waiting;
        let behind = queue.feed_index < queue.log_head || queue.edition != queue.edition_in_force;
        if waits == 0 && !behind && last.take().is_none() {
            return Ok(sum);
        }
    }
    let last = last.map(|error| error.to_string()).unwrap_or_default();
    anyhow::bail!("{}: after {MOST_EXCHANGES} exchanges something still waits {last}", worker.name)
}

/// From connection number `from` on: three in ten are cut within their first 20 KB, often in the middle of a handshake,
/// and the first always; no other passes more than 300 KB.
fn bad_day(seed: u64, from: u64) -> Arc<CutPlan> {
    Arc::new(move |number| {
        let roll = mix(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let direction = if mix(roll) & 1 == 0 { Direction::Up } else { Direction::Down };
        let early = number == from || roll % 10 < 3;
        let after_bytes = if early { 1 + mix(roll ^ 1) % 20_000 } else { 60_000 + mix(roll ^ 2) % 240_000 };
        Some(Cut { direction, after_bytes })
    })
}

fn list_officers(station: &Station, unit: &str) -> Result<Vec<(&'static str, OfficerId)>> {
    let people = [
        ("officer A", "Nguyễn Văn Bình", "officer"),
        ("officer B", "Trần Thị Hạnh", "officer"),
        ("supervisor", "Lê Quốc Dũng", "supervisor"),
    ];
    let mut officers = Vec::new();
    for (word, name, role) in people {
        let answer = station.run(&["officer", "add", "--unit", unit, "--name", name, "--role", role])?;
        officers.push((word, text(&answer, "officer")?.parse()?));
    }
    Ok(officers)
}

/// Areas by hamlet, and one household in four to each officer.
fn hand_out_houses(
    station: &Station,
    commune: &Commune,
    papers: &Path,
    officers: &[(&'static str, OfficerId)],
) -> Result<()> {
    let numbers: Vec<&str> = commune
        .households
        .iter()
        .filter(|household| !household.members.is_empty())
        .map(|household| household.number.as_str())
        .collect();
    for (at, (word, officer)) in officers.iter().take(2).enumerate() {
        let officer = officer.to_string();
        let mut area = vec!["area", "set", "--officer", &officer];
        for hamlet in commune.hamlets.iter().skip(at).step_by(2) {
            area.extend(["--part", hamlet.name.as_str()]);
        }
        if area.len() > 4 {
            station.run(&area)?;
        }
        let file = papers.join(format!("houses-{}.txt", word.replace(' ', "-")));
        let quarter: Vec<&str> = numbers.iter().skip(at).step_by(HOUSEHOLDS_TO_A_VISIT).copied().collect();
        fs::write(&file, quarter.join("\n"))?;
        let unit = commune.unit.code.as_str();
        station.run(&["assign", "--unit", unit, "--officer", &officer, "--household-file", path(&file)?])?;
    }
    Ok(())
}

/// Someone in the first officer's quarter of whom nothing is wrong and whose name and numbers stand nowhere else: not in
/// another's row, nor as part of another name.
fn choose_forgettable(commune: &Commune) -> Option<Listed> {
    let in_quarter = |household: &usize| household.is_multiple_of(HOUSEHOLDS_TO_A_VISIT);
    let listed = (0..commune.households.len()).filter(|at| !commune.households[*at].members.is_empty());
    // In some places of a round nobody is met.
    let visited = listed.enumerate().filter(|(nth, _)| in_quarter(nth)).map(|(_, at)| at).enumerate();
    let met: BTreeSet<usize> = visited.filter(|(nth, _)| !field::nobody_is_met(*nth)).map(|(_, at)| at).collect();
    let names = all_names(commune);
    let spoilt: BTreeSet<_> = commune.planted.iter().map(|planted| planted.record).collect();
    commune.rows().filter(|row| met.contains(&row.household) && commune.is_permanent(*row)).find_map(|row| {
        let value = |column| commune.value(row, column).into_owned();
        let name = fold_search(&value(Column::FullName));
        let stands_once = names.iter().filter(|other| other.contains(&name)).count() == 1;
        let numbered =
            [Column::IdNumber, Column::OldCmnd, Column::Phone].iter().all(|column| !value(*column).is_empty());
        let is_sound = !spoilt.contains(&commune.member(row).record) && value(Column::OtherName).is_empty();
        let alive = value(Column::DeathDate).is_empty();
        (stands_once && numbered && is_sound && alive)
            .then(|| Listed { id_number: value(Column::IdNumber), full_name: value(Column::FullName) })
    })
}

/// Every name in every row, folded; a person with two rows has his once.
fn all_names(commune: &Commune) -> Vec<String> {
    let mut names = Vec::new();
    for record in commune.rows_by_record() {
        let Some((row, _)) = record.first() else { continue };
        for column in [Column::FullName, Column::OtherName, Column::FatherName, Column::MotherName, Column::SpouseName]
        {
            let name = commune.value(*row, column);
            if !name.is_empty() {
                names.push(fold_search(&nfc(&name)));
            }
        }
    }
    names
}

fn needles_of(forgotten: &Forgotten) -> Vec<Needle> {
    let mut needles = Vec::new();
    for (what, value) in &forgotten.texts {
        needles.push(Needle::text(what, value));
        let folded = fold_search(value);
        if folded != *value && folded.len() > 7 {
            needles.push(Needle::text(&format!("{what}, folded"), &folded));
        }
    }
    for (name, picture) in ["photo", "crop"].into_iter().zip(&forgotten.pictures) {
        needles.extend(Needle::stretches(name, picture));
    }
    needles
}

/// What was exported, as the register will hold it.
fn read_export(file: &Path) -> Result<Vec<Approved>> {
    let mut reader = csv::Reader::from_path(file)?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| {
        let is_it = |header: &str| header.trim_start_matches('\u{feff}') == name;
        headers.iter().position(is_it).with_context(|| format!("the export has a column {name}"))
    };
    let [id_number, household_no, name, field, new_value] =
        [column("id_number")?, column("household_no")?, column("full_name")?, column("field")?, column("new_value")?];
    let mut approved = Vec::new();
    for row in reader.records() {
        let row = row?;
        let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
        approved.push(Approved {
            id_number: cell(id_number),
            household_no: cell(household_no),
            name: cell(name),
            field: cell(field),
            new_value: cell(new_value),
        });
    }
    Ok(approved)
}

fn write_edition(commune: &Commune, folder: &Path, extract: &str, truth: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    synth::write_extract(commune, BufWriter::new(File::create(folder.join(extract))?))?;
    synth::write_truth(commune, BufWriter::new(File::create(folder.join(truth))?))?;
    Ok(())
}

fn tell(decisions: &Decisions) -> String {
    let words: Vec<String> = decisions.iter().map(|(word, count)| format!("{} {word}", thousands(*count))).collect();
    words.join(", ")
}

/// `FirstApproval` → `first approval`.
fn word(stage: &Stage) -> String {
    let text = serde_json::to_value(stage).ok().and_then(|value| value.as_str().map(str::to_owned));
    text.unwrap_or_default().replace('_', " ")
}

pub(crate) fn text(answer: &Value, key: &str) -> Result<String> {
    Ok(answer[key].as_str().with_context(|| format!("the answer has no {key}: {answer}"))?.to_owned())
}

pub(crate) fn path(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is text")
}
