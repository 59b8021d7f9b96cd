//! A small commune with its server and laptops, for tests: everything real, in one process and one temporary folder.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::Result;
use app::case::correction::ProposeCorrection;
use app::case::read::{ListToday, OpenHousehold, OpenPerson, OpenedPerson};
use app::case::remark::WriteNote;
use app::case::review::ReviewCorrection;
use app::case::visit::RecordOrdinaryVisit;
use app::command;
use app::error::AppError;
use domain::change::{Decision, EntityKind, EntityRef};
use domain::field::{Field, Subject};
use domain::fold::{CorrectionState, Presence};
use domain::id::{ChangeId, CorrectionId, HouseholdId, OfficerId, PersonId};
use domain::role::Role;
use store::{HouseQuery, HouseRow, HouseholdView};
use synth::Commune;
use tempfile::TempDir;

use crate::laptop::{Laptop, Slots};
use crate::server_room::ServerRoom;
use crate::state::{UnitState, state_of_laptop, state_of_server};
use crate::tally::{Tally, changes_of_laptop, changes_of_server};

/// An officer with his laptop.
pub struct Desk {
    pub officer: OfficerId,
    pub laptop: Laptop,
    /// What its commands said was saved.
    pub tally: std::sync::Mutex<Tally>,
}

/// A commune, its server, and where everything lies.
pub struct World {
    pub server: ServerRoom,
    pub commune: Commune,
    folder: TempDir,
    laptops: std::sync::atomic::AtomicU32,
}

impl World {
    /// A serving server that holds the register of so many people. TLS.
    ///
    /// # Errors
    /// Any part's.
    pub async fn of(people: usize) -> Result<World> {
        Self::new(people, false, None).await
    }

    /// As [`World::of`], with the server's data below a folder that the test chose.
    ///
    /// # Errors
    /// Any part's.
    pub async fn with_server_in(people: usize, server: &Path) -> Result<World> {
        Self::new(people, false, Some(server)).await
    }

    /// As [`World::of`], over plain HTTP, which only loopback may: where what travels is to be seen or answered by
    /// someone else.
    ///
    /// # Errors
    /// Any part's.
    pub async fn over_plain_http(people: usize) -> Result<World> {
        Self::new(people, true, None).await
    }

    async fn new(people: usize, plain_http: bool, server: Option<&Path>) -> Result<World> {
        let folder = tempfile::Builder::new().prefix("tungnha-test-").tempdir()?;
        let server = server.map_or_else(|| folder.path().join("server"), |server| server.join("server"));
        let commune = synth::commune(7, people, synth::DEFAULT_UNIT)?;
        let mut server = ServerRoom::init(&server, &commune.unit.code, plain_http)?;
        let extract = folder.path().join("extract.csv");
        write_extract(&commune, &extract)?;
        server.import(&extract)?;
        server.start().await?;
        Ok(World { server, commune, folder, laptops: 0.into() })
    }

    /// A path in the world's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes an edition's extract and takes it in.
    ///
    /// # Errors
    /// A refusal.
    pub fn import(&self, commune: &Commune) -> Result<u32> {
        let extract = self.path(&format!("extract-{}.csv", commune.edition));
        write_extract(commune, &extract)?;
        self.server.import(&extract)
    }

    /// A new officer whose laptop is enrolled and holds the commune.
    ///
    /// # Errors
    /// Any part's.
    pub async fn officer(&self) -> Result<Desk> {
        self.desk(Role::Officer).await
    }

    /// A new supervisor whose laptop is enrolled and holds the commune.
    ///
    /// # Errors
    /// Any part's.
    pub async fn supervisor(&self) -> Result<Desk> {
        self.desk(Role::Supervisor).await
    }

    async fn desk(&self, role: Role) -> Result<Desk> {
        let officer = self.server.add_officer("Nguyễn Văn Bình", role)?;
        let laptop = self.bare_laptop().await?;
        laptop.enrol(&self.server.paper_for(officer)?).await?;
        laptop.app.run::<command::Download>(()).await?;
        Ok(Desk { officer, laptop, tally: std::sync::Mutex::default() })
    }

    /// A laptop without a profile.
    ///
    /// # Errors
    /// No port.
    pub async fn bare_laptop(&self) -> Result<Laptop> {
        let number = self.laptops.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = self.path(&format!("laptop-{number}"));
        Laptop::new(&folder, self.server.address(), self.server.is_https(), Slots::Weak).await
    }

    /// Leads the laptops' lines to where the server is now.
    pub fn lead(&self, desks: &[&Desk]) {
        desks.iter().for_each(|desk| desk.laptop.line.redirect(self.server.address()));
    }

    /// Locks the laptops, stops the server, and checks that all hold the same state, that everything acknowledged is
    /// at the server and on every laptop, and nothing is there twice.
    ///
    /// # Panics
    /// Where that is not so: it is the assertion of most tests.
    pub async fn assert_converged(&mut self, desks: &[&Desk]) {
        let mut tally = Tally::default();
        for desk in desks {
            tally.join(&desk.tally());
            desk.laptop.lock().await.expect("the laptop locks");
        }
        self.server.stop().await.expect("the server stops");
        let server = self.server.replica().expect("the server's files");
        let at_server = changes_of_server(&server).expect("the server's log");
        assert_eq!(tally.compare(&at_server), crate::tally::Comparison::default(), "at the server");
        let state = state_of_server(&server).expect("the server's state");
        for (number, desk) in desks.iter().enumerate() {
            let replica = desk.laptop.replica().expect("the laptop's files");
            let here = changes_of_laptop(&replica).expect("the laptop's log");
            assert_eq!(tally.compare(&here), crate::tally::Comparison::default(), "on laptop {number}");
            assert_same_state(&state_of_laptop(&replica).expect("the laptop's state"), &state);
        }
    }
}

