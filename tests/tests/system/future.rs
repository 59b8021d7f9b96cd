//! A laptop that meets what a later version wrote.

use domain::change::{Body, EntityKind, EntityRef, NoteWritten, PhotoRef, kind};
use domain::id::{ChainId, ChangeId, DeviceId, OfficerId, PhotoHash};
use domain::role::Role;
use server::ingest::{take_batch, verify_sealed};
use store::Store;
use sync::batch::{Draft, SealRequest, build_change, seal};
use sync::keys::SigningKey;
use sync::message::{Blob, Certificate, FORMAT, FeedEntry, Made};
use tungnha_tests::world::{Desk, World};

async fn not_understood(desk: &Desk) -> u64 {
    desk.laptop.app.run::<app::command::SyncStatus>(()).await.unwrap().queue.not_understood
}

/// Of an older build, which had no notes yet.
fn knows_no_notes(change_kind: u16, version: u16) -> bool {
    change_kind != kind::NOTE_WRITTEN && kind::is_known(change_kind) && version == 1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_type_from_the_future_is_kept_and_disturbs_nothing() {
    let mut world = World::of(60).await.unwrap();
    let (newer, officer) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    let person = officer.person(0).await.unwrap();
    newer.laptop.lock().await.unwrap();
    let store = newer.laptop.open_store(Store::open).unwrap();
    let profile = store.profile().unwrap();
    let chain = ChainId(uuid::Uuid::now_v7());
    let draft = Draft {
        id: ChangeId(uuid::Uuid::now_v7()),
        entity: EntityRef::new(EntityKind::Person, person),
        edition: 1,
        seen: 0,
        author: profile.officer,
        wall_clock_ms: newer.laptop.clock.now_ms(),
        photos: None,
        clock_set_back_ms: None,
        on_behalf_of: None,
        body: Body::NoteWritten(NoteWritten { text: "điều của mai sau".into() }),
    };
    let mut change = build_change(draft, 1, [7; 16]).unwrap();
    change.header.kind = 199;
    change.header_bytes = sync::codec::encode(&change.header);
    let request = SealRequest {
        device: profile.device,
        chain,
        key_epoch: profile.key_epoch,
        unit: profile.unit.clone(),
        hash_before: sync::hash::chain_start(chain),
        receipt_seen: None,
        made: Made { created_ms: newer.laptop.clock.now_ms(), app_version: "9.0.0".into(), schema_version: 9 },
        replaces: None,
        log: None,
        changes: &[change],
    };
    let (sealed, _) = seal(request, store.signing_key(), profile.deployment).unwrap();
    drop(store);
    let deployment = world.server.deployment();
    let verified = verify_sealed(deployment, sync::codec::encode(&sealed)).unwrap();
    assert!(
        take_batch(deployment, &verified, None, None).unwrap().index.is_some(),
        "the server takes what it does not know"
    );

    officer.note_on(person, "hôm nay").await.unwrap();
    officer.sync().await.unwrap();

    assert_eq!(not_understood(&officer).await, 1);
    assert_eq!(officer.open(person).await.unwrap().view.state.notes.len(), 1, "work goes on");
    world.assert_converged(&[&officer]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_older_build_could_not_read_counts_after_its_upgrade() {
    let mut world = World::of(60).await.unwrap();
    let (author, reader) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    let person = author.person(0).await.unwrap();
    author.note_on(person, "ghi chú của bản mới").await.unwrap();
    author.sync().await.unwrap();
    reader.laptop.lock().await.unwrap();

    // The older build reads the log.
    let store = reader.laptop.open_store(|folder, key| Store::open_understanding(folder, key, knows_no_notes)).unwrap();
    let deployment = world.server.deployment();
    let after = store.page_request().unwrap().after;
    let now_ms = reader.laptop.clock.now_ms();
    let page = deployment
        .ledger
        .read(|records| server::feed::read_page(records, &deployment.keys, &world.server.unit, after, now_ms))
        .unwrap();
    store.take_feed_page(&deployment.keys.sign(&page), now_ms).unwrap();
    assert_eq!(store.queue_status().unwrap().not_understood, 1);
    store.close().unwrap();

    // The upgrade.
    reader.laptop.unlock().await.unwrap();
    assert_eq!(not_understood(&reader).await, 0);
    let notes = reader.open(person).await.unwrap().view.state.notes;
    assert_eq!(notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["ghi chú của bản mới"]);
    reader.sync().await.unwrap();
    world.assert_converged(&[&author, &reader]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_and_a_media_type_of_a_later_version_do_not_stop_the_log() {
    let mut world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let person = officer.person(0).await.unwrap();
    officer.sync().await.unwrap();
    officer.laptop.lock().await.unwrap();
    let store = officer.laptop.open_store(Store::open).unwrap();
    let (deployment, unit) = (world.server.deployment(), &world.server.unit);
    let (now_ms, after) = (officer.laptop.clock.now_ms(), store.page_request().unwrap().after);

    // Of a server of the next version: someone in a role that this one does not know, and a photo of a new kind.
    let key = SigningKey::generate();
    let certificate = Certificate {
        format: FORMAT,
        device: DeviceId(uuid::Uuid::now_v7()),
        public_key: key.public_key(),
        unit: Some(unit.clone()),
        role: Role::Other(9),
        officer: OfficerId(uuid::Uuid::now_v7()),
        from_ms: now_ms,
        to_ms: now_ms + 1,
        key_epoch: 1,
        stick_key: None,
    };
    let draft = Draft {
        id: ChangeId(uuid::Uuid::now_v7()),
        entity: EntityRef::new(EntityKind::Person, person),
        edition: 1,
        seen: 0,
        author: certificate.officer,
        wall_clock_ms: now_ms,
        photos: None,
        clock_set_back_ms: None,
        on_behalf_of: None,
        body: Body::NoteWritten(NoteWritten { text: "vai trò của mai sau".into() }),
    };
    let mut change = build_change(draft, 1, [7; 16]).unwrap();
    let photo = PhotoRef { hash: PhotoHash([9; 32]), bytes: 9, media_type: "image/avif".into() };
    change.header.photos = Some(vec![photo]);
    change.header_bytes = sync::codec::encode(&change.header);
    let chain = ChainId(uuid::Uuid::now_v7());
    let request = SealRequest {
        device: certificate.device,
        chain,
        key_epoch: 1,
        unit: unit.clone(),
        hash_before: sync::hash::chain_start(chain),
        receipt_seen: None,
        made: Made { created_ms: now_ms, app_version: "9.0.0".into(), schema_version: 9 },
        replaces: None,
        log: None,
        changes: &[change],
    };
    let (sealed, batch) = seal(request, &key, deployment.keys.deployment).unwrap();
    let mut page = deployment
        .ledger
        .read(|records| server::feed::read_page(records, &deployment.keys, unit, after, now_ms))
        .unwrap();
    page.head += 1;
    page.entries.push(FeedEntry {
        index: page.head,
        envelope: sealed.envelope,
        bodies: sealed.bodies,
        verdicts: Vec::new(),
        received_ms: now_ms,
    });
    let signed = sync::cose::sign(&certificate, &deployment.keys.enrolment, deployment.keys.deployment);
    page.certificates.push(Blob(signed.0));
    let through = sync::hash::log_after(&page.hash, &batch.hash_after);
    let page = sync::feed::sign_page(page, through, &deployment.keys.device_key, deployment.keys.deployment);

    let taken = store.take_feed_page(page.as_bytes(), now_ms).unwrap();

    assert_eq!((taken.cursor, taken.head), (after + 1, after + 1), "it is kept, and reading goes on");
    assert_eq!(store.wanted_photos(100).unwrap(), [], "and not fetched");
    store.close().unwrap();
    officer.laptop.unlock().await.unwrap();
    let shown = officer.open(person).await.unwrap().view.state.notes.len();
    assert_eq!(shown, 0, "who may do nothing here has done nothing");
    world.server.stop().await.unwrap();
}
