//! docs/wire.cddl says what the code does, as far as a simple reading of it goes.

use std::collections::BTreeMap;

use domain::change::{Body, kind};
use domain::field::Field;

use crate::samples::{full_bodies, minimal_bodies};

const LAW: &str = include_str!("../../../../docs/wire.cddl");

/// The rules of the section of bodies: type number to (all keys, optional keys).
fn body_rules() -> BTreeMap<u16, (Vec<u64>, Vec<u64>)> {
    let section = LAW.split("; ------").find(|section| section.contains(" bodies, by type")).unwrap();
    let mut rules = BTreeMap::new();
    let mut rule = String::new();
    for line in section.lines().skip(1).chain([""]) {
        let begins = line.split_once('=').is_some_and(|(name, _)| {
            let name = name.trim_end();
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        });
        if begins || line.is_empty() {
            read_rule(&rule, &mut rules);
            rule.clear();
        }
        rule.push_str(line);
        rule.push('\n');
    }
    rules
}

fn read_rule(rule: &str, rules: &mut BTreeMap<u16, (Vec<u64>, Vec<u64>)>) {
    let Some(number) = rule
        .lines()
        .filter_map(|line| line.split_once(';'))
        .find_map(|(_, comment)| comment.trim().split_once(" on ").and_then(|(number, _)| number.parse().ok()))
    else {
        return;
    };
    let code: String = rule.lines().map(|line| line.split(';').next().unwrap_or("")).collect::<Vec<_>>().join(" ");
    let (_, map) = code.split_once('{').unwrap();
    let (mut all, mut optional, mut depth) = (Vec::new(), Vec::new(), 1);
    let mut entry = String::new();
    for c in map.chars() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == ',') {
            let text = entry.trim();
            let is_optional = text.starts_with('?');
            if let Some((key, _)) = text.trim_start_matches('?').trim().split_once(':') {
                let key = key.trim().parse().unwrap();
                all.push(key);
                if is_optional {
                    optional.push(key);
                }
            }
            entry.clear();
            if depth == 0 {
                break;
            }
        } else {
            entry.push(c);
        }
    }
    assert!(rules.insert(number, (all, optional)).is_none(), "type {number} stands twice");
}

fn keys_of(body: &Body) -> Vec<u64> {
    let bytes = body.encode();
    let mut decoder = minicbor::Decoder::new(&bytes);
    let count = decoder.map().unwrap().unwrap();
    (0..count)
        .map(|_| {
            let key = decoder.u64().unwrap();
            decoder.skip().unwrap();
            key
        })
        .collect()
}

#[test]
fn law_names_every_type_with_the_keys_that_its_body_has() {
    let rules = body_rules();
    assert_eq!(rules.keys().copied().collect::<Vec<_>>(), kind::ALL);
    for (full, minimal) in full_bodies().iter().zip(minimal_bodies()) {
        let (all, optional) = &rules[&full.kind()];
        assert_eq!(keys_of(full), *all, "type {}", full.kind());
        let required: Vec<u64> = all.iter().filter(|key| !optional.contains(key)).copied().collect();
        assert_eq!(keys_of(&minimal), required, "type {}", full.kind());
    }
}

#[test]
fn law_names_the_range_of_every_field() {
    let ranges = LAW.lines().find(|line| line.starts_with("field ")).unwrap();
    let (_, ranges) = ranges.split_once('=').unwrap();
    let mut numbers = Vec::new();
    for range in ranges.split(';').next().unwrap().split('/') {
        match range.trim().split_once("..") {
            Some((from, to)) => numbers.extend(from.parse::<u8>().unwrap()..=to.parse().unwrap()),
            None => numbers.push(range.trim().parse().unwrap()),
        }
    }
    assert_eq!(numbers, Field::ALL.iter().map(|field| field.number()).collect::<Vec<_>>());
}

