//! The server of the bench: one unit, its register imported from a made-up extract, officers to enrol.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use domain::field::Field;
use domain::id::{HouseholdId, OfficerId, PersonId};
use domain::register::EditionRecord;
use domain::role::Role;
use domain::unit::Unit;
use server::deployment::{Deployment, InitRequest};
use server::register::{ImportReport, ImportRequest};
use store::NewProfile;
use sync::message::{EnrolmentRequest, FORMAT, Manifest};
use synth::Commune;

use crate::clock::{MORNING_MS, timed};

const SEED: u64 = 20_261_103;

pub struct Central {
    pub folder: PathBuf,
    pub deployment: Deployment,
    pub unit: Unit,
    pub commune: Commune,
    pub houses: Vec<House>,
    pub import_s: f64,
    supervisor: OfficerId,
}

/// A household of the register and who is in it.
pub struct House {
    pub household: HouseholdId,
    pub people: Vec<(PersonId, BTreeMap<Field, String>)>,
}

/// What an enrolment gives a laptop.
pub struct Enrolled {
    pub profile: NewProfile,
    pub identity: Vec<u8>,
    pub answer: Vec<u8>,
}

impl Central {
    /// A server whose unit has a first edition of about this many people.
    pub fn found(folder: &Path, people: usize) -> Result<Self> {
        let unit = Unit::of_2025(synth::DEFAULT_UNIT);
        let data = folder.join("central");
        let request = InitRequest {
            name: "Bench",
            hosts: &[],
            operator_passphrases: ["thước đo thứ nhất", "thước đo thứ hai"],
            argon2: vault::Argon2Params::STANDARD,
        };
        let deployment = Deployment::init(&data, &request, Arc::new(|| MORNING_MS))?;
        let supervisor =
            server::work::add_officer(&deployment, &unit, "Nguyễn Thị Hiền", Role::Supervisor, None)?.officer;
        let commune = synth::commune(SEED, people, synth::DEFAULT_UNIT)?;
        let mut central = Self {
            folder: folder.to_owned(),
            deployment,
            unit,
            commune,
            houses: Vec::new(),
            import_s: 0.0,
            supervisor,
        };
        let (imported, import_s) = central.import(&central.commune)?;
        let ImportReport::Published { .. } = imported else { bail!("the first edition was not published") };
        central.import_s = import_s;
        central.houses = central.read_houses()?;
        Ok(central)
    }

    /// Writes a commune's extract and imports it; gives the seconds that the import took.
    pub fn import(&self, commune: &Commune) -> Result<(ImportReport, f64)> {
        let file = self.folder.join("extract.csv");
        synth::write_extract(commune, BufWriter::new(File::create(&file)?))?;
        let request = ImportRequest {
            file: &file,
            unit: &self.unit,
            confirm_loss: false,
            reject_file: &self.folder.join("rejected.csv"),
            by: None,
        };
        let (report, import_s) = timed(|| server::register::import_register(&self.deployment, &request));
        Ok((report?, import_s))
    }

    /// Enrols a supervisor, who may author all that an officer may.
    pub fn enrol(&self) -> Result<Enrolled> {
        let profile = NewProfile::generate(MORNING_MS);
        let code = server::enrol::issue_code(&self.deployment, self.supervisor, None)?.code;
        let (code_id, code_secret) = code.split_once('-').context("a code has two parts")?;
        let request = EnrolmentRequest {
            format: FORMAT,
            code_id: code_id.to_owned(),
            code_secret: code_secret.to_owned(),
            device: profile.device,
            public_key: profile.signing_key.public_key(),
            stick_key: profile.stick_secret.public_key(),
            app_version: "bench".to_owned(),
            clock_ms: MORNING_MS,
        };
        let keys = &self.deployment.keys;
        let request = sync::cose::sign(&request, &profile.signing_key, keys.deployment).0;
        let answer = server::enrol::enrol_device(&self.deployment, &request)?;
        Ok(Enrolled { profile, identity: keys.identity(false), answer })
    }

    /// The manifest from edition `have` to the one in force.
    pub fn manifest(&self, have: u32) -> Result<Manifest> {
        let manifest = self
            .deployment
            .ledger
            .read(|records| server::feed::read_manifest(records, &self.unit, have, MORNING_MS))?;
        manifest.context("there is no other edition")
    }

    /// A manifest as it goes out.
    pub fn sign(&self, manifest: &Manifest) -> Vec<u8> {
        self.deployment.keys.sign(manifest)
    }

    /// The compressed bytes of a piece, whole.
    pub fn piece(&self, hash: &sync::message::Hash) -> Result<Vec<u8>> {
        Ok(server::feed::read_piece(&self.deployment, &self.unit, hash, 0, u64::from(u32::MAX))?)
    }

    fn read_houses(&self) -> Result<Vec<House>> {
        let mut houses: BTreeMap<HouseholdId, House> = BTreeMap::new();
        let mut take = |record| match record {
            EditionRecord::Household(household) => {
                houses.insert(household.id, House { household: household.id, people: Vec::new() });
            }
            EditionRecord::Person(person) => {
                if let Some(house) = houses.get_mut(&person.household) {
                    house.people.push((person.id, person.fields));
                }
            }
            _ => {}
        };
        self.deployment.ledger.read(|records| server::register::each_record(records, &self.unit, 1, &mut take))?;
        Ok(houses.into_values().filter(|house| !house.people.is_empty()).collect())
    }
}
