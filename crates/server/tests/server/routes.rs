//! Every route with and without credentials; what strangers get.

use domain::role::Role;
use domain::unit::Unit;
use reqwest::Method;
use sync::message::{AccessLog, Challenge, FORMAT, Identity};
use tungnha_server::tokens::TOKEN_MS;

use crate::device::{TestDevice, household, note};
use crate::server::{NOW_MS, TestServer, unit};

const HASH: &str = "00000000000000000000000000000000000000000000000000000000000000aa";

fn reads(unit: &Unit) -> [String; 4] {
    [
        format!("/v1/units/{unit}/feed?after=0"),
        format!("/v1/units/{unit}/register?have=0"),
        format!("/v1/units/{unit}/pieces/{HASH}?offset=0"),
        format!("/v1/units/{unit}/photos/{HASH}?offset=0"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn identity_is_given_to_anyone_and_hashes_to_the_fingerprint() {
    let server = TestServer::start().await;
    let answer = server.get("/v1/identity", None).await;
    assert_eq!((answer.short().as_str(), answer.content_type.as_str()), ("200", "application/cbor"));
    let identity: Identity = sync::codec::decode(&answer.body).unwrap();
    assert!(identity.ca_certificate.0.is_empty(), "plain HTTP has no authority");
    let hash = sync::hash::sha256(&answer.body);
    let shown = data_encoding::BASE32_NOPAD.encode(&hash[..20]);
    assert_eq!(server.deployment.keys.fingerprint(true).replace('-', ""), shown);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_read_without_a_token_of_the_unit() {
    let server = TestServer::start().await;
    let device = server.device(Role::Officer).await;
    let other_unit = Unit::of_2025("25363");
    let elsewhere = server.device_in(&other_unit, Role::Supervisor).await;
    let (token, token_elsewhere) = (device.token(&server).await, elsewhere.token(&server).await);
    let mut flipped = token.clone().into_bytes();
    let middle = flipped.len() / 2;
    flipped[middle] = if flipped[middle] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();

    for path in reads(&unit()) {
        assert_eq!(server.get(&path, None).await.short(), "401 token_missing", "{path}");
        assert_eq!(server.get(&path, Some("")).await.status.as_u16(), 401, "{path}");
        assert_eq!(server.get(&path, Some("nonsense!")).await.short(), "401 token_wrong", "{path}");
        assert_eq!(server.get(&path, Some(&flipped)).await.short(), "401 token_wrong", "{path}");
        assert_eq!(server.get(&path, Some(&token_elsewhere)).await.short(), "403 unit_forbidden", "{path}");
        let read = server.get(&path, Some(&token)).await.short();
        let nothing_there = ["404 edition_missing", "404 piece_unknown", "404 photo_unknown"];
        assert!(read == "200" || nothing_there.contains(&read.as_str()), "{path}: {read}");
    }
    server.set_now(NOW_MS + TOKEN_MS + 1);
    for path in reads(&unit()) {
        assert_eq!(server.get(&path, Some(&token)).await.short(), "401 token_expired", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_work_in_a_unit_read_it() {
    for (role, answer) in [
        (Role::Officer, "200"),
        (Role::Supervisor, "200"),
        (Role::Operator, "403 role_forbidden"),
        (Role::Auditor, "403 role_forbidden"),
    ] {
        let server = TestServer::start().await;
        let mut device = server.device(Role::Officer).await;
        // No command enrols these roles; a certificate for one reads nothing all the same.
        adopt_as(&server, &mut device, role);
        assert_eq!(device.ask_token(&server).await.short(), answer, "{role:?}");
    }
}

fn adopt_as(server: &TestServer, device: &mut TestDevice, role: Role) {
    let keys = &server.deployment.keys;
    let fresh = TestDevice::new(&unit());
    let certificate = sync::message::Certificate {
        format: FORMAT,
        device: fresh.device,
        public_key: fresh.key.public_key(),
        unit: Some(unit()),
        role,
        officer: device.officer,
        from_ms: 0,
        to_ms: u64::from(u32::MAX),
        key_epoch: 1,
        stick_key: None,
    };
    let deployment = device.deployment;
    *device = fresh;
    device.deployment = deployment;
    device.certificate = sync::cose::sign(&certificate, &keys.enrolment, keys.deployment).0;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_is_good_for_one_token_and_two_minutes() {
    let server = TestServer::start().await;
    let device = server.device(Role::Officer).await;
    let challenge: Challenge = sync::codec::decode(&server.post("/v1/challenge", Vec::new()).await.body).unwrap();
    let request = device.sign(&device.token_request(challenge.nonce));
    assert_eq!(server.post("/v1/token", request.clone()).await.short(), "200");
    assert_eq!(server.post("/v1/token", request).await.short(), "401 challenge_wrong");

    let made_up = device.sign(&device.token_request([1; 32]));
    assert_eq!(server.post("/v1/token", made_up).await.short(), "401 challenge_wrong");

    let challenge: Challenge = sync::codec::decode(&server.post("/v1/challenge", Vec::new()).await.body).unwrap();
    server.set_now(challenge.good_until_ms + 1);
    let late = device.sign(&device.token_request(challenge.nonce));
    assert_eq!(server.post("/v1/token", late).await.short(), "401 challenge_wrong");
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_requests_of_strangers_are_refused() {
    let server = TestServer::start().await;
    let mut known = server.device(Role::Officer).await;
    let mut stranger = TestDevice::new(&unit());
    stranger.deployment = known.deployment;
    let sealed = stranger.seal(&[note(household(), "x")]);
    let announcement = stranger.sign(&stranger.announcement(vec![sealed.item()]));
    assert_eq!(server.post("/v1/uploads", announcement).await.short(), "401 device_unknown");
    assert_eq!(stranger.ask_token(&server).await.short(), "401 device_unknown");
    let (chain, hash_before) = (stranger.chain, stranger.head);
    let log =
        AccessLog { format: FORMAT, device: stranger.device, unit: unit(), entries: Vec::new(), chain, hash_before };
    assert_eq!(server.post("/v1/access-log", stranger.sign(&log)).await.short(), "401 device_unknown");

    // Of a device that is known, in another's name or for another unit.
    let mut announcement = known.announcement(Vec::new());
    announcement.device = stranger.device;
    assert_eq!(server.post("/v1/uploads", known.sign(&announcement)).await.short(), "401 signature_wrong");
    known.unit = Unit::of_2025("25363");
    let announcement = known.sign(&known.announcement(Vec::new()));
    assert_eq!(server.post("/v1/uploads", announcement).await.short(), "403 unit_forbidden");

    // What was not announced is not taken.
    let put = stranger.put(&server, &sealed.item().hash, 0, &sealed.transfer).await;
    assert_eq!(put.short(), "404 upload_not_announced");
}

#[tokio::test(flavor = "multi_thread")]
async fn anything_else_is_a_problem_with_a_code() {
    let server = TestServer::start().await;
    let cases = [
        (Method::GET, "/", Vec::new(), "404 route_unknown"),
        (Method::GET, "/v1/nothing", Vec::new(), "404 route_unknown"),
        (Method::DELETE, "/v1/identity", Vec::new(), "405 method_wrong"),
        (Method::POST, "/v1/enrol", b"hello".to_vec(), "401 signature_wrong"),
        (Method::POST, "/v1/enrol", vec![0; 70_000], "413 body_too_large"),
        (Method::POST, "/v1/token", Vec::new(), "400 body_unreadable"),
        (Method::POST, "/v1/uploads", vec![0xa0], "400 body_unreadable"),
        (Method::PUT, "/v1/uploads/xyz/abc?offset=0", Vec::new(), "400 query_wrong"),
        (Method::GET, "/v1/units/%ff/feed", Vec::new(), "400 query_wrong"),
    ];
    for (method, path, body, expected) in cases {
        let answer = server.send(method, path, None, body).await;
        assert_eq!(answer.short(), expected, "{path}");
        assert_eq!(answer.problem().trace_id.len(), 16);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_device_reads_nothing_more() {
    let server = TestServer::start().await;
    let device = server.device(Role::Officer).await;
    let token = device.token(&server).await;
    crate::batches::revoke(&server, &device);
    for path in reads(&unit()) {
        assert_eq!(server.get(&path, Some(&token)).await.short(), "403 device_revoked", "{path}");
    }
    assert_eq!(device.ask_token(&server).await.short(), "403 device_revoked");
}
