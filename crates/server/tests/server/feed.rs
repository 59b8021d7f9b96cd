//! Pages of the log, and the access log.

use domain::change::{EntityKind, EntityRef};
use domain::role::Role;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use sync::feed::{PageRequest, VerifiedPage, verify_page};
use sync::message::{Access, AccessAction, AccessAnswer, AccessDetail, AccessLog, FORMAT};

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
        entity: Some(EntityRef::new(EntityKind::Household, household())),
        detail: detail.map(str::to_owned),
    };
    let send = async |entries| {
        let log = AccessLog { format: FORMAT, device: device.device, unit: unit(), entries };
        server.post("/v1/access-log", device.sign(&log)).await
    };
    let stored =
        |answer: crate::server::Answer| sync::codec::decode::<AccessAnswer>(&answer.body).unwrap().stored_through;
    assert_eq!(stored(send(vec![access(1, Some("3")), access(2, Some("Nguyen Van An"))]).await), 2);
    assert_eq!(stored(send(vec![access(2, None), access(3, None)]).await), 3);
    assert_eq!(send(vec![access(4, None), access(6, None)]).await.short(), "422 entries_out_of_order");
    let rows = server.deployment.ledger.read(|records| records.access(&unit(), None)).unwrap();
    let details: Vec<Option<AccessDetail>> = rows.iter().map(|(_, row)| row.detail).collect();
    assert_eq!(details, [Some(AccessDetail::Count(3)), None, None], "what someone typed is not kept");
}
