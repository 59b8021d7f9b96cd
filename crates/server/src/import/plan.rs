//! An import as data: what the edition is and what follows from it. Carrying it out is the ledger's, in one transaction.

use std::collections::HashMap;

use domain::id::{CorrectionId, HouseholdId, PersonId};
use domain::register::{EditionRecord, RegisterDwelling, RegisterHousehold, RegisterPerson};
use domain::text::{collation_key, natural_key};
use domain::unit::Unit;

use super::census::{Census, CensusDwelling, ExtractNote};
use super::confirm::find_confirmed;
use super::identity::{Identities, IdentityNote, Known, MakeId, PersonLink, assign_identities};
use super::known::KnownIdentities;
use super::packed::PackedPerson;

/// An edition that would lose more of a unit's people than this asks for confirmation.
pub const LOSS_LIMIT_PERCENT: usize = 5;

/// What an operator decides beforehand.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportOptions {
    /// Goes on although more than [`LOSS_LIMIT_PERCENT`] of the people would be lost.
    pub confirm_loss: bool,
}

/// What came of planning.
pub enum ImportOutcome {
    Ready(Box<ImportPlan>),
    /// Nothing is to be done before someone confirms.
    NeedsConfirmation {
        lost: usize,
        /// Of the lost, how many stand in rejected rows: those rows want mending first.
        lost_in_rejected_rows: usize,
        /// People of the edition in force.
        of: usize,
    },
}

/// The numbers of one import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportStats {
    pub rows: u64,
    pub rejected: u64,
    pub restored_cells: u64,
    pub people: usize,
    pub households: usize,
    pub dwellings: usize,
    pub people_kept: usize,
    pub people_new: usize,
    pub people_lost: usize,
    pub lost_in_rejected_rows: usize,
    pub duplicate_numbers: usize,
    pub linked: usize,
    pub confirmed: usize,
}

/// Everything that an import is to do.
pub struct ImportPlan {
    pub unit: Unit,
    pub edition_label: String,
    /// In walking order: hamlet, alley, house number. Households and people follow it.
    pub dwellings: Vec<RegisterDwelling>,
    pub households: Vec<RegisterHousehold>,
    /// Each becomes a `PersonLinked`.
    pub links: Vec<PersonLink>,
    /// Each becomes a `CorrectionConfirmed`.
    pub confirmed: Vec<CorrectionId>,
    /// People of the edition in force whom this one does not bring.
    pub lost: Vec<PersonId>,
    /// People who share an ID number: duplicates to be solved.
    pub duplicate_numbers: Vec<Vec<PersonId>>,
    pub extract_notes: Vec<ExtractNote>,
    pub identity_notes: Vec<IdentityNote>,
    pub stats: ImportStats,
    persons: Vec<PlannedPerson>,
    /// In the order of the census, which the packed residences refer to.
    household_ids: Vec<HouseholdId>,
}

struct PlannedPerson {
    id: PersonId,
    packed: Box<[u8]>,
}

impl ImportPlan {
    /// How many people the edition has.
    pub fn people(&self) -> usize {
        self.persons.len()
    }

    /// The people, by household; made one by one.
    pub fn persons(&self) -> impl Iterator<Item = RegisterPerson> + '_ {
        let unpack = |person: &PlannedPerson| PackedPerson::unpack(&person.packed);
        self.persons.iter().map(move |person| unpack(person).into_register(person.id, &self.household_ids))
    }

    /// The whole edition, in the order of its pieces: dwellings, households, people.
    pub fn records(&self) -> impl Iterator<Item = EditionRecord> + '_ {
        let dwellings = self.dwellings.iter().cloned().map(EditionRecord::Dwelling);
        let households = self.households.iter().cloned().map(EditionRecord::Household);
        dwellings.chain(households).chain(self.persons().map(EditionRecord::Person))
    }
}

/// Plans the import of a census of `unit`. `make_id` makes the ids of those who are new.
///
/// # Errors
/// What the source of known identities answers.
pub fn plan_import<K: KnownIdentities>(
    unit: &Unit,
    census: Census,
    known: &K,
    options: ImportOptions,
    make_id: MakeId<'_>,
) -> Result<ImportOutcome, K::Error> {
    let known = Known::gather(known)?;
    let identities = assign_identities(&census, &known, make_id);
    let (lost, of) = (identities.lost.len(), identities.held);
    if lost * 100 > of * LOSS_LIMIT_PERCENT && !options.confirm_loss {
        let lost_in_rejected_rows = identities.lost_in_rejected_rows;
        return Ok(ImportOutcome::NeedsConfirmation { lost, lost_in_rejected_rows, of });
    }
    Ok(ImportOutcome::Ready(Box::new(make_plan(unit, census, &known, identities))))
}

