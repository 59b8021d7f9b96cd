//! Pages of the log, and the access log.

use domain::id::ChainId;
use domain::role::Role;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use sync::feed::{PageRequest, VerifiedPage, verify_page};
use sync::hash::{access_after, chain_start};
use sync::message::{Access, AccessAction, AccessAnswer, AccessDetail, AccessLog, AccessStored, FORMAT};

use crate::device::{TestDevice, household, note};
use crate::server::{NOW_MS, TestServer, unit};

pub async fn read_page(server: &TestServer, device: &TestDevice, after: u64) -> VerifiedPage {
    let token = device.token(server).await;
    let answer = server.get(&format!("/v1/units/{}/feed?after={after}", device.unit), Some(&token)).await;
    assert_eq!(answer.short(), "200");
    let request = PageRequest {
        deployment: device.deployment,
        unit: device.unit.clone(),
        after,
        log: None,
        hash: None,
        server_key: device.server_key,
        enrolment_key: server.deployment.keys.enrolment.public_key(),
    };
    verify_page(&answer.body, &request).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_join_up_by_their_hashes_and_an_erasure_changes_none() {
    let server = TestServer::start().await;
    let mut writer = server.device(Role::Officer).await;
    for n in 0..3 {
        let batch = writer.seal(&[note(household(), &format!("note {n}"))]);
        writer.deliver(&server, &batch).await;
    }
    let whole = read_page(&server, &writer, 0).await;
    assert_eq!(whole.hash, sync::hash::LOG_START);
    for at in 1..=whole.head {
        let rest = read_page(&server, &writer, at).await;
        assert_eq!(rest.hash, whole.entries[at as usize - 1].log_hash);
        assert_eq!(rest.next_hash(), whole.next_hash());
    }
    let changes: Vec<_> = whole.entries[2].opened.headers.iter().map(|header| header.id).collect();
    let erase = |records: &mut dyn tungnha_server::ledger::Records| records.erase_changes(&unit(), &changes);
    server.deployment.ledger.write(tungnha_server::ledger::Scope::Unit(&unit()), erase).unwrap();
    let after = read_page(&server, &writer, 0).await;
    assert!(after.entries[2].opened.salted_bodies[0].is_empty());
    assert_eq!(after.next_hash(), whole.next_hash());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_reads_the_whole_log_as_its_authors_sealed_it() {
    let server = TestServer::start().await;
    let mut writer = server.device(Role::Officer).await;
    let reader = server.device(Role::Supervisor).await;
    let batches: Vec<_> = (0..5).map(|n| writer.seal(&[note(household(), &format!("note {n}"))])).collect();
    for batch in &batches {
        writer.deliver(&server, batch).await;
    }
    let page = read_page(&server, &reader, 0).await;
    assert_eq!((page.head, page.entries.len(), page.certificates.len()), (7, 7, 2), "with two listings by the server");
    let sealed: Vec<_> = page.entries[2..].iter().map(|entry| entry.sealed.clone()).collect();
    assert_eq!(sealed, batches.iter().map(|batch| batch.sealed.clone()).collect::<Vec<_>>());
    assert_eq!(page.entries[2].received_ms, NOW_MS);
    let rest = read_page(&server, &reader, 6).await;
    assert_eq!((rest.entries.len(), rest.entries[0].index), (1, 7));
    assert_eq!(read_page(&server, &reader, 7).await.entries.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_log_comes_in_pages_of_a_mebibyte() {
    let server = TestServer::start().await;
    let mut writer = server.device(Role::Officer).await;
    let long: String = (0..2000).map(|n| format!("{n} ")).collect();
    for _ in 0..8 {
        let batch = writer.seal(&(0..20).map(|_| note(household(), &long)).collect::<Vec<_>>());
        writer.deliver(&server, &batch).await;
    }
    let token = writer.token(&server).await;
    let (mut after, mut pages) = (0, 0);
    loop {
        let size = server.get(&format!("/v1/units/{}/feed?after={after}", unit()), Some(&token)).await.body.len();
        assert!(size <= 1024 * 1024, "{size}");
        let page = read_page(&server, &writer, after).await;
        if page.entries.is_empty() {
            break;
        }
        (after, pages) = (page.next_cursor(), pages + 1);
    }
    assert_eq!((after, pages), (9, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_compressed_for_whoever_asks() {
    let server = TestServer::start().await;
    let mut writer = server.device(Role::Officer).await;
    let batch = writer.seal(&[note(household(), &"again ".repeat(1000))]);
    writer.deliver(&server, &batch).await;
    let token = writer.token(&server).await;
    let url = format!("{}/v1/units/{}/feed", server.url, unit());
    let plain = server.get(&format!("/v1/units/{}/feed", unit()), Some(&token)).await.body;
    let packed = server.client.get(url).bearer_auth(&token).header(ACCEPT_ENCODING, "zstd").send().await.unwrap();
    assert_eq!(packed.headers()[CONTENT_ENCODING], "zstd");
    let packed = packed.bytes().await.unwrap();
    assert!(packed.len() < plain.len() / 3);
    assert_eq!(zstd::bulk::decompress(&packed, 1 << 20).unwrap(), plain);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_log_is_stored_once() {
    let server = TestServer::start().await;
    let device = server.device(Role::Officer).await;
    let access = |sequence, detail: Option<&str>| Access {
        sequence,
        at_ms: NOW_MS,
        officer: device.officer,
        action: AccessAction::Opened,
        entity: None,
        detail: detail.map(str::to_owned),
    };
    let chain = ChainId::from_bytes([0xac; 16]);
    let start = chain_start(chain);
    let send = async |entries: Vec<Access>, hash_before| {
        let log = AccessLog { format: FORMAT, device: device.device, unit: unit(), entries, chain, hash_before };
        server.post("/v1/access-log", device.sign(&log)).await
    };
    let read = |answer: crate::server::Answer| {
        let answer = sync::codec::decode::<AccessAnswer>(&answer.body).unwrap();
        (answer.stored_through, answer.hash)
    };
    let lines = [access(1, Some("3")), access(2, Some("Nguyễn Văn An")), access(3, None), access(4, None)];
    let hashes: Vec<_> = lines
        .iter()
        .scan(start, |before, line| {
            *before = access_after(before, line);
            Some(*before)
        })
        .collect();
    assert_eq!(read(send(lines[..2].to_vec(), start).await), (2, hashes[1]));
    assert_eq!(read(send(lines[1..3].to_vec(), hashes[0]).await), (3, hashes[2]));
    assert_eq!(read(send(lines[..2].to_vec(), start).await), (2, hashes[1]), "what is here already");
    assert_eq!(send(vec![access(4, None), access(6, None)], hashes[2]).await.short(), "422 entries_out_of_order");
    // A gap, another line in the place of one that is held, another beginning: nothing moves.
    assert_eq!(read(send(vec![access(9, None)], hashes[2]).await), (3, hashes[2]));
    assert_eq!(read(send(vec![access(3, Some("1")), access(4, None)], hashes[1]).await), (3, hashes[2]));
    assert_eq!(read(send(vec![access(4, None)], [7; 32]).await), (3, hashes[2]));
    assert_eq!(read(send(lines[3..].to_vec(), hashes[2]).await), (4, hashes[3]));
    let rows = server.deployment.ledger.read(|records| records.access(&unit(), None)).unwrap();
    let details: Vec<Option<AccessDetail>> = rows.iter().map(|(_, row)| row.detail).collect();
    assert_eq!(details, [Some(AccessDetail::Count(3)), None, None, None], "what someone typed is not kept");
    let alarms = server.deployment.ledger.read(|records| records.alarms(&unit())).unwrap();
    assert_eq!(alarms.iter().filter(|alarm| alarm.action == "access_log_forked").count(), 2);
    let heads = server.deployment.ledger.read(|records| records.access_heads(&unit())).unwrap();
    assert_eq!(heads, [AccessStored { device: device.device, chain, through: 4, hash: hashes[3] }]);
}
