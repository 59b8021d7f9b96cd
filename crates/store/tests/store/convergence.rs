//! One log, any order of deliveries, refusals, erasures and own changes that wait: the same state everywhere.

use domain::change::*;
use domain::field::Field;
use domain::id::ChangeId;
use proptest::prelude::*;

use crate::support::*;

/// What happens next, to whom.
#[derive(Clone, Debug)]
enum Event {
    Write { laptop: usize, what: u8, entity: u8 },
    Send { laptop: usize },
    Read { laptop: usize, entries: usize },
    Erase { which: usize },
    Policy { two: bool },
    Link { door: u8 },
    Reopen { laptop: usize },
    Edition { laptop: usize },
}

fn event() -> impl Strategy<Value = Event> {
    let laptop = || 0..3usize;
    prop_oneof![
        10 => (laptop(), 0..12u8, 0..3u8).prop_map(|(laptop, what, entity)| Event::Write { laptop, what, entity }),
        4 => laptop().prop_map(|laptop| Event::Send { laptop }),
        4 => (laptop(), 1..4usize).prop_map(|(laptop, entries)| Event::Read { laptop, entries }),
        1 => (0..40usize).prop_map(|which| Event::Erase { which }),
        1 => any::<bool>().prop_map(|two| Event::Policy { two }),
        1 => (0..3u8).prop_map(|door| Event::Link { door }),
        1 => laptop().prop_map(|laptop| Event::Reopen { laptop }),
        1 => laptop().prop_map(|laptop| Event::Edition { laptop }),
    ]
}

fn body(what: u8, entity: u8, made: &[ChangeId]) -> (EntityRef, Body) {
    let n = u128::from(entity);
    let last = made.last().copied().unwrap_or(change_id(77));
    match what {
        0 => (visit(400 + n), visited(200 + n, &[300 + n, 310 + n], Some("x"))),
        1 => {
            let visit_now = visit_record(201 + n, VisitOutcome::Partial, &[301 + n], None);
            (visit(400 + n), Body::VisitAmended(VisitAmended { visit: visit_now, reason: None }))
        }
        2 => (correction(500 + n), proposed(300 + n, 200 + n, Field::Phone, None, "1")),
        3 => (correction(500 + n), reviewed(Decision::Approve)),
        4 => (correction(500 + n), reviewed(Decision::Return)),
        5 => (person(310 + n), added(200 + n, "Người Mới")),
        6 => (person(300 + n), Body::PersonMoved(PersonMoved { from: id(200), to: id(201 + n), date: None })),
        7 => (household(200 + n), noted("ghi")),
        8 => {
            let touched = vec![visit(400 + n), household(200 + n), person(300 + n)];
            (household(200 + n), Body::EventWithdrawn(EventWithdrawn { change: last, reason: None, touched }))
        }
        9 => (household(200 + n), assigned(id(0x0FF1), "01/12/2026")),
        10 => {
            let body = EveryoneAsListed { visit: id(400 + n), persons: vec![id(300 + n)] };
            (household(200 + n), Body::EveryoneAsListed(body))
        }
        _ => (correction(500 + n), Body::ReviewWithdrawn(ReviewWithdrawn { review: last, reason: None })),
    }
}

fn play(events: &[Event]) {
    let (mut server, manifest, pieces) = server_with_commune();
    let mut laptops = [Laptop::officer(&mut server), Laptop::supervisor(&mut server), Laptop::supervisor(&mut server)];
    let mut made: Vec<ChangeId> = Vec::new();
    let mut said = 0;
    for event in events {
        match event {
            Event::Write { laptop, what, entity } => {
                let laptop = &mut laptops[*laptop];
                let (entity, body) = body(*what, *entity, &made);
                laptop.clock_ms += 1;
                let draft = store::Draft::new(laptop.clock_ms, entity, body);
                // What a role may not say is refused at the door.
                made.extend(laptop.store.transact(laptop.clock_ms, vec![draft]).unwrap_or_default());
            }
            Event::Send { laptop } => assert!(laptops[*laptop].send(&mut server)),
            Event::Read { laptop, entries } => {
                let laptop = &laptops[*laptop];
                let after = laptop.store.page_request().unwrap().after;
                laptop.store.take_feed_page(&server.page(after, *entries), laptop.clock_ms).unwrap();
            }
            Event::Erase { which } => {
                if let Some(change) = made.get(*which) {
                    said += 1;
                    server.say(vec![(change_id(1000 + said), EntityRef::UNIT, erased(&[*change], &[], &[]))]);
                }
            }
            Event::Policy { two } => {
                said += 1;
                let two_people = if *two { vec![Field::Phone] } else { Vec::new() };
                let policy = Body::PolicySet(PolicySet { two_people, alive_days: 30 });
                server.say(vec![(change_id(1000 + said), EntityRef::UNIT, policy)]);
            }
            Event::Link { door } => {
                said += 1;
                let n = u128::from(*door);
                let linked = Body::PersonLinked(PersonLinked { register_person: id(303 + n) });
                server.say(vec![(change_id(1000 + said), person(310 + n), linked)]);
            }
            Event::Reopen { laptop } => laptops[*laptop].reopen(),
            Event::Edition { laptop } => {
                let laptop = &laptops[*laptop];
                if laptop.store.edition().unwrap().is_none() {
                    laptop.take_edition(&manifest, &pieces);
                }
            }
        }
    }
    for laptop in &laptops {
        if laptop.store.edition().unwrap().is_none() {
            laptop.take_edition(&manifest, &pieces);
        }
        laptop.sync(&mut server);
    }
    let late = Laptop::enrolled(&mut server, domain::role::Role::Officer, 99);
    late.take_edition(&manifest, &pieces);
    late.read(&server, 100);
    let expected = late.store.states(server.head()).unwrap();
    for laptop in &laptops {
        laptop.read(&server, 100);
        assert_eq!(laptop.store.queue_status().unwrap().changes_waiting, 0);
        assert_eq!(laptop.store.states(server.head()).unwrap(), expected);
        assert_eq!(laptop.digest(&server), late.digest(&server));
        // The tables that screens read are the fold, too.
        for household in 200..204 {
            let view = |laptop: &Laptop| laptop.store.household(id(household), today()).unwrap();
            assert_same(&view(laptop), &view(&late));
        }
        let found = |laptop: &Laptop| laptop.store.search("n", 50).unwrap();
        assert_same(&found(laptop), &found(&late));
    }
}

/// As `assert_eq`, saying only the lines that differ.
fn assert_same<T: serde::Serialize>(left: &T, right: &T) {
    let [left, right] = [left, right].map(|value| serde_json::to_string_pretty(value).unwrap());
    let differing: Vec<_> = left.lines().zip(right.lines()).filter(|(left, right)| left != right).take(6).collect();
    assert!(left == right, "{differing:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_interleaving_gives_the_same_state(events in prop::collection::vec(event(), 5..60)) {
        play(&events);
    }
}