fn make_plan(unit: &Unit, census: Census, known: &Known, identities: Identities) -> ImportPlan {
    let dwellings = register_dwellings(&census, &identities);
    let confirmed = find_confirmed(&known.corrections, &census, &identities, &dwellings);
    let duplicate_numbers = find_duplicate_numbers(&census, &identities);
    let stats = ImportStats {
        rows: census.stats.rows,
        rejected: census.stats.rejected,
        restored_cells: census.stats.restored_cells,
        people: census.persons.len(),
        households: census.households.len(),
        dwellings: dwellings.len(),
        people_kept: identities.kept,
        people_new: census.persons.len() - identities.kept,
        people_lost: identities.lost.len(),
        lost_in_rejected_rows: identities.lost_in_rejected_rows,
        duplicate_numbers: duplicate_numbers.len(),
        linked: identities.links.len(),
        confirmed: confirmed.len(),
    };

    let mut dwelling_order: Vec<usize> = (0..dwellings.len()).collect();
    dwelling_order.sort_by_cached_key(|place| walking_key(&census.dwellings[*place]));
    let dwelling_rank = ranks(&dwelling_order);
    let mut household_order: Vec<usize> = (0..census.households.len()).collect();
    household_order.sort_by_key(|place| (dwelling_rank[census.households[*place].dwelling], *place));
    let household_rank = ranks(&household_order);
    let mut person_order: Vec<usize> = (0..census.persons.len()).collect();
    person_order.sort_by_key(|place| (household_rank[census.persons[*place].household], *place));

    let households = household_order.iter().map(|place| RegisterHousehold {
        id: identities.households[*place],
        dwelling: identities.dwellings[census.households[*place].dwelling],
        household_no: census.households[*place].household_no.clone(),
    });
    let households = households.collect();
    let mut packed: Vec<Box<[u8]>> = census.persons.into_iter().map(|person| person.packed).collect();
    let mut take_person =
        |place: &usize| PlannedPerson { id: identities.persons[*place], packed: std::mem::take(&mut packed[*place]) };
    ImportPlan {
        unit: unit.clone(),
        edition_label: census.edition_label,
        dwellings: dwelling_order.iter().map(|place| dwellings[*place].clone()).collect(),
        households,
        persons: person_order.iter().map(&mut take_person).collect(),
        household_ids: identities.households,
        links: identities.links,
        confirmed,
        lost: identities.lost,
        duplicate_numbers,
        extract_notes: census.notes,
        identity_notes: identities.notes,
        stats,
    }
}

fn register_dwellings(census: &Census, identities: &Identities) -> Vec<RegisterDwelling> {
    let with_id = census.dwellings.iter().zip(&identities.dwellings);
    with_id
        .map(|(dwelling, id)| RegisterDwelling {
            id: *id,
            hamlet: dwelling.hamlet.clone(),
            alley: dwelling.alley.clone(),
            house_no: dwelling.house_no.clone(),
            kind: dwelling.kind.clone(),
            lat_e6: dwelling.lat_e6,
            lon_e6: dwelling.lon_e6,
        })
        .collect()
}

fn walking_key(dwelling: &CensusDwelling) -> [Vec<u8>; 3] {
    let alley = dwelling.alley.as_deref().map(collation_key).unwrap_or_default();
    let house_no = dwelling.house_no.as_deref().map(natural_key).unwrap_or_default();
    [collation_key(&dwelling.hamlet), alley, house_no]
}

/// For each place, where it stands in the order.
fn ranks(order: &[usize]) -> Vec<usize> {
    let mut ranks = vec![0; order.len()];
    for (rank, place) in order.iter().enumerate() {
        ranks[*place] = rank;
    }
    ranks
}

fn find_duplicate_numbers(census: &Census, identities: &Identities) -> Vec<Vec<PersonId>> {
    let mut of_number: HashMap<u64, Vec<usize>> = HashMap::new();
    for (place, person) in census.persons.iter().enumerate() {
        if let Some(number) = person.id_number {
            of_number.entry(number).or_default().push(place);
        }
    }
    let mut shared: Vec<Vec<usize>> = of_number.into_values().filter(|places| places.len() > 1).collect();
    shared.sort_unstable();
    shared.iter().map(|places| places.iter().map(|place| identities.persons[*place]).collect()).collect()
}
