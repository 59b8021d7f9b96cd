//! The officer's own order of houses: moved by hand, kept through restarts and editions, taken back.

use domain::id::HouseholdId;
use domain::register::EditionRecord;
use store::{HouseQuery, WalkPlace, Window};

use crate::support::*;

/// Houses with these numbers in one alley, each with one household: dwellings 1000 + number, households 2000 + number.
fn alley(numbers: &[u128]) -> (Vec<EditionRecord>, [u32; 3]) {
    let count = u32::try_from(numbers.len()).unwrap();
    let dwellings = numbers.iter().map(|no| register_dwelling(1000 + no, "Ấp 3", "Ngõ 12", &no.to_string()));
    let households = numbers.iter().map(|no| register_household(2000 + no, 1000 + no, &format!("HK{no}")));
    (dwellings.chain(households).collect(), [0, count, count])
}

struct Here {
    server: Server,
    laptop: Laptop,
    edition: u32,
}

impl Here {
    fn with(numbers: &[u128]) -> Self {
        let mut server = Server::new();
        let laptop = Laptop::officer(&mut server);
        let mut here = Self { server, laptop, edition: 0 };
        here.publish(alley(numbers));
        here
    }

    fn publish(&mut self, (records, counts): (Vec<EditionRecord>, [u32; 3])) {
        self.edition += 1;
        let (manifest, pieces) = self.server.manifest(self.edition, None, counts, &records);
        self.laptop.take_edition(&manifest, &pieces);
    }

    /// House numbers as they are walked.
    fn order(&self) -> Vec<String> {
        let houses = self.laptop.store.houses(&HouseQuery::default(), Window::first(500), today()).unwrap();
        houses.iter().map(|house| house.address.house_no.clone().unwrap()).collect()
    }

    fn moved(&self) -> Vec<String> {
        let houses = self.laptop.store.houses(&HouseQuery::default(), Window::first(500), today()).unwrap();
        houses.iter().filter(|house| house.is_moved).map(|house| house.address.house_no.clone().unwrap()).collect()
    }

    fn put(&self, number: u128, to: WalkPlace) -> WalkPlace {
        self.laptop.store.move_house(house(number), to).unwrap()
    }
}

fn house(number: u128) -> HouseholdId {
    id(2000 + number)
}

#[test]
fn a_house_is_walked_where_it_was_put_in_every_list_and_search() {
    let here = Here::with(&[1, 2, 3, 4, 5]);
    let all = HouseQuery::default();

    assert_eq!(here.put(5, WalkPlace::Before(house(2))), WalkPlace::Natural);

    assert_eq!(here.order(), ["1", "5", "2", "3", "4"]);
    assert_eq!(here.moved(), ["5"]);
    let store = &here.laptop.store;
    let page = store.houses(&all, Window { offset: 1, limit: 2 }, today()).unwrap();
    assert_eq!(page.iter().map(|row| row.household).collect::<Vec<_>>(), [house(5), house(2)]);
    assert_eq!(store.locate_house(&all, house(5)).unwrap(), Some(1));
    assert_eq!(store.locate_house(&all, house(4)).unwrap(), Some(4));
    let found = store.search("ngo 12", 9).unwrap().houses;
    assert_eq!(found[1].household, house(5));
    let areas = store.areas(&all).unwrap();
    assert_eq!((areas.len(), areas[0].houses, areas[0].moved), (1, 5, 1));
}

#[test]
fn moves_build_on_each_other_to_the_first_and_the_last_place_and_are_taken_back() {
    let here = Here::with(&[1, 2, 3, 4]);

    here.put(4, WalkPlace::Before(house(1)));
    here.put(3, WalkPlace::Before(house(4)));
    assert_eq!(here.order(), ["3", "4", "1", "2"]);
    here.put(3, WalkPlace::After(house(2)));
    assert_eq!(here.order(), ["4", "1", "2", "3"]);
    let was = here.put(4, WalkPlace::After(house(1)));
    assert_eq!(was, WalkPlace::Before(house(1)));
    assert_eq!(here.order(), ["1", "4", "2", "3"]);

    let was = here.put(4, was);
    assert_eq!(here.order(), ["4", "1", "2", "3"]);
    here.put(4, was);
    here.put(4, WalkPlace::Natural);
    assert_eq!(here.order(), ["1", "2", "4", "3"]);
    here.put(3, WalkPlace::Natural);
    assert_eq!((here.order().join(" "), here.moved().len()), ("1 2 3 4".to_owned(), 0));
}

#[test]
fn a_restart_and_the_next_edition_leave_the_order_where_it_was() {
    let mut here = Here::with(&[1, 2, 3, 5, 6]);
    here.put(6, WalkPlace::After(house(2)));
    here.put(1, WalkPlace::After(house(6)));
    assert_eq!(here.order(), ["2", "6", "1", "3", "5"]);
    here.laptop.reopen();
    assert_eq!(here.order(), ["2", "6", "1", "3", "5"]);

    // The house that 6 was put behind is gone; 4 is new, and stands by its number.
    here.publish(alley(&[1, 3, 4, 5, 6]));
    assert_eq!(here.order(), ["6", "1", "3", "4", "5"]);
    // The moved house itself is gone, and comes back where it was.
    here.publish(alley(&[1, 2, 3, 4, 5]));
    assert_eq!(here.order(), ["2", "1", "3", "4", "5"]);
    here.publish(alley(&[1, 2, 3, 4, 5, 6]));
    assert_eq!(here.order(), ["2", "6", "1", "3", "4", "5"]);
}