/// # Panics
/// Where the two differ, naming the entities that do.
pub fn assert_same_state(one: &UnitState, other: &UnitState) {
    assert_eq!(one.at, other.at, "they stand at different places");
    assert_eq!(one.differences(other), []);
}

/// Writes the extract of an edition.
///
/// # Errors
/// The file's.
pub fn write_extract(commune: &Commune, path: &Path) -> Result<()> {
    Ok(synth::write_extract(commune, BufWriter::new(File::create(path)?))?)
}

impl Desk {
    /// What was acknowledged so far.
    pub fn tally(&self) -> Tally {
        self.tally.lock().expect("no test panics while it holds this").clone()
    }

    fn note(&self, change: ChangeId) -> ChangeId {
        self.tally.lock().expect("no test panics while it holds this").note(change);
        change
    }

    /// A second desk from a copy of this one's files, as someone makes who carries the folder to another machine. Both
    /// are open afterwards; the copy has acknowledged nothing.
    ///
    /// # Errors
    /// The files cannot be copied, or a command's.
    pub async fn copied_to(&self, folder: &Path) -> Result<Desk> {
        self.laptop.lock().await?;
        let laptop = self.laptop.copy_to(folder).await?;
        self.laptop.unlock().await?;
        laptop.unlock().await?;
        Ok(Desk { officer: self.officer, laptop, tally: Default::default() })
    }

    /// The houses of the commune in walking order, at most 500.
    ///
    /// # Errors
    /// The command's.
    pub async fn houses(&self) -> Result<Vec<HouseRow>, AppError> {
        let params = ListToday { query: HouseQuery::default(), offset: 0, limit: 500 };
        Ok(self.laptop.app.run::<command::ListToday>(params).await?.houses)
    }

    /// The house of that number in walking order.
    ///
    /// # Errors
    /// The command's.
    ///
    /// # Panics
    /// There is none.
    pub async fn house(&self, number: usize) -> Result<HouseholdView, AppError> {
        let household = self.houses().await?[number].household;
        self.laptop.app.run::<command::OpenHousehold>(OpenHousehold { household }).await
    }

    /// Someone who is listed in the house of that number.
    ///
    /// # Errors
    /// The command's.
    ///
    /// # Panics
    /// Nobody is.
    pub async fn person(&self, house: usize) -> Result<PersonId, AppError> {
        let view = self.house(house).await?;
        let listed = view.members.iter().find(|member| member.state.presence == Presence::Listed);
        Ok(listed.expect("someone is listed").person)
    }

    /// The person as his screen shows him.
    ///
    /// # Errors
    /// The command's.
    pub async fn open(&self, person: PersonId) -> Result<OpenedPerson, AppError> {
        self.laptop.app.run::<command::OpenPerson>(OpenPerson { person }).await
    }

    /// Records the ordinary visit at a house.
    ///
    /// # Errors
    /// The command's.
    pub async fn visit(&self, household: HouseholdId) -> Result<ChangeId, AppError> {
        let params = RecordOrdinaryVisit { household, started_ms: self.laptop.clock.now_ms() };
        Ok(self.note(self.laptop.app.run::<command::RecordOrdinaryVisit>(params).await?.change))
    }

    /// Writes a note on a person.
    ///
    /// # Errors
    /// The command's.
    pub async fn note_on(&self, person: PersonId, text: &str) -> Result<ChangeId, AppError> {
        let entity = EntityRef::new(EntityKind::Person, person);
        let params = WriteNote { entity, text: text.to_owned() };
        Ok(self.note(self.laptop.app.run::<command::WriteNote>(params).await?.change))
    }

    /// Proposes a value by what the resident says.
    ///
    /// # Errors
    /// The command's.
    pub async fn propose(&self, person: PersonId, field: Field, value: &str) -> Result<CorrectionId, AppError> {
        let saved = self.laptop.app.run::<command::ProposeCorrection>(proposal(person, field, value)).await?;
        self.note(saved.change);
        Ok(saved.proposed.correction)
    }

    /// Decides on a correction.
    ///
    /// # Errors
    /// The command's.
    pub async fn decide(&self, correction: CorrectionId, decision: Decision) -> Result<ChangeId, AppError> {
        let params = ReviewCorrection {
            correction,
            decision,
            reason: Some("lý do".into()),
            office: Some("Tư pháp".into()),
            answer_by: None,
        };
        Ok(self.note(self.laptop.app.run::<command::ReviewCorrection>(params).await?.change))
    }

    /// The correction as it stands here.
    ///
    /// # Errors
    /// The command's.
    pub async fn correction(&self, correction: CorrectionId) -> Result<CorrectionState, AppError> {
        let params = app::case::read::OpenCorrection { correction };
        Ok(self.laptop.app.run::<command::OpenCorrection>(params).await?.correction.state)
    }

    /// Sends and fetches.
    ///
    /// # Errors
    /// The command's.
    pub async fn sync(&self) -> Result<app::syncing::SyncSummary, AppError> {
        self.laptop.sync().await
    }
}

/// A proposal by what the resident says.
pub fn proposal(person: PersonId, field: Field, value: &str) -> ProposeCorrection {
    ProposeCorrection {
        subject: Subject::Person,
        subject_id: person.into(),
        field,
        paper_value: None,
        statement_value: Some(value.to_owned()),
        proposed_value: Some(value.to_owned()),
        reason: None,
        evidence: Vec::new(),
        household: None,
        visit: None,
    }
}
