//! Photos: kept before the change that names them, sent and fetched in pieces, let go when nobody needs them.

use domain::change::*;
use domain::field::Field;
use domain::id::PhotoHash;
use store::Draft;

use crate::support::*;

fn jpeg(seed: u8, bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at as u8).wrapping_mul(31).wrapping_add(seed)).collect()
}

fn with_evidence(mut body: Body, photo: PhotoHash, crop: Option<PhotoHash>) -> Body {
    if let Body::CorrectionProposed(proposal) = &mut body {
        let paper = PaperRef { kind: "id_card".to_owned(), number: None, date: None };
        proposal.evidence = vec![Evidence { paper, photo: Some(photo), rectangle: None, crop }];
    }
    body
}

#[test]
fn a_change_names_only_photos_that_were_kept_before_it() {
    let mut server = Server::new();
    let laptop = Laptop::officer(&mut server);
    let bytes = jpeg(1, 5000);
    let missing =
        PhotoRef { hash: PhotoHash(sync::hash::sha256(&bytes)), bytes: 5000, media_type: "image/jpeg".to_owned() };
    let draft = |photo: PhotoRef| Draft { photos: vec![photo], ..Draft::new(NOW, household(200), noted("ảnh")) };

    assert_eq!(laptop.store.transact(NOW, vec![draft(missing.clone())]).unwrap_err().code(), "photo_missing");
    assert_eq!(laptop.store.keep_photo(&bytes, "text/html", NOW).unwrap_err().code(), "photo_media");
    assert_eq!(laptop.store.keep_photo(&vec![0; 17 << 20], "image/png", NOW).unwrap_err().code(), "photo_too_large");
    let kept = laptop.store.keep_photo(&bytes, "image/jpeg", NOW).unwrap();
    assert_eq!(kept, missing);
    laptop.store.transact(NOW, vec![draft(kept.clone())]).unwrap();
    assert_eq!(laptop.store.photo(kept.hash).unwrap().unwrap().bytes, bytes);
    assert_eq!(laptop.store.photo_piece(kept.hash, 4000, 4000).unwrap().unwrap(), bytes[4000..]);
    assert_eq!(laptop.store.photo_piece(kept.hash, 5000, 10).unwrap().unwrap(), b"");
}

#[test]
fn a_reviewer_fetches_what_an_open_correction_needs_and_lets_it_go_after_the_decision() {
    let mut server = Server::new();
    let officer = Laptop::officer(&mut server);
    let mut supervisor = Laptop::supervisor(&mut server);
    let (whole, crop) = (jpeg(1, 70_000), jpeg(2, 900));
    let photos: Vec<PhotoRef> =
        [&whole, &crop].iter().map(|bytes| officer.store.keep_photo(bytes, "image/jpeg", NOW).unwrap()).collect();
    let body = with_evidence(proposed(300, 200, Field::Phone, None, "1"), photos[0].hash, Some(photos[1].hash));
    let draft = Draft { photos: photos.clone(), ..Draft::new(NOW, correction(500), body) };
    officer.store.transact(NOW, vec![draft]).unwrap();
    let waiting = officer.store.waiting_photos().unwrap();
    assert_eq!(
        waiting.iter().map(|photo| (photo.is_crop, photo.needed_by_reviewers)).collect::<Vec<_>>(),
        [(true, true), (false, true)]
    );
    officer.sync(&mut server);
    officer.store.take_photo_stored(photos[0].hash).unwrap();
    assert_eq!(officer.store.queue_status().unwrap().photos_waiting, 1);
    supervisor.sync(&mut server);

    let wanted = supervisor.store.wanted_photos(10).unwrap();
    assert_eq!(wanted.iter().map(|photo| photo.bytes).collect::<Vec<_>>(), [900, 70_000]);
    let hash = photos[0].hash;
    assert_eq!(supervisor.store.take_photo_piece(hash, 0, &whole[..30_000], NOW).unwrap(), 30_000);
    assert_eq!(supervisor.store.take_photo_piece(hash, 1, b"x", NOW).unwrap_err().code(), "photo_wrong");
    supervisor.reopen();
    assert_eq!(supervisor.store.wanted_photos(10).unwrap()[1].held, 30_000);
    supervisor.store.take_photo_piece(hash, 30_000, &whole[30_000..], NOW).unwrap();
    assert_eq!(supervisor.store.photo(hash).unwrap().unwrap().bytes, whole);
    assert_eq!(supervisor.store.collect_photos(NOW).unwrap(), 0);

    supervisor.transact(vec![(correction(500), reviewed(Decision::Approve))]);

    assert_eq!(supervisor.store.collect_photos(NOW).unwrap(), 1);
    assert!(supervisor.store.photo(hash).unwrap().is_none());
    assert_eq!(supervisor.store.wanted_photos(10).unwrap(), []);
    assert_eq!(officer.store.collect_photos(NOW * 2).unwrap(), 0, "the author's own stay");
}

#[test]
fn a_fetched_photo_that_is_not_its_hash_is_not_kept() {
    let mut server = Server::new();
    let officer = Laptop::officer(&mut server);
    let supervisor = Laptop::supervisor(&mut server);
    let bytes = jpeg(1, 1000);
    let photo = officer.store.keep_photo(&bytes, "image/jpeg", NOW).unwrap();
    let body = with_evidence(proposed(300, 200, Field::Phone, None, "1"), photo.hash, None);
    let draft = Draft { photos: vec![photo.clone()], ..Draft::new(NOW, correction(500), body) };
    officer.store.transact(NOW, vec![draft]).unwrap();
    officer.sync(&mut server);
    supervisor.sync(&mut server);

    let error = supervisor.store.take_photo_piece(photo.hash, 0, &jpeg(2, 1000), NOW).unwrap_err();

    assert_eq!(error.code(), "photo_wrong");
    assert_eq!(supervisor.store.wanted_photos(10).unwrap()[0].held, 0);
    assert!(supervisor.store.photo(photo.hash).unwrap().is_none());
}

#[test]
fn a_photo_that_nothing_names_is_collected_after_a_week() {
    let mut server = Server::new();
    let laptop = Laptop::officer(&mut server);
    let week = 7 * 24 * 3600 * 1000;
    let orphan = laptop.store.keep_photo(&jpeg(1, 10), "image/jpeg", NOW).unwrap();
    let drafted = laptop.store.keep_photo(&jpeg(2, 10), "image/jpeg", NOW).unwrap();
    laptop.store.keep_draft("visit", &format!("{{\"photo\":\"{}\"}}", drafted.hash.to_hex()), NOW).unwrap();

    assert_eq!(laptop.store.collect_photos(NOW + week - 1).unwrap(), 0);
    assert_eq!(laptop.store.collect_photos(NOW + week + 1).unwrap(), 1);

    assert!(laptop.store.photo(orphan.hash).unwrap().is_none());
    assert!(laptop.store.photo(drafted.hash).unwrap().is_some());
}
