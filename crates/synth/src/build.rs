//! Builds a commune of a given size: lays out the ground, fills it with households, sets their
//! residences, then plants the errors.
//!
//! Owns the shares of who lives where and how (lodgers, absent, staying elsewhere).

use crate::commune::{Commune, Household, Member, Record, RecordKey, ResidenceKind};
use crate::date::Date;
use crate::family::{Families, Resident};
use crate::people::{Origin, People};
use crate::person::{self, Numbers, Person, PersonKey};
use crate::places::{Dwelling, DwellingKind, Ground};
use crate::plant;
use crate::rng::Rng;
use crate::tables::{Tables, Unit};

/// The list has no unit of this code.
#[derive(Debug, thiserror::Error)]
#[error("no unit {code} in the list of 2025-07-01")]
pub struct UnknownUnit {
    pub code: String,
}

/// How a household lives here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stay {
    Settled,
    Lodging,
    Undeclared,
}

/// The first edition of a commune with exactly `people` true persons (duplicate records come on
/// top). The same three arguments give the same commune, byte for byte.
///
/// # Errors
/// [`UnknownUnit`] if no unit has that code.
pub fn commune(seed: u64, people: usize, unit_code: &str) -> Result<Commune, UnknownUnit> {
    let unit = Tables::get().unit(unit_code).ok_or_else(|| UnknownUnit { code: unit_code.to_owned() })?;
    let as_of = Date::new(2026, 11, 1);
    let mut ground = Ground::new(&mut Rng::new(seed, "hamlets"), unit, people);
    let mut commune = Commune {
        seed,
        unit: unit.clone(),
        edition: "2026-11".to_owned(),
        as_of,
        hamlets: ground.hamlets.clone(),
        dwellings: Vec::new(),
        households: Vec::new(),
        people: Vec::with_capacity(people),
        records: Vec::with_capacity(people),
        planted: Vec::new(),
        wrong_papers: Vec::new(),
        events: Vec::new(),
        unmatched: Vec::new(),
    };
    let mut rng = Rng::new(seed, "households");
    let mut makers = People { unit, as_of, numbers: Numbers::default() };
    while commune.people.len() < people {
        let hamlet = commune.people.len() * commune.hamlets.len() / people;
        let stay = draw_stay(&mut rng, unit);
        let room = people - commune.people.len();
        add_household(&mut commune, &mut rng, &mut ground, &mut makers, hamlet, stay, room);
    }
    add_absences(&mut commune, &mut rng);
    add_second_homes(&mut commune, &mut rng, &mut ground);
    record_deaths(&mut commune, &mut rng);
    plant::plant(&mut commune, &mut Rng::new(seed, "plant"));
    Ok(commune)
}

fn draw_stay(rng: &mut Rng, unit: &Unit) -> Stay {
    let lodging = if unit.is_ward() { 22 } else { 9 };
    rng.weighted(&[(Stay::Settled, 100 - lodging - 1), (Stay::Lodging, lodging), (Stay::Undeclared, 1)])
}

/// One more household with its dwelling, at most `room` people strong.
pub(crate) fn add_household(
    commune: &mut Commune,
    rng: &mut Rng,
    ground: &mut Ground,
    makers: &mut People<'_>,
    hamlet: usize,
    stay: Stay,
    room: usize,
) -> usize {
    let local = commune.hamlets[hamlet].old_unit.clone();
    let is_guest = stay != Stay::Settled;
    let origin = makers.origin(rng, &local, is_guest);
    let mut families = Families { people: makers, rng, origin: &origin, local: &local };
    let mut residents = if is_guest { families.lodging() } else { families.settled() };
    residents.truncate(room);
    let dwelling = draw_dwelling(commune, rng, ground, hamlet, stay);
    let household = new_household(commune, rng, dwelling);
    let address =
        if is_guest { home_elsewhere(rng, &origin) } else { address(rng, commune, &commune.dwellings[dwelling]) };
    let (since, until) = stay_dates(rng, commune.as_of, stay);
    let kind = match stay {
        Stay::Settled => ResidenceKind::Permanent,
        Stay::Lodging => ResidenceKind::Temporary,
        Stay::Undeclared => ResidenceKind::Current,
    };
    let settled = since.max(Date::new(origin.settled, 6, 1));
    let has_guest = stay == Stay::Settled && residents.len() < room && rng.chance(80);
    for Resident { mut person, relationship } in residents {
        // Nobody is registered before a month of age.
        let married_in = matches!(relationship, "Con dâu" | "Con rể") && !is_guest;
        let earliest = if married_in { person.birth.date.plus_years(20) } else { person.birth.date.plus_days(30) };
        let since = settled.max(earliest.min(commune.as_of.plus_days(-1)));
        person.permanent_address.clone_from(&address);
        let record = add_person(commune, person);
        let member = Member { record, relationship: relationship.to_owned(), kind, since, until };
        commune.households[household].members.push(member);
    }
    if has_guest {
        add_short_stay(commune, rng, makers, household);
    }
    household
}

