//! The plan of a session, as tables of named cases.

use domain::id::{ChainId, LogId};
use sync::chain::ChainHead;
use sync::message::{Item, ItemKind, Receipt, ReplacedChain, Verdict, VerdictEntry, Waiting};
use sync::plan::*;
use sync::receipt::{Outcome, answer};

use crate::fixed::*;

const PIECE: u64 = 65_536;

fn batch_of(chain_byte: u8, sequence: u64, progress: Progress) -> BatchUpload {
    let item = Item {
        kind: ItemKind::Batch,
        hash: [chain_byte.wrapping_mul(31).wrapping_add(sequence as u8); 32],
        bytes: 1_000,
        chain: Some(id(chain_byte, ChainId::from_bytes)),
        first_sequence: Some(sequence),
        last_sequence: Some(sequence),
        hash_after: Some([0; 32]),
    };
    BatchUpload { item, progress }
}

fn batch(sequence: u64, progress: Progress) -> BatchUpload {
    batch_of(1, sequence, progress)
}

fn photo(byte: u8, progress: Progress) -> PhotoUpload {
    PhotoUpload { hash: [byte; 32], bytes: 100_000, is_crop: false, needed_by_reviewers: false, progress }
}

fn urgent(byte: u8, progress: Progress) -> PhotoUpload {
    PhotoUpload { is_crop: true, needed_by_reviewers: true, bytes: 20_000, ..photo(byte, progress) }
}

fn other_log() -> LogId {
    id(0x99, LogId::from_bytes)
}

/// On the line, everything current, nothing waiting.
fn current() -> Facts {
    Facts {
        now_ms: NOW_MS,
        piece_bytes: PIECE,
        log_known: Some(log()),
        server: Some(ServerFacts { log: log(), head: 10, edition: Some(2) }),
        cursor: 10,
        edition_held: 2,
        ..Facts::default()
    }
}

use Progress::{NotNow, Settled, Unannounced, Wanted};

/// A step in a word, for tables.
fn word(step: &Step) -> String {
    match step {
        Step::WaitUntil { at_ms } => format!("wait {}", at_ms - NOW_MS),
        Step::NewChain { .. } => "new chain".to_owned(),
        Step::Announce { items, waiting } => {
            let names: String = items
                .iter()
                .map(|item| format!(" {}{}", if item.kind == ItemKind::Batch { "b" } else { "p" }, item.hash[0]))
                .collect();
            format!("announce{names} +{}b {}p {}B", waiting.batches, waiting.photos, waiting.photo_bytes)
        }
        Step::PutPiece { kind, item, offset, len } => {
            format!("put {kind:?} {} {offset}+{len}", item[0])
        }
        Step::OfferEverything { .. } => "offer everything".to_owned(),
        Step::ReadFromZero { .. } => "read from zero".to_owned(),
        Step::FetchFeed { after } => format!("feed {after}"),
        Step::FetchManifest { have } => format!("manifest {have}"),
        Step::FetchPiece { hash, offset, len } => format!("piece {} {offset}+{len}", hash[0]),
        Step::FetchPhoto { hash, offset, len } => format!("photo {} {offset}+{len}", hash[0]),
        Step::Idle => "idle".to_owned(),
    }
}

fn check(cases: Vec<(&str, Facts, &str)>) {
    for (name, facts, expected) in cases {
        assert_eq!(word(&next_step(&facts)), expected, "{name}");
    }
}

#[test]
fn session_begins_with_an_announcement() {
    let fresh = |batches, photos| Facts { server: None, batches, photos, ..current() };
    check(vec![
        ("nothing waits", fresh(vec![], vec![]), "announce +0b 0p 0B"),
        ("first contact ever", Facts { log_known: None, ..fresh(vec![], vec![]) }, "announce +0b 0p 0B"),
        ("one batch", fresh(vec![batch(1, Unannounced)], vec![]), "announce b32 +0b 0p 0B"),
        (
            "batches before photos",
            fresh(vec![batch(1, Unannounced)], vec![photo(7, Unannounced)]),
            "announce b32 +0b 1p 100000B",
        ),
        (
            "photos where no batch waits, crops for reviewers first",
            fresh(vec![], vec![photo(7, Unannounced), urgent(8, Unannounced)]),
            "announce p8 p7 +0b 0p 0B",
        ),
    ]);
}

