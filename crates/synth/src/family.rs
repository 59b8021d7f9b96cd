//! Composes one household's people: couples, children, grandparents, relatives, lodgers.
//!
//! Owns who belongs to whom and how far apart their ages lie; the head always comes first. Knows
//! neither dwelling nor residence.

use crate::date::Date;
use crate::names::{self, Sex};
use crate::people::{Origin, People, Seed};
use crate::person::Person;
use crate::rng::Rng;
use crate::tables::OldUnit;

/// A person with their tie to the head.
#[derive(Clone, Debug)]
pub struct Resident {
    pub person: Person,
    pub relationship: &'static str,
}

#[derive(Clone, Copy)]
enum Shape {
    Single,
    Elder,
    Couple,
    Nuclear,
    ThreeGenerations,
    WithParent,
    SingleParent,
    Siblings,
}

const SETTLED: &[(Shape, u16)] = &[
    (Shape::Single, 2),
    (Shape::Elder, 3),
    (Shape::Couple, 7),
    (Shape::Nuclear, 50),
    (Shape::ThreeGenerations, 22),
    (Shape::WithParent, 9),
    (Shape::SingleParent, 5),
    (Shape::Siblings, 2),
];
const LODGING: &[(Shape, u16)] =
    &[(Shape::Single, 40), (Shape::Couple, 20), (Shape::Nuclear, 28), (Shape::Siblings, 12)];

const MARRIED: &str = "Đã kết hôn";
const DIVORCED: &str = "Đã ly hôn";
const WIDOWED: &str = "Góa";

/// Makes families of one origin in one place.
pub struct Families<'a, 'u> {
    pub people: &'a mut People<'u>,
    pub rng: &'a mut Rng,
    pub origin: &'a Origin,
    pub local: &'a OldUnit,
}

impl Families<'_, '_> {
    /// A household at home here.
    pub fn settled(&mut self) -> Vec<Resident> {
        let shape = self.rng.weighted(SETTLED);
        let mut residents = self.compose(shape, 26, 66);
        if self.rng.chance(400) {
            let relationship = self.rng.pick(&["Cháu", "Em", "Người ở nhờ"]);
            let age = self.rng.range(10, 24);
            let person = self.stranger(age);
            self.add(&mut residents, person, relationship);
        }
        residents
    }

    /// People who rent a room for a time.
    pub fn lodging(&mut self) -> Vec<Resident> {
        let shape = self.rng.weighted(LODGING);
        self.compose(shape, 19, 36)
    }

    /// One person with a family name of their own.
    pub fn stranger(&mut self, age: i32) -> Person {
        let sex = self.sex(5_000);
        let family = self.family_name();
        self.person(sex, age, family, "", "")
    }

    /// A child of these two, born on that day.
    pub fn child_of(&mut self, father: &Person, mother: &Person, birth: Date, sex: Sex) -> Person {
        let family = self.family_of(father, mother);
        let seed = Seed { sex, birth, family_name: &family, father: &father.full_name, mother: &mother.full_name };
        self.people.make(self.rng, self.origin, self.local, seed)
    }