/// Adds a person and a record that says the truth about them.
pub(crate) fn add_person(commune: &mut Commune, mut person: Person) -> RecordKey {
    person.key = PersonKey(commune.people.len() as u32);
    let record = RecordKey(commune.records.len() as u32);
    commune.records.push(Record::of(person.key));
    commune.people.push(person);
    record
}

/// An empty dossier with the next number.
pub(crate) fn new_household(commune: &mut Commune, rng: &mut Rng, dwelling: usize) -> usize {
    let width = commune.unit.code.len();
    let last: u32 =
        commune.households.last().and_then(|household| household.number[width..].parse().ok()).unwrap_or(100);
    let number = format!("{}{:06}", commune.unit.code, last + 1 + rng.below(4));
    commune.households.push(Household { number, dwelling, members: Vec::new() });
    commune.households.len() - 1
}

fn draw_dwelling(commune: &mut Commune, rng: &mut Rng, ground: &mut Ground, hamlet: usize, stay: Stay) -> usize {
    let kind = match stay {
        // Two households under one roof.
        Stay::Settled if rng.chance(300) => {
            let last = commune.dwellings.len().wrapping_sub(1);
            if commune.dwellings.get(last).is_some_and(|each| each.hamlet == hamlet && each.kind == DwellingKind::House)
            {
                return last;
            }
            DwellingKind::House
        }
        Stay::Settled if commune.unit.is_ward() && rng.chance(1_200) => DwellingKind::Apartment,
        Stay::Settled if rng.chance(100) => DwellingKind::Other,
        Stay::Settled => DwellingKind::House,
        _ => rng.weighted(&[(DwellingKind::RentedRoom, 93), (DwellingKind::Workplace, 5), (DwellingKind::House, 2)]),
    };
    commune.dwellings.push(ground.next_dwelling(rng, hamlet, kind));
    commune.dwellings.len() - 1
}

/// `12/5, Hẻm 12, Ấp 3, Đồng Tâm, Đồng Phú, Bình Phước`; three in ten name the unit of today.
pub(crate) fn address(rng: &mut Rng, commune: &Commune, dwelling: &Dwelling) -> String {
    let hamlet = &commune.hamlets[dwelling.hamlet];
    let unit = if rng.chance(7_000) {
        hamlet.old_unit.address()
    } else {
        format!("{}, {}", commune.unit.name, commune.unit.province)
    };
    if rng.chance(5_500) {
        format!("{}, {unit}", hamlet.name)
    } else {
        format!("{}, {}, {}, {unit}", dwelling.house_no, dwelling.alley, hamlet.name)
    }
}

fn home_elsewhere(rng: &mut Rng, origin: &Origin) -> String {
    let kind = if origin.region == crate::names::Region::South { "Ấp" } else { "Thôn" };
    format!("{kind} {}, {}", rng.range(1, 12), origin.home.address())
}

fn stay_dates(rng: &mut Rng, as_of: Date, stay: Stay) -> (Date, Option<Date>) {
    match stay {
        Stay::Settled => {
            let from = Date::new(1979, 1, 1);
            (person::between(rng, from, as_of.plus_years(-2)), None)
        }
        Stay::Lodging => {
            // Temporary residence runs for two years at most and is renewed.
            let since = person::between(rng, as_of.plus_years(-5), as_of.plus_days(-40));
            (since, Some(as_of.plus_days(rng.range(20, 700))))
        }
        Stay::Undeclared => (person::between(rng, as_of.plus_days(-500), as_of.plus_days(-40)), None),
    }
}