#[test]
fn a_house_that_an_edition_puts_into_another_alley_stands_there_by_its_number() {
    let mut here = Here::with(&[1, 2, 3]);
    here.put(3, WalkPlace::Before(house(1)));
    let (mut records, counts) = alley(&[1, 2, 3]);
    records[2] = register_dwelling(1003, "Ấp 3", "Ngõ 14", "3");

    here.publish((records, counts));

    assert_eq!((here.order().join(" "), here.moved().len()), ("1 2 3".to_owned(), 0));
    let refused = here.laptop.store.move_house(house(3), WalkPlace::Before(house(1))).unwrap_err();
    assert_eq!(refused.code(), "walk_elsewhere");
    let unknown = here.laptop.store.move_house(id(9), WalkPlace::Natural).unwrap_err();
    assert_eq!(unknown.code(), "house_unknown");
}

#[test]
fn households_of_one_dwelling_are_moved_and_passed_together() {
    let mut here = Here::with(&[1, 2, 3]);
    let (mut records, [people, households, dwellings]) = alley(&[1, 2, 3]);
    records.push(register_household(2101, 1001, "HK101"));
    records.push(register_household(2102, 1002, "HK102"));
    here.publish((records, [people, households + 2, dwellings]));
    assert_eq!(here.order(), ["1", "1", "2", "2", "3"]);

    here.put(3, WalkPlace::Before(id(2102)));
    assert_eq!(here.order(), ["1", "1", "3", "2", "2"]);
    here.put(1, WalkPlace::After(house(2)));
    assert_eq!(here.order(), ["3", "2", "2", "1", "1"]);

    let same = here.laptop.store.move_house(id(2101), WalkPlace::After(house(1))).unwrap_err();
    assert_eq!(same.code(), "walk_elsewhere");
}

#[test]
fn an_alley_is_walked_by_number_again_and_by_hand_again() {
    let here = Here::with(&[1, 2, 3, 4]);
    here.put(4, WalkPlace::Before(house(1)));
    here.put(2, WalkPlace::After(house(3)));
    let choose = |by_hand| here.laptop.store.choose_walk(Some("Ấp 3"), Some("Ngõ 12"), by_hand).unwrap();

    assert_eq!(choose(false), 2);
    assert_eq!((here.order().join(" "), here.moved().len()), ("1 2 3 4".to_owned(), 0));
    assert_eq!(choose(false), 0);
    assert_eq!(choose(true), 2);
    assert_eq!(here.order(), ["4", "1", "3", "2"]);

    choose(false);
    here.put(1, WalkPlace::After(house(2)));
    assert_eq!((here.order().join(" "), choose(true)), ("2 1 3 4".to_owned(), 0));
}

#[test]
fn a_thousand_moves_into_the_same_gap_find_room() {
    let here = Here::with(&[1, 2, 3, 4, 5, 6]);
    for turn in 0..1000 {
        let moved = if turn % 2 == 0 { 5 } else { 6 };
        here.put(moved, WalkPlace::After(house(1)));
    }
    assert_eq!(here.order(), ["1", "6", "5", "2", "3", "4"]);
    assert_eq!(here.laptop.store.search("ngo 12", 9).unwrap().houses[1].household, house(6));
    here.laptop.store.check_integrity().unwrap();
}

#[test]
fn the_order_is_this_laptops_own() {
    let mut here = Here::with(&[1, 2, 3]);
    here.laptop.transact(vec![(household(2001), noted("nhà có giếng"))]);
    here.laptop.sync(&mut here.server);
    let waiting = here.laptop.store.queue_status().unwrap();
    let digest = here.laptop.digest(&here.server);

    here.put(3, WalkPlace::Before(house(1)));

    assert_eq!(here.laptop.digest(&here.server), digest);
    assert_eq!(here.laptop.store.queue_status().unwrap(), waiting);
    let nothing = HouseQuery { alley: Some(String::new()), ..HouseQuery::default() };
    assert_eq!(here.laptop.store.houses(&nothing, Window::first(9), today()).unwrap(), []);
}

#[test]
fn houses_without_an_alley_are_asked_for_by_an_empty_one() {
    let mut here = Here::with(&[1, 2]);
    let (mut records, counts) = alley(&[1, 2]);
    let EditionRecord::Dwelling(bare) = &mut records[1] else { panic!() };
    bare.alley = None;

    here.publish((records, counts));

    let query = HouseQuery { hamlet: Some("Ấp 3".to_owned()), alley: Some(String::new()), ..HouseQuery::default() };
    let houses = here.laptop.store.houses(&query, Window::first(9), today()).unwrap();
    assert_eq!(houses.iter().map(|row| row.household).collect::<Vec<_>>(), [house(2)]);
}
