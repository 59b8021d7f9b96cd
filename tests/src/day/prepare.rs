//! Before the day: the commune and its register, the officers and their houses, three laptops.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use app::case::profile::PreviewEnrolment;
use app::command;
use domain::id::OfficerId;
use domain::text::{fold_search, nfc};
use synth::{Column, Commune};

use super::edition::write_edition;
use super::field::{self, Done};
use super::findings::{Findings, Listed};
use super::station::Station;
use super::{Closing, Day, DayOptions, Worker, path, text};
use crate::account::{Account, counted, thousands};
use crate::laptop::{Laptop, Paper};
use crate::tally::Tally;

/// Each officer is handed one household in so many.
const HOUSEHOLDS_TO_A_VISIT: usize = 4;
/// 2 November 2026, half past seven in Viet Nam: the day after the first extract. Laptops whose machine stands earlier
/// are set to it, or nobody who died in October could be reported.
const DAY_BEGINS_MS: u64 = 1_793_586_600_000;

impl<'a> Day<'a> {
    /// The commune, and a server that holds its register.
    pub(super) async fn prepare(options: &'a DayOptions, account: &'a Account) -> Result<Day<'a>> {
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
            "Edition (kỳ) {} is published: {} people, {} rejected. It has more people than the commune where the planted \
             errors list someone twice.",
            report["label"].as_str().unwrap_or_default(),
            report["stats"]["people"],
            counted(report["stats"]["rejected"].as_u64().unwrap_or(0), "row", "rows")
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
    pub(super) async fn enrol(&mut self) -> Result<()> {
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

/// Areas by hamlet, and one household in four to each officer, at the supervisor's word.
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
    let [workers @ .., (_, chief)] = officers else { anyhow::bail!("two officers and a supervisor") };
    let chief = chief.to_string();
    for (at, (word, officer)) in workers.iter().enumerate() {
        let officer = officer.to_string();
        let mut area = vec!["area", "set", "--officer", &officer, "--by", &chief];
        for hamlet in commune.hamlets.iter().skip(at).step_by(2) {
            area.extend(["--part", hamlet.name.as_str()]);
        }
        if area.contains(&"--part") {
            station.run(&area)?;
        }
        let file = papers.join(format!("houses-{}.txt", word.replace(' ', "-")));
        let quarter: Vec<&str> = numbers.iter().skip(at).step_by(HOUSEHOLDS_TO_A_VISIT).copied().collect();
        fs::write(&file, quarter.join("\n"))?;
        let unit = commune.unit.code.as_str();
        let file = path(&file)?;
        let assign =
            ["assign", "--unit", unit, "--officer", &officer, "--household-file", file, "--by", chief.as_str()];
        station.run(&assign)?;
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
