//! Enrolment codes: tries, age, replay, race.

use domain::role::Role;
use tungnha_server::enrol::issue_code;

use crate::device::TestDevice;
use crate::server::{NOW_MS, TestServer, unit};

const DAY_MS: u64 = 24 * 3600 * 1000;

#[tokio::test(flavor = "multi_thread")]
async fn a_code_enrols_once_and_answers_its_own_key_again_byte_for_byte() {
    let mut server = TestServer::start().await;
    let code = server.code(server.officer(&unit(), Role::Officer));
    let mut device = TestDevice::new(&unit());
    let first = device.enrol(&server, &code).await;
    assert_eq!(first.short(), "200");
    server.restart().await;
    server.set_now(NOW_MS + DAY_MS);
    let again = device.enrol(&server, &code).await;
    assert_eq!(again.body, first.body);

    let mut other = TestDevice::new(&unit());
    assert_eq!(other.enrol(&server, &code).await.short(), "409 code_used");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_read_as_people_write_it() {
    let server = TestServer::start().await;
    let code = server.code(server.officer(&unit(), Role::Officer));
    let (id, secret) = code.split_once('-').unwrap();
    let sloppy = format!("{}-{}", id.to_lowercase().replace('0', "o"), secret.to_lowercase().replace('-', " "));
    let mut device = TestDevice::new(&unit());
    assert_eq!(device.enrol(&server, &sloppy).await.short(), "200");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_secrets_end_a_code() {
    let server = TestServer::start().await;
    let code = server.code(server.officer(&unit(), Role::Officer));
    let (id, _) = code.split_once('-').unwrap();
    for guess in 0..5 {
        let mut device = TestDevice::new(&unit());
        let answer = device.enrol(&server, &format!("{id}-00000-00000-00{guess}")).await;
        assert_eq!(answer.short(), "403 code_refused");
    }
    let mut device = TestDevice::new(&unit());
    assert_eq!(device.enrol(&server, &code).await.short(), "403 code_exhausted", "the right secret comes too late");
    assert_eq!(device.enrol(&server, "AAAAAAAA-00000-00000-000").await.short(), "403 code_refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_lives_seven_days() {
    let server = TestServer::start().await;
    let code = server.code(server.officer(&unit(), Role::Officer));
    server.set_now(NOW_MS + 7 * DAY_MS + 1);
    let mut device = TestDevice::new(&unit());
    assert_eq!(device.enrol(&server, &code).await.short(), "403 code_expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_exactly_one_wins() {
    let server = TestServer::start().await;
    let code = server.code(server.officer(&unit(), Role::Officer));
    let mut answers = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let mut device = TestDevice::new(&unit());
        device.deployment = server.deployment.keys.deployment;
        let request = device.sign(&device.enrolment_request(&code));
        let sending = server.client.post(format!("{}/v1/enrol", server.url)).body(request).send();
        answers.spawn(async move { crate::server::read(sending.await.unwrap()).await.short() });
    }
    let mut answers = answers.join_all().await;
    answers.sort();
    let mut expected = vec!["409 code_used"; 19];
    expected.insert(0, "200");
    assert_eq!(answers, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_proves_its_own_key() {
    let server = TestServer::start().await;
    let code = server.code(server.officer(&unit(), Role::Officer));
    let (mut device, other) = (TestDevice::new(&unit()), TestDevice::new(&unit()));
    device.deployment = server.deployment.keys.deployment;
    let mut request = device.enrolment_request(&code);
    request.public_key = other.key.public_key();
    assert_eq!(server.post("/v1/enrol", device.sign(&request)).await.short(), "401 signature_wrong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_enrolled_under_one_key() {
    let server = TestServer::start().await;
    let device = server.device(Role::Officer).await;
    let mut twin = TestDevice::new(&unit());
    twin.device = device.device;
    let code = server.code(server.officer(&unit(), Role::Officer));
    assert_eq!(twin.enrol(&server, &code).await.short(), "409 device_exists");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_device_is_revoked_when_the_new_one_enrols() {
    let server = TestServer::start().await;
    let old = server.device(Role::Officer).await;
    let token = old.token(&server).await;
    let code = issue_code(&server.deployment, old.officer, Some(old.device)).unwrap().code;
    assert_eq!(server.get(&format!("/v1/units/{}/feed", unit()), Some(&token)).await.short(), "200");
    let mut new = TestDevice::new(&unit());
    assert_eq!(new.enrol(&server, &code).await.short(), "200");
    assert_eq!(new.officer, old.officer);
    assert_eq!(server.get(&format!("/v1/units/{}/feed", unit()), Some(&token)).await.short(), "403 device_revoked");
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_and_auditors_get_no_code() {
    let server = TestServer::start().await;
    for role in [Role::Operator, Role::Auditor] {
        let officer = server.officer(&unit(), role);
        let refused = issue_code(&server.deployment, officer, None).unwrap_err();
        assert_eq!(refused.code(), "role_not_enrolled");
    }
}