    fn compose(&mut self, shape: Shape, youngest: i32, oldest: i32) -> Vec<Resident> {
        let mut residents = Vec::new();
        match shape {
            Shape::Single | Shape::Elder => {
                let age = match shape {
                    Shape::Elder => self.rng.range(62, 88),
                    _ => self.rng.range(youngest, oldest.min(50)),
                };
                let mut person = self.stranger(age);
                if age > 60 {
                    self.widow(&mut person);
                }
                self.add(&mut residents, person, "Chủ hộ");
            }
            Shape::Couple | Shape::Nuclear => {
                let age = match shape {
                    Shape::Couple if oldest > 60 && self.rng.chance(6_000) => self.rng.range(55, 80),
                    Shape::Couple => self.rng.range(youngest, oldest.min(35)),
                    _ => self.rng.range(youngest, oldest.min(58)),
                };
                let (head, spouse) = self.couple(age);
                let children = if matches!(shape, Shape::Nuclear) { self.children(&head, &spouse) } else { Vec::new() };
                self.add_couple(&mut residents, head, spouse);
                self.add_all(&mut residents, children, "Con");
            }
            Shape::ThreeGenerations => self.three_generations(&mut residents),
            Shape::WithParent => {
                let age = self.rng.range(youngest, 48);
                let parent_age = age + self.rng.range(20, 34);
                let sex = self.sex(2_500);
                let family = self.family_name();
                let mut parent = self.person(sex, parent_age, family, "", "");
                let name = parent.full_name.clone();
                let is_namesake = (sex == Sex::Male) != names::is_matrilineal(self.origin.group);
                let head_family = if is_namesake { family } else { self.family_name() };
                let (father, mother) = if sex == Sex::Male { (name.as_str(), "") } else { ("", name.as_str()) };
                let (head, spouse) = self.couple_of(age, head_family, father, mother);
                parent.marital_status = WIDOWED;
                parent.spouse_name = if sex == Sex::Male { head.mother_name.clone() } else { head.father_name.clone() };
                let children = self.children(&head, &spouse);
                self.add_couple(&mut residents, head, spouse);
                self.add_all(&mut residents, children, "Con");
                self.add(&mut residents, parent, if sex == Sex::Male { "Cha" } else { "Mẹ" });
            }
            Shape::SingleParent => {
                let age = self.rng.range(youngest.max(26), 55);
                let (mut head, other) = self.couple(age);
                head.marital_status = self.rng.pick(&[DIVORCED, WIDOWED]);
                if head.marital_status == DIVORCED {
                    head.spouse_name = String::new();
                }
                let children = self.children(&head, &other);
                self.add(&mut residents, head, "Chủ hộ");
                self.add_all(&mut residents, children, "Con");
            }
            Shape::Siblings => {
                let age = self.rng.range(youngest + 3, 38);
                let (family, other) = (self.family_name(), self.family_name());
                let father = self.parent_name(Sex::Male, family, age);
                let mother = self.parent_name(Sex::Female, other, age);
                let sex = self.sex(5_000);
                let head = self.person(sex, age, family, &father, &mother);
                self.add(&mut residents, head, "Chủ hộ");
                for step in 1..=self.rng.range(1, 2) {
                    let sex = self.sex(5_000);
                    let younger = (age - step * self.rng.range(2, 3)).max(15);
                    let person = self.person(sex, younger, family, &father, &mother);
                    self.add(&mut residents, person, "Em");
                }
            }
        }
        residents
    }

    fn three_generations(&mut self, residents: &mut Vec<Resident>) {
        let age = self.rng.range(50, 76);
        let (mut head, spouse) = self.couple(age);
        let mother_age = if head.sex == Sex::Female { &head } else { &spouse }.age(self.people.as_of);
        let child_age = (mother_age - self.rng.range(20, 28)).max(21);
        let (father, mother) = parents(&head, &spouse);
        let (family, father, mother) =
            (self.family_of(father, mother), father.full_name.clone(), mother.full_name.clone());
        let child_sex = self.sex(6_500);
        let mut child = self.person(child_sex, child_age, &family, &father, &mother);
        let partner_age = (child_age + if child_sex == Sex::Male { -1 } else { 2 } + self.rng.range(-2, 2)).max(20);
        let partner_family = self.family_name();
        let mut partner = self.person(child_sex.other(), partner_age, partner_family, "", "");
        marry(&mut child, &mut partner);
        let grandchildren = self.children(&child, &partner);
        let widowed = self.rng.chance(3_500);
        if widowed {
            head.marital_status = WIDOWED;
            self.add(residents, head, "Chủ hộ");
        } else {
            self.add_couple(residents, head, spouse);
        }
        let in_law = if child_sex == Sex::Male { "Con dâu" } else { "Con rể" };
        self.add(residents, child, "Con");
        self.add(residents, partner, in_law);
        self.add_all(residents, grandchildren, "Cháu");
    }

    fn couple(&mut self, age: i32) -> (Person, Person) {
        let family = self.family_name();
        self.couple_of(age, family, "", "")
    }

    /// Head and spouse; the family name is the head's.
    fn couple_of(&mut self, age: i32, family: &str, father: &str, mother: &str) -> (Person, Person) {
        let sex = self.sex(7_600);
        let mut head = self.person(sex, age, family, father, mother);
        let gap = self.rng.range(0, 5);
        let spouse_age = (if sex == Sex::Male { age - gap } else { age + gap }).max(19);
        let spouse_family = self.family_name();
        let mut spouse = self.person(sex.other(), spouse_age, spouse_family, "", "");
        marry(&mut head, &mut spouse);
        (head, spouse)
    }

