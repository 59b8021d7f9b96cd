//! What the operator types at the word of an officer says so, in the change and in the audit.

use domain::change::{AreaPart, ErasureBasis, kind};
use domain::id::OfficerId;
use domain::role::Role;
use domain::unit::Unit;
use tungnha_server::audit::Actor;
use tungnha_server::deployment::Deployment;
use tungnha_server::enrol::{self, Cause};
use tungnha_server::ledger::{AuditRow, Scope};
use tungnha_server::state::header_of;
use tungnha_server::work::{self, Houses};
use tungnha_server::{alarms, erase};
use uuid::Uuid;

use crate::extract::people;
use crate::server::{TestServer, unit};

fn audit(deployment: &Deployment) -> Vec<AuditRow> {
    let mut rows = Vec::new();
    let collect = &mut |row: AuditRow| {
        rows.push(row);
        Ok(())
    };
    deployment.ledger.read(|records| records.each_audit(Some(&unit()), collect)).unwrap();
    rows
}

/// At whose word the last change of a kind was made.
fn on_behalf_of(deployment: &Deployment, change_kind: u16) -> Option<OfficerId> {
    let changes = deployment.ledger.read(|records| records.changes_of_kind(&unit(), change_kind)).unwrap();
    header_of(changes.last().unwrap()).unwrap().on_behalf_of
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_for_it_stands_in_the_change_and_in_the_audit() {
    let server = TestServer::start().await;
    server.import("2026-10", &people(20));
    let deployment = &server.deployment;
    let device = server.device(Role::Officer).await;
    let chief = server.officer(&unit(), Role::Supervisor);
    let by = Some(chief);
    let part = AreaPart { hamlet: "Thôn Đông".into(), alley: None };

    work::set_area(deployment, device.officer, vec![part], by).unwrap();
    work::assign(deployment, &unit(), &Houses::All, Some(device.officer), None, None, by).unwrap();
    work::set_policy(deployment, &unit(), Vec::new(), 90, by).unwrap();
    let leaver = work::add_officer(deployment, &unit(), "Trần Thị Mai", Role::Officer, by).unwrap().officer;
    work::remove_officer(deployment, leaver, by).unwrap();
    let revoked = deployment.ledger.write(Scope::Unit(&unit()), |records| {
        let actor = Actor::operator(records, &unit(), by)?;
        enrol::revoke(records, &deployment.keys, &unit(), device.device, Cause::Lost, actor, deployment.now_ms())
    });
    revoked.unwrap();

    for change_kind in [kind::AREA_SET, kind::ASSIGNED, kind::POLICY_SET, kind::OFFICER_LISTED, kind::DEVICE_REVOKED] {
        assert_eq!(on_behalf_of(deployment, change_kind), by, "type {change_kind}");
    }
    let rows = audit(deployment);
    let named = format!("operator:{chief}");
    for action in ["area_set", "assigned", "policy_set", "officer_listed", "officer_removed", "device_revoked"] {
        let last = rows.iter().rfind(|row| row.action == action).unwrap();
        assert_eq!(last.actor, named, "{action}");
    }
    // Without a word nobody is named.
    work::set_policy(deployment, &unit(), Vec::new(), 180, None).unwrap();
    assert_eq!(on_behalf_of(deployment, kind::POLICY_SET), None);
    assert_eq!(audit(deployment).last().unwrap().actor, "operator");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_at_work_in_the_unit_can_ask_for_it() {
    let server = TestServer::start().await;
    let deployment = &server.deployment;
    let here = server.officer(&unit(), Role::Officer);
    let elsewhere = server.officer(&"25363".parse::<Unit>().unwrap(), Role::Supervisor);
    let left = server.officer(&unit(), Role::Supervisor);
    work::remove_officer(deployment, left, None).unwrap();
    let lines = audit(deployment).len();

    for by in [elsewhere, left, OfficerId(Uuid::now_v7())] {
        let refused = work::set_policy(deployment, &unit(), Vec::new(), 90, Some(by)).unwrap_err();
        assert_eq!(refused.code(), "officer_unknown");
        let area = vec![AreaPart { hamlet: "Thôn Đông".into(), alley: None }];
        assert_eq!(work::set_area(deployment, here, area, Some(by)).unwrap_err().code(), "officer_unknown");
        let basis = ErasureBasis::WrongPerson;
        let person = domain::id::PersonId(Uuid::now_v7());
        let erased = erase::erase_person(deployment, &unit(), person, basis, Some(by)).unwrap_err();
        assert_eq!(erased.code(), "officer_unknown");
    }
    assert_eq!(audit(deployment).len(), lines, "nothing was done");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_is_open_until_an_officer_has_seen_it() {
    let server = TestServer::start().await;
    let deployment = &server.deployment;
    let chief = server.officer(&unit(), Role::Supervisor);
    for _ in 0..2 {
        let now_ms = deployment.now_ms();
        let started = deployment.ledger.write(Scope::Unit(&unit()), |records| {
            tungnha_server::ingest::restored::start_new_log(records, &unit(), "by hand", now_ms)
        });
        started.unwrap();
    }
    let open = |deployment: &Deployment| {
        let status = tungnha_server::status::status(deployment, Some(&unit())).unwrap().remove(0);
        assert_eq!(status.alarms_open, status.alarms.len());
        status.alarms.into_iter().map(|alarm| alarm.sequence).collect::<Vec<_>>()
    };
    let [first, second] = open(deployment)[..] else { panic!("two alarms") };

    assert!(alarms::acknowledge_alarm(deployment, &unit(), first, chief).unwrap());
    assert!(!alarms::acknowledge_alarm(deployment, &unit(), first, chief).unwrap(), "once is enough");

    assert_eq!(open(deployment), [second]);
    let all = alarms::list_alarms(deployment, &unit()).unwrap();
    let seen = all[0].seen.as_ref().unwrap();
    assert_eq!((all.len(), seen.by.clone()), (2, format!("operator:{chief}")));
    assert_eq!(all[1].seen, None);
    let line = audit(deployment).pop().unwrap();
    assert_eq!((line.action.as_str(), line.subject), ("alarm_seen", first.to_string()));
    let stranger = OfficerId(Uuid::now_v7());
    let refused = alarms::acknowledge_alarm(deployment, &unit(), second, stranger).unwrap_err();
    assert_eq!(refused.code(), "officer_unknown");
    let unknown = alarms::acknowledge_alarm(deployment, &unit(), line.sequence, chief).unwrap_err();
    assert_eq!(unknown.code(), "alarm_unknown", "a line of the audit that is no alarm");
}