#[test]
fn batches_go_in_order_from_where_the_server_stands() {
    let with = |batches| Facts { batches, ..current() };
    check(vec![
        ("one to announce", with(vec![batch(1, Unannounced)]), "announce b32 +0b 0p 0B"),
        ("wanted from zero", with(vec![batch(1, Wanted { held: 0 })]), "put Batch 32 0+1000"),
        ("wanted from the middle", with(vec![batch(1, Wanted { held: 999 })]), "put Batch 32 999+1"),
        ("all bytes there, no receipt", with(vec![batch(1, Wanted { held: 1_000 })]), "put Batch 32 1000+0"),
        ("more bytes than there are", with(vec![batch(1, Wanted { held: 5_000 })]), "put Batch 32 1000+0"),
        ("receipted", with(vec![batch(1, Settled)]), "idle"),
        (
            "the first that is not settled",
            with(vec![batch(1, Settled), batch(2, Wanted { held: 0 }), batch(3, Unannounced)]),
            "put Batch 33 0+1000",
        ),
        (
            "a new one behind one under way waits its turn",
            with(vec![batch(1, Wanted { held: 10 }), batch(2, Unannounced)]),
            "put Batch 32 10+990",
        ),
        ("one not wanted now", with(vec![batch(1, NotNow)]), "idle"),
        ("behind one not wanted now there would be a gap", with(vec![batch(1, NotNow), batch(2, Unannounced)]), "idle"),
        (
            "another chain goes on",
            with(vec![batch(1, NotNow), batch(2, Unannounced), batch_of(2, 1, Unannounced)]),
            "announce b63 +2b 0p 0B",
        ),
    ]);
}

#[test]
fn piece_ends_at_the_piece_size_or_the_item_end() {
    for (name, bytes, held, piece_bytes, expected) in [
        ("smaller than a piece", 10, 0, 16, (0, 10)),
        ("exactly a piece", 16, 0, 16, (0, 16)),
        ("a piece plus one", 17, 0, 16, (0, 16)),
        ("the one", 17, 16, 16, (16, 1)),
        ("a piece size of zero still moves", 17, 16, 0, (16, 1)),
        ("an empty item", 0, 0, 16, (0, 0)),
    ] {
        let mut upload = batch(1, Wanted { held });
        upload.item.bytes = bytes;
        let facts = Facts { batches: vec![upload], piece_bytes, ..current() };
        let Step::PutPiece { offset, len, .. } = next_step(&facts) else { panic!("{name}") };
        assert_eq!((offset, len), expected, "{name}");
    }
}

#[test]
fn announcement_names_at_most_its_number_and_counts_the_rest() {
    for (waiting, announced) in [(0, 0), (1, 1), (127, 127), (128, 128), (129, 128), (400, 128)] {
        let batches = (1..=waiting).map(|sequence| batch(sequence, Unannounced)).collect();
        let Step::Announce { items, waiting: rest } = next_step(&Facts { server: None, batches, ..current() }) else {
            panic!("an announcement");
        };
        assert_eq!((items.len() as u64, rest.batches), (announced, waiting - announced));
    }
    let photos = (0..200).map(|byte| photo(byte, Unannounced)).collect();
    let Step::Announce { items, waiting } = next_step(&Facts { photos, ..current() }) else {
        panic!("an announcement");
    };
    assert_eq!(items.len(), MAX_ANNOUNCED_ITEMS);
    assert_eq!(waiting, Waiting { batches: 0, photos: 72, photo_bytes: 7_200_000 });
}

#[test]
fn order_on_the_line_is_batches_crops_feed_edition_photos() {
    let everything = || Facts {
        batches: vec![batch(1, Wanted { held: 0 })],
        photos: vec![photo(7, Wanted { held: 0 }), urgent(8, Wanted { held: 0 })],
        cursor: 9,
        edition_held: 1,
        photos_wanted: vec![WantedPhoto { hash: [9; 32], bytes: 10, held: 0 }],
        ..current()
    };
    let mut facts = everything();
    let mut words = vec![word(&next_step(&facts))];
    facts.batches[0].progress = Settled;
    words.push(word(&next_step(&facts)));
    facts.photos[1].progress = Settled;
    words.push(word(&next_step(&facts)));
    facts.cursor = 10;
    words.push(word(&next_step(&facts)));
    facts.edition_held = 2;
    words.push(word(&next_step(&facts)));
    facts.photos[0].progress = Settled;
    words.push(word(&next_step(&facts)));
    facts.photos_wanted[0].held = 10;
    words.push(word(&next_step(&facts)));
    assert_eq!(
        words,
        [
            "put Batch 32 0+1000",
            "put Photo 8 0+20000",
            "feed 9",
            "manifest 1",
            "put Photo 7 0+65536",
            "photo 9 0+10",
            "idle"
        ]
    );
}