#[test]
fn law_names_every_signed_message() {
    use sync::message::MessageType as T;
    let named = [
        ("batch", T::Batch),
        ("receipt", T::Receipt),
        ("feed-page", T::FeedPage),
        ("manifest", T::Manifest),
        ("certificate", T::Certificate),
        ("token-request", T::TokenRequest),
        ("enrolment-answer", T::EnrolmentAnswer),
        ("announcement", T::Announcement),
        ("access-log", T::AccessLog),
        ("enrolment-request", T::EnrolmentRequest),
        ("stick-receipt", T::StickReceipt),
        ("log-mark", T::LogMark),
    ];
    let (_, types) = LAW.split_once("message-type = &(").unwrap();
    let (types, _) = types.split_once(')').unwrap();
    let written: Vec<(String, u8)> = types
        .split(',')
        .map(|entry| entry.split_once(':').unwrap())
        .map(|(name, number)| (name.trim().to_owned(), number.trim().parse().unwrap()))
        .collect();
    assert_eq!(written, named.map(|(name, kind)| (name.to_owned(), kind as u8)));
}

/// What each closed list of the law is called there, and the numbers of its members here.
macro_rules! numbers {
    ($($member:expr),* $(,)?) => { vec![$(sync::codec::encode(&$member)),*] };
}

#[test]
fn members_of_closed_lists_have_the_numbers_of_the_law() {
    use domain::change::{Decision, EntityKind as E, ErasureBasis, PhotoReason, RemovalCause, VisitKind, VisitOutcome};
    use domain::field::Subject;
    use domain::register::ResidenceKind as R;
    use domain::role::Role;
    use sync::message::{AccessAction as A, ItemKind, ItemState, ReceiptStatus, Verdict as V};
    use {Decision as D, ErasureBasis as B, ItemState as S, PhotoReason as P, ReceiptStatus as T, VisitOutcome as O};

    let lists = [
        numbers![VisitKind::AtTheDoor, VisitKind::ByPhone, VisitKind::AtTheStation],
        numbers![O::Met, O::Partial, O::NobodyHome, O::Refused, O::MovedAway, O::NotFound, O::Vacant],
        numbers![Subject::Person, Subject::Household, Subject::Dwelling],
        numbers![D::Approve, D::Return, D::Hold, D::Reject, D::Refer],
        numbers![RemovalCause::Died, RemovalCause::MovedAway, RemovalCause::Duplicate, RemovalCause::NeverLivedHere],
        numbers![R::Permanent, R::Temporary, R::Current, R::Absent, R::ShortStay],
        numbers![P::Discrepancy, P::MissingInRegister, P::ResidentRequest, P::Other],
        numbers![B::RetentionEnded, B::ResidentRequest, B::WrongPerson],
        numbers![T::Stored, T::Fork, T::Gap, T::Quarantined],
        numbers![ItemKind::Batch, ItemKind::Photo],
        numbers![S::Wanted, S::Receipted, S::PhotoStored, S::NotNow],
        numbers![A::Opened, A::Searched, A::ViewedPhoto, A::Exported, A::Printed],
        numbers![Role::Officer, Role::Supervisor, Role::Operator, Role::Auditor, Role::Server, Role::Other(6)],
        numbers![
            E::Person,
            E::Household,
            E::Dwelling,
            E::Visit,
            E::Correction,
            E::Officer,
            E::Device,
            E::Unit,
            E::Other(9)
        ],
        numbers![
            V::OutsideUnit,
            V::OutsideRole,
            V::WrongAuthor,
            V::MalformedBody,
            V::WrongEntity,
            V::DuplicateOfEarlier,
            V::NotErased,
            V::Other(8)
        ],
    ];
    for (at, list) in lists.iter().enumerate() {
        let dense: Vec<Vec<u8>> = (1..=list.len() as u8).map(|number| vec![number]).collect();
        assert_eq!(*list, dense, "list {at}");
    }
}
