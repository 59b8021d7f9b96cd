//! Pieces: resumed, cut off, wrong.

use domain::role::Role;
use sync::message::{ItemState, PieceAnswer};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::device::{household, note};
use crate::server::{NOW_MS, TestServer};

fn piece(answer: &crate::server::Answer) -> PieceAnswer {
    assert_eq!(answer.short(), "200");
    sync::codec::decode(&answer.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_where_it_stood_also_after_a_restart() {
    let mut server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let batch = device.seal(&[note(household(), "in pieces")]);
    let hash = batch.item().hash;
    let answer = device.announce(&server, vec![batch.item()]).await;
    assert_eq!((answer.items[0].state, answer.items[0].offset), (ItemState::Wanted, Some(0)));

    let half = batch.transfer.len() / 2;
    let first = piece(&device.put(&server, &hash, 0, &batch.transfer[..half]).await);
    assert_eq!((first.held, first.receipt.is_some()), (half as u64, false));
    server.restart().await;
    let answer = device.announce(&server, vec![batch.item()]).await;
    assert_eq!(answer.items[0].offset, Some(half as u64));
    let refused = device.put(&server, &hash, 0, &batch.transfer).await;
    assert_eq!(refused.short(), "409 offset_mismatch");
    assert_eq!(refused.problem().params, [("held".to_owned(), half.to_string())]);
    let last = piece(&device.put(&server, &hash, half as u64, &batch.transfer[half..]).await);
    device.verify_receipt(&last.receipt.unwrap().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrived_before_the_line_was_cut_is_kept() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let batch = device.seal(&[note(household(), "cut off")]);
    let hash = batch.item().hash;
    device.announce(&server, vec![batch.item()]).await;
    let cut_at = 40;
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PUT /v1/uploads/{}/{}?offset=0 HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
        device.device.0.simple(),
        domain::id::PhotoHash(hash).to_hex(),
        batch.transfer.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&batch.transfer[..cut_at]).await.unwrap();
    stream.flush().await.unwrap();
    drop(stream);
    // The server's own task writes it down; asked often enough, it says so.
    let mut held = 0;
    for _ in 0..500 {
        held = device.announce(&server, vec![batch.item()]).await.items[0].offset.unwrap();
        if held > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(held, cut_at as u64);
    let rest = piece(&device.put(&server, &hash, held, &batch.transfer[cut_at..]).await);
    device.verify_receipt(&rest.receipt.unwrap().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_upload_that_was_not_answered_is_answered_when_asked() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let batch = device.seal(&[note(household(), "no answer came")]);
    let hash = batch.item().hash;
    device.announce(&server, vec![batch.item()]).await;
    let receipt = piece(&device.put(&server, &hash, 0, &batch.transfer).await).receipt.unwrap();
    let answer = device.announce(&server, vec![batch.item()]).await;
    assert_eq!((answer.items[0].state, answer.items[0].receipt.clone()), (ItemState::Receipted, Some(receipt)));
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_not_what_was_announced_are_forgotten() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let batch = device.seal(&[note(household(), "right")]);
    let hash = batch.item().hash;
    device.announce(&server, vec![batch.item()]).await;
    let mut wrong = batch.transfer.clone();
    wrong[10] ^= 1;
    assert_eq!(device.put(&server, &hash, 0, &wrong).await.short(), "422 upload_hash_wrong");
    let mut too_long = batch.transfer.clone();
    too_long.push(0);
    assert_eq!(device.put(&server, &hash, 0, &too_long).await.short(), "413 upload_too_large");
    let answer = piece(&device.put(&server, &hash, 0, &batch.transfer).await);
    assert!(answer.receipt.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_does_not_hold_is_refused_whole() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let batch = device.seal(&[note(household(), "to be bent")]);
    for at in [60, batch.bytes().len() / 2, batch.bytes().len() - 5] {
        let mut bytes = batch.bytes();
        bytes[at] ^= 4;
        let transfer = zstd::bulk::compress(&bytes, 3).unwrap();
        let mut item = batch.item();
        (item.hash, item.bytes) = (sync::hash::sha256(&transfer), transfer.len() as u64);
        device.announce(&server, vec![item.clone()]).await;
        let answer = device.put(&server, &item.hash, 0, &transfer).await.short();
        assert!(answer == "422 batch_refused" || answer == "401 device_unknown", "{answer}");
    }
    let head = server.deployment.ledger.read(|records| records.unit(&device.unit)).unwrap().unwrap().head;
    assert_eq!(head, 1, "the officer's listing alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_a_batch_is_not_wanted() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let mut item = device.seal(&[note(household(), "x")]).item();
    item.bytes = 300 * 1024;
    let answer = device.announce(&server, vec![item]).await;
    assert_eq!((answer.items[0].state, answer.items[0].code.as_deref()), (ItemState::NotNow, Some("batch_too_large")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_announced_again_for_a_week_is_forgotten() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let batch = device.seal(&[note(household(), "forgotten")]);
    device.announce(&server, vec![batch.item()]).await;
    device.put(&server, &batch.item().hash, 0, &batch.transfer[..10]).await;
    server.set_now(NOW_MS + 8 * 24 * 3600 * 1000);
    device.announce(&server, Vec::new()).await;
    let answer = device.announce(&server, vec![batch.item()]).await;
    assert_eq!(answer.items[0].offset, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_tells_how_a_device_stands() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    device.clock_ms = NOW_MS + 60_000;
    let mut announcement = device.announcement(Vec::new());
    announcement.waiting = sync::message::Waiting { batches: 3, photos: 2, photo_bytes: 400_000 };
    server.post("/v1/uploads", device.sign(&announcement)).await;
    let row = server.deployment.ledger.read(|records| records.device(device.device)).unwrap().unwrap();
    assert_eq!((row.contact.waiting_batches, row.contact.waiting_photo_bytes), (3, 400_000));
    assert_eq!((row.contact.at_ms, row.contact.skew_ms), (Some(NOW_MS), 60_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_announces_no_more_than_it_may_leave_here() {
    let server = TestServer::start().await;
    let mut device = server.device(Role::Officer).await;
    let batch = device.seal(&[note(household(), "one of many")]);
    let items = (0..1024_u16).map(|number| {
        let mut item = batch.item();
        item.hash[..2].copy_from_slice(&number.to_be_bytes());
        item.hash_after.as_mut().unwrap()[..2].copy_from_slice(&number.to_be_bytes());
        item.bytes = 258 * 1024;
        item
    });
    let answer = device.announce(&server, items.collect()).await;
    let wanted = answer.items.iter().filter(|item| item.state == ItemState::Wanted).count();
    assert_eq!(wanted, 256 * 1024 / 258);
    assert!(answer.items[wanted..].iter().all(|item| item.code.as_deref() == Some("uploads_too_many")));
}