#[test]
fn among_photos_crops_come_first_and_small_ones_before_large_ones() {
    let photos = || {
        vec![
            PhotoUpload { bytes: 9, ..photo(1, Unannounced) },
            PhotoUpload { bytes: 8, needed_by_reviewers: true, ..photo(2, Unannounced) },
            PhotoUpload { bytes: 7, is_crop: true, ..photo(3, Unannounced) },
            PhotoUpload { bytes: 6, ..urgent(4, Unannounced) },
            PhotoUpload { bytes: 5, ..urgent(5, Unannounced) },
        ]
    };
    let only_urgent = next_step(&Facts { photos: photos(), ..current() });
    assert_eq!(word(&only_urgent), "announce p5 p4 +0b 3p 24B");
    let mut rest = photos();
    rest[3].progress = NotNow;
    rest[4].progress = Settled;
    assert_eq!(word(&next_step(&Facts { photos: rest, ..current() })), "announce p3 p2 p1 +0b 1p 6B");
}

#[test]
fn feed_is_read_to_its_head() {
    let at =
        |cursor, head, edition| Facts { cursor, server: Some(ServerFacts { log: log(), head, edition }), ..current() };
    check(vec![
        ("empty log, never read", at(0, 0, None), "feed 0"),
        ("empty log, read", at(0, 0, Some(0)), "idle"),
        ("one behind", at(9, 10, Some(2)), "feed 9"),
        ("at the head", at(10, 10, Some(2)), "idle"),
        ("at the head, but not read in this session", at(10, 10, None), "feed 10"),
        ("first contact ever", Facts { log_known: None, ..at(0, 10, None) }, "feed 0"),
    ]);
}

#[test]
fn edition_is_fetched_piece_by_piece() {
    let pieces = |held: [u64; 2]| {
        let piece = |byte: u8, held| PieceDownload { hash: [byte; 32], bytes: 100_000, held };
        vec![piece(1, held[0]), piece(2, held[1])]
    };
    let with = |edition, held| Facts {
        edition_held: 1,
        edition_download: Some(EditionDownload { edition, pieces: pieces(held) }),
        ..current()
    };
    check(vec![
        ("no manifest yet", Facts { edition_held: 1, ..current() }, "manifest 1"),
        ("nothing held at all", Facts { edition_held: 0, ..current() }, "manifest 0"),
        ("held", current(), "idle"),
        ("first piece", with(2, [0, 0]), "piece 1 0+65536"),
        ("its rest", with(2, [65_536, 0]), "piece 1 65536+34464"),
        ("second piece", with(2, [100_000, 0]), "piece 2 0+65536"),
        ("all there, only to be taken in", with(2, [100_000, 100_000]), "idle"),
        ("pieces of an edition that holds no longer", with(3, [0, 0]), "manifest 1"),
        ("edition taken back: the one before holds again", Facts { edition_held: 3, ..current() }, "manifest 3"),
        (
            "unit without an edition",
            Facts {
                edition_held: 0,
                server: Some(ServerFacts { log: log(), head: 10, edition: Some(0) }),
                ..current()
            },
            "idle",
        ),
    ]);
}

#[test]
fn restored_server_is_refilled_before_it_is_read_again() {
    let restored = |offered_to, batches| Facts {
        server: Some(ServerFacts { log: other_log(), head: 3, edition: None }),
        offered_to,
        batches,
        photos: vec![urgent(8, Wanted { held: 0 }), photo(7, Wanted { held: 0 })],
        ..current()
    };
    let done = |facts: Facts| Facts { photos: vec![], ..facts };
    check(vec![
        ("the log changed", restored(None, vec![]), "offer everything"),
        ("it changed once more", restored(Some(log()), vec![batch(1, Unannounced)]), "offer everything"),
        ("offering", restored(Some(other_log()), vec![batch(1, Unannounced)]), "announce b32 +0b 2p 120000B"),
        ("crops still go first", restored(Some(other_log()), vec![batch(1, Settled)]), "put Photo 8 0+20000"),
        ("everything offered", done(restored(Some(other_log()), vec![batch(1, Settled)])), "read from zero"),
        (
            "one not wanted does not hold up the rest",
            done(restored(Some(other_log()), vec![batch(1, NotNow)])),
            "read from zero",
        ),
        (
            "read again",
            Facts { log_known: Some(other_log()), cursor: 0, ..done(restored(Some(other_log()), vec![])) },
            "feed 0",
        ),
    ]);
}

