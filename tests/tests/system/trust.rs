//! Whom a laptop believes: the fingerprint on paper, one pinned authority, nothing that a portal or a proxy says.

use app::case::profile::{Enrol, PreviewEnrolment};
use app::command;
use app::error::Code;
use tungnha_tests::bad_line::{Cut, Direction};
use tungnha_tests::imposter::{Answer, Imposter};
use tungnha_tests::laptop::PASSPHRASE;
use tungnha_tests::world::World;

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