    /// Children still at home, eldest first.
    fn children(&mut self, one: &Person, other: &Person) -> Vec<Person> {
        let (father, mother) = parents(one, other);
        let (mother_age, father_age) = (mother.age(self.people.as_of), father.age(self.people.as_of));
        let wanted = match mother.birth.date.year {
            ..1965 => self.rng.range(2, 6),
            1965..1985 => self.rng.weighted(&[(1, 10), (2, 50), (3, 30), (4, 10)]),
            _ => self.rng.weighted(&[(1, 22), (2, 60), (3, 18)]),
        };
        let mut children: Vec<Person> = Vec::new();
        let mut age = mother_age.min(father_age) - self.rng.range(20, 27);
        for _ in 0..wanted {
            if age < 0 {
                break;
            }
            let stays = match age {
                ..18 => 10_000,
                18..25 => 7_800,
                25..35 => 3_800,
                _ => 1_000,
            };
            if self.rng.chance(stays) {
                let days = if age == 0 { self.rng.range(4, 360) } else { self.rng.range(0, 360) };
                let birth = self.people.as_of.plus_years(-age).plus_days(-days);
                let sex = self.sex(5_200);
                let mut child = self.child_of(father, mother, birth, sex);
                while children.iter().any(|each| each.full_name == child.full_name) {
                    let family = self.family_of(father, mother);
                    child.full_name = names::full_name(self.rng, self.origin.group, &family, "", sex, birth.year);
                }
                children.push(child);
            }
            age -= self.rng.range(2, 5);
        }
        children
    }

    fn person(&mut self, sex: Sex, age: i32, family_name: &str, father: &str, mother: &str) -> Person {
        let days = self.rng.range(0, 364);
        let birth = self.people.as_of.plus_years(-age).plus_days(-days);
        let seed = Seed { sex, birth, family_name, father, mother };
        self.people.make(self.rng, self.origin, self.local, seed)
    }

    fn parent_name(&mut self, sex: Sex, family: &str, child_age: i32) -> String {
        let year = self.people.as_of.year - child_age - 26;
        names::full_name(self.rng, self.origin.group, family, "", sex, year)
    }

    fn widow(&mut self, person: &mut Person) {
        let family = self.family_name();
        let year = person.birth.date.year;
        person.marital_status = WIDOWED;
        person.spouse_name = names::full_name(self.rng, self.origin.group, family, "", person.sex.other(), year);
    }

    fn family_name(&mut self) -> &'static str {
        names::family_name(self.rng, self.origin.group, self.origin.region)
    }

    /// The family name that children of these two carry.
    fn family_of(&mut self, father: &Person, mother: &Person) -> String {
        let group = self.origin.group;
        if names::is_matrilineal(group) {
            // `H'Mai Niê`: the clan is what follows the second word.
            return mother.full_name.split_once(' ').map_or("", |(_, clan)| clan).to_owned();
        }
        match names::family_name(self.rng, group, self.origin.region) {
            "" => String::new(),
            _ => father.full_name.split(' ').next().unwrap_or("").to_owned(),
        }
    }

    fn sex(&mut self, male_per_10_000: u32) -> Sex {
        if self.rng.chance(male_per_10_000) { Sex::Male } else { Sex::Female }
    }

    fn add_couple(&mut self, residents: &mut Vec<Resident>, head: Person, spouse: Person) {
        let relationship = if spouse.sex == Sex::Female { "Vợ" } else { "Chồng" };
        self.add(residents, head, "Chủ hộ");
        self.add(residents, spouse, relationship);
    }

    fn add_all(&mut self, residents: &mut Vec<Resident>, people: Vec<Person>, relationship: &'static str) {
        for person in people {
            self.add(residents, person, relationship);
        }
    }

    fn add(&mut self, residents: &mut Vec<Resident>, person: Person, relationship: &'static str) {
        residents.push(Resident { person, relationship });
    }
}

fn parents<'a>(one: &'a Person, other: &'a Person) -> (&'a Person, &'a Person) {
    if one.sex == Sex::Male { (one, other) } else { (other, one) }
}

fn marry(one: &mut Person, other: &mut Person) {
    one.spouse_name = other.full_name.clone();
    other.spouse_name = one.full_name.clone();
    one.marital_status = MARRIED;
    other.marital_status = MARRIED;
}