#[test]
fn everything_is_offered_as_it_stood_in_the_old_log_and_then_what_never_did() {
    let held = |chain: u8, first_sequence, old_index| HeldBatch {
        chain: id(chain, ChainId::from_bytes),
        first_sequence,
        old_index,
    };
    let mut batches = vec![
        held(1, 9, None),
        held(2, 1, Some(2)),
        held(1, 5, None),
        held(1, 1, Some(5)),
        held(3, 2, Some(6)),
        held(3, 1, Some(1)),
        held(2, 3, Some(4)),
    ];
    offer_order(&mut batches);
    let order: Vec<_> = batches.iter().map(|batch| (batch.chain.as_bytes()[0], batch.first_sequence)).collect();
    assert_eq!(order, [(3, 1), (2, 1), (2, 3), (1, 1), (3, 2), (1, 5), (1, 9)]);
}

#[test]
fn forked_chain_is_replaced_before_anything_else() {
    let replaces = replacement_for(chain(), Some(ChainHead { last_sequence: 4, head: [4; 32] }));
    assert_eq!(replaces, ReplacedChain { chain: chain(), last_sequence: 4, head: [4; 32] });
    let facts = Facts { forked: Some(replaces.clone()), batches: vec![batch(1, Unannounced)], ..current() };
    assert_eq!(next_step(&facts), Step::NewChain { replaces });
    let never_receipted = replacement_for(chain(), None);
    assert_eq!(never_receipted.last_sequence, 0);
    assert_eq!(never_receipted.head, sync::hash::chain_start(chain()));
}

#[test]
fn receipts_say_what_to_write_down() {
    let (_, _, batch) = two_notes();
    let receipt = |outcome| -> Receipt { answer(&batch, outcome, log(), NOW_MS, None) };
    let refused = vec![VerdictEntry { sequence: 2, verdict: Verdict::OutsideRole }];
    assert_eq!(
        after_receipt(&receipt(Outcome::Stored { index: 4, verdicts: refused.clone() })),
        ReceiptOutcome::Stored { log: log(), index: 4, verdicts: refused }
    );
    let head = ChainHead { last_sequence: 2, head: [1; 32] };
    assert_eq!(after_receipt(&receipt(Outcome::Fork { head })), ReceiptOutcome::Forked);
    assert_eq!(after_receipt(&receipt(Outcome::Gap { wanted: 1 })), ReceiptOutcome::OfferFrom { sequence: 1 });
    assert_eq!(after_receipt(&receipt(Outcome::Quarantined)), ReceiptOutcome::Quarantined);
}

#[test]
fn failure_is_waited_out_and_nothing_longer() {
    let waiting = |now_ms| Facts { now_ms, wait_until_ms: Some(NOW_MS + 5), cursor: 9, ..current() };
    check(vec![
        ("just failed", waiting(NOW_MS), "wait 5"),
        ("one millisecond before", waiting(NOW_MS + 4), "wait 5"),
        ("on time", waiting(NOW_MS + 5), "feed 9"),
    ]);
}

#[test]
fn wait_doubles_to_a_quarter_of_an_hour_with_jitter_over_its_upper_half() {
    let wait = |failures, random| retry_at_ms(NOW_MS, failures, random, None) - NOW_MS;
    for (failures, most) in [
        (0, 2_000),
        (1, 2_000),
        (2, 4_000),
        (3, 8_000),
        (9, 512_000),
        (10, 900_000),
        (11, 900_000),
        (u32::MAX, 900_000),
    ] {
        assert_eq!(wait(failures, 0), most / 2);
        assert_eq!(wait(failures, most / 2), most);
        for random in [1, 777, u64::MAX / 2, u64::MAX] {
            assert!((most / 2..=most).contains(&wait(failures, random)), "{failures} {random}");
        }
    }
    assert_eq!(retry_at_ms(NOW_MS, 1, 0, Some(60_000)), NOW_MS + 60_000);
    assert_eq!(retry_at_ms(NOW_MS, 10, 0, Some(1)), NOW_MS + 450_000);
    assert_eq!(retry_at_ms(u64::MAX, 1, 0, None), u64::MAX);
}

