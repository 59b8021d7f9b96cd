//! Whom a laptop believes: the fingerprint on paper, one pinned authority, nothing that a portal or a proxy says. And what
//! the server believes of a laptop that was tampered with.

use std::fs::File;

use app::case::profile::{Enrol, PreviewEnrolment};
use app::case::stick::{TakeQueueFile, WriteQueueFile};
use app::command;
use app::error::Code;
use domain::id::OfficerId;
use server::stick::{give_queue_file, take_queue_file};
use tungnha_tests::bad_line::{Cut, Direction};
use tungnha_tests::imposter::{Answer, Imposter};
use tungnha_tests::laptop::PASSPHRASE;
use tungnha_tests::world::{Desk, World};

use domain::role::Role;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_another_authority_gets_nothing() {
    let mut world = World::of(60).await.unwrap();
    let imposter = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let house = officer.house(0).await.unwrap().household;
    officer.visit(house).await.unwrap();

    officer.laptop.line.redirect(imposter.server.address());
    let refused = officer.sync().await.unwrap_err();

    assert_eq!(refused.code, Code::CertificateWrong);
    world.lead(&[&officer]);
    officer.sync().await.unwrap();
    world.assert_converged(&[&officer]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_does_not_enrol_where_the_fingerprint_differs() {
    let world = World::of(60).await.unwrap();
    let other = World::of(60).await.unwrap();
    let officer = world.server.add_officer("Nguyễn Văn Bình", Role::Officer).unwrap();
    let paper = world.server.paper_for(officer).unwrap();
    let laptop = world.bare_laptop().await.unwrap();
    laptop.line.redirect(other.server.address());

    let refused = laptop.enrol(&paper).await.unwrap_err();

    assert_eq!(refused.code, Code::FingerprintMismatch);
    // The code was shown to nobody: it still enrols at the right server.
    laptop.line.redirect(world.server.address());
    laptop.enrol(&paper).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_a_proxy_and_a_redirect_are_told_apart_and_cost_nothing() {
    let mut world = World::over_plain_http(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let houses = officer.houses().await.unwrap();
    let cases = [
        (Answer::Page, Code::AnsweredHtml),
        (Answer::LoginPage, Code::LoginPage),
        (Answer::RedirectToPlainHttp, Code::RedirectRefused),
        (Answer::AuthenticationRequired, Code::LoginPage),
        (Answer::Nonsense, Code::AnswerUnreadable),
    ];

    for (number, (answer, code)) in cases.into_iter().enumerate() {
        officer.visit(houses[number].household).await.unwrap();
        let imposter = Imposter::start(answer).await.unwrap();
        officer.laptop.line.redirect(imposter.address);
        let refused = officer.sync().await.unwrap_err();
        assert_eq!(refused.code, code, "{answer:?}");
        let waiting = officer.laptop.app.run::<command::SyncStatus>(()).await.unwrap().queue;
        assert!(waiting.changes_waiting > 0, "{answer:?}: nothing counts as sent");
    }

    world.lead(&[&officer]);
    officer.sync().await.unwrap();
    world.assert_converged(&[&officer]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_with_nothing_behind_it_is_a_server_that_failed() {
    let world = World::over_plain_http(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let imposter = Imposter::start(Answer::BadGateway).await.unwrap();
    officer.laptop.line.redirect(imposter.address);

    let refused = officer.sync().await.unwrap_err();

    assert!(matches!(refused.code, Code::ServerFailed | Code::AnsweredHtml), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_leaves_this_machine_nowhere() {
    let world = World::of(60).await.unwrap();
    let laptop = world.bare_laptop().await.unwrap();

    let preview = PreviewEnrolment { server: "http://192.0.2.7:8443".into() };
    let refused = laptop.app.run::<command::PreviewEnrolment>(preview).await.unwrap_err();

    assert_eq!(refused.code, Code::PlainHttpRefused);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrolment_that_is_broken_off_is_simply_asked_again() {
    let world = World::over_plain_http(60).await.unwrap();
    let officer = world.server.add_officer("Nguyễn Văn Bình", Role::Officer).unwrap();
    let paper = world.server.paper_for(officer).unwrap();
    let laptop = world.bare_laptop().await.unwrap();
    let mut broken_off = 0;

    // The answer is cut off ever later; in the end it comes through, with the same code.
    for after_bytes in (1..).step_by(150) {
        let from = laptop.line.connections();
        laptop.line.cut_by(std::sync::Arc::new(move |number| {
            (number >= from).then_some(Cut { direction: Direction::Down, after_bytes })
        }));
        match laptop.enrol(&paper).await {
            Ok(enrolled) => {
                assert_eq!(enrolled.profile.officer, officer);
                break;
            }
            Err(_) => broken_off += 1,
        }
    }

    assert!(broken_off >= 3, "{broken_off}");
    laptop.line.mend();
    laptop.app.run::<command::Download>(()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_enrols_one_laptop_and_takes_five_tries() {
    let world = World::of(60).await.unwrap();
    let officer = world.server.add_officer("Nguyễn Văn Bình", Role::Officer).unwrap();
    let used = world.server.paper_for(officer).unwrap();
    let first = world.bare_laptop().await.unwrap();
    first.enrol(&used).await.unwrap();
    let second = world.bare_laptop().await.unwrap();
    assert_eq!(second.enrol(&used).await.unwrap_err().code, Code::EnrolmentCodeUsed);

    let fresh = world.server.paper_for(officer).unwrap();
    let mut guessed = fresh.clone();
    let last = if guessed.code.ends_with('0') { "1" } else { "0" };
    guessed.code.replace_range(guessed.code.len() - 1.., last);
    for _ in 0..5 {
        assert_eq!(second.enrol(&guessed).await.unwrap_err().code, Code::EnrolmentCodeRefused);
    }
    assert_eq!(second.enrol(&fresh).await.unwrap_err().code, Code::EnrolmentCodeExhausted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_for_a_week() {
    let world = World::of(60).await.unwrap();
    let officer = world.server.add_officer("Nguyễn Văn Bình", Role::Officer).unwrap();
    let paper = world.server.paper_for(officer).unwrap();
    let laptop = world.bare_laptop().await.unwrap();
    world.server.clock.move_by_ms(8 * 24 * 3600 * 1000);

    let params = Enrol {
        server: laptop.server_address(),
        fingerprint: paper.fingerprint,
        code: paper.code,
        passphrase: PASSPHRASE.into(),
    };
    let refused = laptop.app.run::<command::Enrol>(params).await.unwrap_err();

    assert_eq!(refused.code, Code::EnrolmentCodeExpired);
}

/// Puts another officer into the lines of the access log that wait, chain and all: what someone does who has the
/// passphrase and no wish to be the one who looked.
async fn blame(desk: &Desk, other: OfficerId) {
    desk.laptop.lock().await.unwrap();
    let open = |folder: &std::path::Path, master: &vault::MasterKey| {
        let key = master.database_key("work");
        let work = vault::open_database(&folder.join("work.db"), &key, vault::OpenOptions::default()).unwrap();
        work.execute(
            "UPDATE access SET officer = ?1
             WHERE sequence > (SELECT stored_through FROM access_chain WHERE n = access.chain)",
            [other.as_bytes()],
        )
        .unwrap();
        drop(work);
        let store = store::Store::open(folder, master)?;
        let logs = store.access_logs_waiting(usize::MAX)?;
        drop(store);
        let work = vault::open_database(&folder.join("work.db"), &key, vault::OpenOptions::default()).unwrap();
        for log in &logs {
            let mut hash = log.hash_before;
            for line in &log.entries {
                assert_eq!(line.officer, other);
                hash = sync::hash::access_after(&hash, line);
                let of_chain = "UPDATE access SET hash = ?1 WHERE sequence = ?2
                                AND chain = (SELECT n FROM access_chain WHERE id = ?3)";
                work.execute(of_chain, (hash, line.sequence as i64, log.chain.as_bytes())).unwrap();
            }
        }
        drop(work);
        store::Store::open(folder, master)
    };
    drop(desk.laptop.open_store(open).unwrap());
    desk.laptop.unlock().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looked_is_whose_laptop_it_was_whatever_the_line_says() {
    let world = World::of(60).await.unwrap();
    let (officer, colleague) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    let (unit, deployment) = (&world.server.unit, world.server.deployment());
    let lines_of = |officer| deployment.ledger.read(|records| records.access(unit, Some(officer))).unwrap();
    let alarms = || {
        let alarms = deployment.ledger.read(|records| records.alarms(unit)).unwrap();
        let forged = alarms.into_iter().filter(|alarm| alarm.action == "access_log_of_other_officer");
        forged.map(|alarm| (alarm.actor, alarm.subject)).collect::<Vec<_>>()
    };
    let waiting = async || officer.laptop.app.run::<command::SyncStatus>(()).await.unwrap().queue.access_waiting;
    officer.house(0).await.unwrap();
    officer.sync().await.unwrap();
    let honest = lines_of(officer.officer).len();
    assert!(honest > 0 && alarms().is_empty(), "{honest} {:?}", alarms());

    // By the line: the lines are kept, as his who looked, once; nothing is held up behind them.
    officer.house(1).await.unwrap();
    blame(&officer, colleague.officer).await;
    officer.sync().await.unwrap();
    officer.house(2).await.unwrap();
    officer.sync().await.unwrap();
    assert_eq!(waiting().await, 0);
    let by_line = lines_of(officer.officer).len();
    assert!(by_line > honest + 1, "{honest} {by_line}");

    // By stick the same.
    officer.laptop.line.unplug(true);
    officer.house(3).await.unwrap();
    blame(&officer, colleague.officer).await;
    let (there, back) = (world.path("there.tungnha"), world.path("back.tungnha"));
    let params = WriteQueueFile { path: there.display().to_string(), with_photos: true };
    officer.laptop.app.run::<command::WriteQueueFile>(params).await.unwrap();
    for _ in 0..2 {
        assert_eq!(take_queue_file(deployment, File::open(&there).unwrap()).unwrap().refused, 0);
    }
    give_queue_file(deployment, unit, File::create(&back).unwrap()).unwrap();
    let params = TakeQueueFile { path: back.display().to_string() };
    officer.laptop.app.run::<command::TakeQueueFile>(params).await.unwrap();

    assert_eq!(waiting().await, 0);
    assert!(lines_of(officer.officer).len() > by_line);
    assert!(lines_of(colleague.officer).is_empty(), "nothing is said of a colleague who did not look");
    let device = deployment.ledger.read(|records| records.devices(Some(unit))).unwrap();
    let device = device.into_iter().find(|device| device.officer == officer.officer).unwrap().device;
    let named = (format!("device:{device}"), colleague.officer.to_string());
    assert_eq!(alarms(), [named.clone(), named], "one for each time that such lines came");
}