fn add_short_stay(commune: &mut Commune, rng: &mut Rng, makers: &mut People<'_>, household: usize) {
    let hamlet = commune.dwellings[commune.households[household].dwelling].hamlet;
    let local = commune.hamlets[hamlet].old_unit.clone();
    let origin = makers.origin(rng, &local, true);
    let age = rng.range(20, 60);
    let mut person = Families { people: makers, rng, origin: &origin, local: &local }.stranger(age);
    person.permanent_address = home_elsewhere(rng, &origin);
    let record = add_person(commune, person);
    let member = Member {
        record,
        relationship: "Người ở nhờ".to_owned(),
        kind: ResidenceKind::ShortStay,
        since: commune.as_of.plus_days(-rng.range(1, 12)),
        until: Some(commune.as_of.plus_days(rng.range(2, 18))),
    };
    commune.households[household].members.push(member);
}

/// Declared absence is a second row beside the permanent one: working or studying away.
fn add_absences(commune: &mut Commune, rng: &mut Rng) {
    let as_of = commune.as_of;
    for household in &mut commune.households {
        let mut absences = Vec::new();
        for member in &household.members[..] {
            let person = &commune.people[commune.records[member.record.index()].person.index()];
            let works = (18..56).contains(&person.age(as_of)) && member.relationship != "Chủ hộ";
            if member.kind == ResidenceKind::Permanent && works && rng.chance(900) {
                let since = person::between(rng, as_of.plus_days(-700), as_of.plus_days(-20)).max(member.since);
                let until = rng.chance(5_000).then(|| as_of.plus_days(rng.range(30, 500)));
                absences.push(Member { kind: ResidenceKind::Absent, since, until, ..member.clone() });
            }
        }
        household.members.extend(absences);
    }
}

/// Grown children who are permanent at home and rent a room elsewhere in the commune.
fn add_second_homes(commune: &mut Commune, rng: &mut Rng, ground: &mut Ground) {
    let as_of = commune.as_of;
    let mut movers = Vec::new();
    for household in &commune.households {
        for member in &household.members {
            let person = commune.person_of(member.record);
            let free = member.relationship == "Con" && person.spouse_name.is_empty();
            let alone = household.members.iter().filter(|each| each.record == member.record).count() == 1;
            let grown = (18..36).contains(&person.age(as_of));
            if member.kind == ResidenceKind::Permanent && free && alone && grown && rng.chance(900) {
                movers.push((member.record, commune.dwellings[household.dwelling].hamlet, member.since));
            }
        }
    }
    let lodgings: Vec<_> = (0..commune.households.len())
        .filter(|index| {
            let household = &commune.households[*index];
            household.members.first().is_some_and(|head| head.kind == ResidenceKind::Temporary)
        })
        .collect();
    for (record, home, registered) in movers {
        let since = person::between(rng, as_of.plus_days(-650), as_of.plus_days(-30)).max(registered);
        let until = Some(as_of.plus_days(rng.range(20, 700)));
        let joins = rng.chance(5_000) && !lodgings.is_empty();
        let (household, relationship) = if joins {
            (rng.pick(&lodgings), "Người ở nhờ")
        } else {
            let hamlet = (home + 1) % commune.hamlets.len();
            commune.dwellings.push(ground.next_dwelling(rng, hamlet, DwellingKind::RentedRoom));
            let dwelling = commune.dwellings.len() - 1;
            (new_household(commune, rng, dwelling), "Chủ hộ")
        };
        let kind = ResidenceKind::Temporary;
        let member = Member { record, relationship: relationship.to_owned(), kind, since, until };
        commune.households[household].members.push(member);
    }
}

/// Some of the old died lately and the register knows it already.
fn record_deaths(commune: &mut Commune, rng: &mut Rng) {
    let as_of = commune.as_of;
    for household in &commune.households {
        for member in &household.members {
            let person = &mut commune.people[commune.records[member.record.index()].person.index()];
            let old = person.age(as_of) >= 66 && member.relationship != "Chủ hộ";
            if old && member.kind == ResidenceKind::Permanent && rng.chance(250) {
                person.death = Some(as_of.plus_days(-rng.range(3, 90)));
            }
        }
    }
}