#[test]
fn piece_size_follows_the_line_between_16_and_256_kib() {
    let size = PieceSize::default();
    assert_eq!(size.bytes(), 65_536);
    let quick = |size: PieceSize| size.after_success(size.bytes(), 100);
    assert_eq!(quick(size).bytes(), 131_072);
    assert_eq!(quick(quick(quick(quick(size)))).bytes(), MAX_PIECE_BYTES);
    let cut = (0..10).fold(size, |size, _| size.after_failure());
    assert_eq!(cut.bytes(), MIN_PIECE_BYTES);
    for (name, bytes, elapsed_ms, expected) in [
        ("in between", 65_536, 2_000, 65_536),
        ("at the slow border", 65_536, 8_000, 65_536),
        ("too slow", 65_536, 8_001, 32_768),
        ("quick, but only the rest of an item", 65_535, 10, 65_536),
    ] {
        assert_eq!(size.after_success(bytes, elapsed_ms).bytes(), expected, "{name}");
    }
}

/// A session played to its end: whatever the cuts, each byte is put once and the plan comes to rest.
#[test]
fn session_with_cuts_comes_to_rest_with_everything_sent() {
    let mut facts = Facts {
        server: None,
        log_known: None,
        cursor: 0,
        edition_held: 0,
        batches: (1..=300).map(|sequence| batch(sequence, Unannounced)).collect(),
        photos: (0..40)
            .map(|byte| if byte % 2 == 0 { photo(byte, Unannounced) } else { urgent(byte, Unannounced) })
            .collect(),
        ..current()
    };
    let (mut sent_bytes, mut steps, mut random) = (0, 0, 12_345u64);
    loop {
        steps += 1;
        assert!(steps < 5_000, "no end");
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        match next_step(&facts) {
            Step::Idle => break,
            Step::WaitUntil { at_ms } => (facts.now_ms, facts.wait_until_ms) = (at_ms, None),
            // One in five is cut off before it is answered.
            _ if random >> 33 & 7 == 0 => facts.wait_until_ms = Some(retry_at_ms(facts.now_ms, 1, random, None)),
            Step::Announce { items, .. } => {
                facts.server.get_or_insert(ServerFacts { log: log(), head: 5, edition: None });
                for item in items {
                    let wanted = Wanted { held: 0 };
                    facts.batches.iter_mut().filter(|b| b.item == item).for_each(|b| b.progress = wanted);
                    facts.photos.iter_mut().filter(|p| p.hash == item.hash).for_each(|p| p.progress = wanted);
                }
            }
            Step::PutPiece { kind, item, offset, len } => {
                let (bytes, progress) = match kind {
                    ItemKind::Batch => {
                        // Hashes of this table repeat; the first unsettled one is meant.
                        let batch = facts.batches.iter_mut().find(|b| b.progress != Settled).unwrap();
                        assert_eq!(batch.item.hash, item);
                        (batch.item.bytes, &mut batch.progress)
                    }
                    ItemKind::Photo => {
                        let photo = facts.photos.iter_mut().find(|p| p.hash == item).unwrap();
                        (photo.bytes, &mut photo.progress)
                    }
                };
                assert_eq!(*progress, Wanted { held: offset });
                sent_bytes += len;
                *progress = if offset + len == bytes { Settled } else { Wanted { held: offset + len } };
            }
            Step::FetchFeed { after } => {
                facts.log_known = Some(log());
                facts.cursor = (after + 2).min(5);
                facts.server = Some(ServerFacts { log: log(), head: 5, edition: Some(1) });
            }
            Step::FetchManifest { have: 0 } => {
                let pieces = vec![PieceDownload { hash: [1; 32], bytes: 200_000, held: 0 }];
                facts.edition_download = Some(EditionDownload { edition: 1, pieces });
            }
            Step::FetchPiece { offset, len, .. } => {
                let download = facts.edition_download.as_mut().unwrap();
                download.pieces[0].held = offset + len;
                if download.pieces[0].held == 200_000 {
                    facts.edition_held = 1;
                }
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(sent_bytes, 300 * 1_000 + 20 * 100_000 + 20 * 20_000);
    assert_eq!((facts.cursor, facts.edition_held), (5, 1));
}
