//! Photos: taken when a stored header names them, checked whole, read in pieces.

use domain::id::PhotoHash;
use domain::role::Role;
use domain::unit::Unit;
use sync::message::{ItemState, PieceAnswer};

use crate::device::{TestDevice, household, note, photo_item};
use crate::server::{TestServer, unit};

/// Bytes that do not compress.
pub fn picture(bytes: usize) -> Vec<u8> {
    let mut picture = vec![0; bytes];
    sync::keys::fill_random(&mut picture);
    picture
}

pub async fn send_photo(server: &TestServer, device: &TestDevice, photo: &[u8]) -> PieceAnswer {
    let item = photo_item(photo);
    let answer = device.announce(server, vec![item.clone()]).await;
    assert_eq!(answer.items[0].state, ItemState::Wanted);
    let mut held = answer.items[0].offset.unwrap();
    loop {
        let to = photo.len().min(usize::try_from(held).unwrap() + 100_000);
        let answer = device.put(server, &item.hash, held, &photo[usize::try_from(held).unwrap()..to]).await;
        assert_eq!(answer.short(), "200");
        let answer: PieceAnswer = sync::codec::decode(&answer.body).unwrap();
        held = answer.held;
        if to == photo.len() {
            return answer;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_waits_for_the_change_that_names_it() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let photo = picture(700_000);
    let batch = device.seal_photo(note(household(), "with a photo"), &photo);
    let early = device.announce(&server, vec![photo_item(&photo)]).await;
    assert_eq!((early.items[0].state, early.items[0].code.as_deref()), (ItemState::NotNow, Some("photo_not_named")));

    device.deliver(&server, &batch).await;
    assert_eq!(send_photo(&server, &device, &photo).await.photo_stored, Some(true));
    let again = device.announce(&server, vec![photo_item(&photo)]).await;
    assert_eq!(again.items[0].state, ItemState::PhotoStored);

    let token = device.token(&server).await;
    let path = format!("/v1/units/{}/photos/{}", unit(), PhotoHash(sync::hash::sha256(&photo)).to_hex());
    for offset in [0, 1, 262_143, 262_144, 262_145, 699_999, 700_000] {
        let answer = server.get(&format!("{path}?offset={offset}"), Some(&token)).await;
        assert_eq!((answer.short().as_str(), answer.content_type.as_str()), ("200", "application/octet-stream"));
        assert!(answer.body == photo[offset..], "from {offset}");
    }
    assert_eq!(photo_reads(&server), 1, "one read, in however many pieces");
    let other = server.device(Role::Supervisor).await;
    let token = other.token(&server).await;
    server.get(&format!("{path}?offset=1"), Some(&token)).await;
    assert_eq!(photo_reads(&server), 2, "from its second byte on as well");
}

fn photo_reads(server: &TestServer) -> usize {
    let mut reads = 0;
    let mut count = |row: tungnha_server::ledger::AuditRow| {
        reads += usize::from(row.action == "photo_read");
        Ok(())
    };
    server.deployment.ledger.read(|records| records.each_audit(Some(&unit()), &mut count)).unwrap();
    reads
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_of_another_size_or_beyond_sixteen_mebibytes_is_not_wanted() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let photo = picture(1000);
    let batch = device.seal_photo(note(household(), "x"), &photo);
    device.deliver(&server, &batch).await;
    let mut item = photo_item(&photo);
    for (bytes, code) in
        [(999, "photo_size_wrong"), (16 * 1024 * 1024 + 1, "photo_too_large"), (4 << 30, "photo_too_large")]
    {
        item.bytes = bytes;
        let answer = device.announce(&server, vec![item.clone()]).await;
        assert_eq!(answer.items[0].code.as_deref(), Some(code));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_its_units_alone() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let photo = picture(1000);
    let batch = device.seal_photo(note(household(), "x"), &photo);
    device.deliver(&server, &batch).await;
    send_photo(&server, &device, &photo).await;

    let other_unit = Unit::of_2025("25363");
    let elsewhere = server.device_in(&other_unit, Role::Supervisor).await;
    let answer = elsewhere.announce(&server, vec![photo_item(&photo)]).await;
    assert_eq!(answer.items[0].code.as_deref(), Some("photo_not_named"));
    let hash = PhotoHash(sync::hash::sha256(&photo)).to_hex();
    let token = elsewhere.token(&server).await;
    let there = server.get(&format!("/v1/units/{other_unit}/photos/{hash}"), Some(&token)).await;
    assert_eq!(there.short(), "404 photo_unknown");
    let here = server.get(&format!("/v1/units/{}/photos/{hash}", unit()), Some(&token)).await;
    assert_eq!(here.short(), "403 unit_forbidden");
}
