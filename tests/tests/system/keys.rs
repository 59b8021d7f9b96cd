//! Passphrases, their waits, and the way back when one is lost.

use app::case::profile::{ChangePassphrase, FinishRecovery, RequestRecovery, Unlock};
use app::command;
use app::error::{AppError, Code, Param};
use server::recovery::open_recovery_with;
use tungnha_tests::laptop::{Laptop, PASSPHRASE};
use tungnha_tests::server_room::OPERATORS;
use tungnha_tests::world::World;
use vault::Argon2Floor;

const ANOTHER: &str = "chín tầng mây trắng trên núi Bà 1986";

async fn unlock_with(laptop: &Laptop, passphrase: &str) -> Result<(), AppError> {
    laptop.app.run::<command::Unlock>(Unlock { passphrase: passphrase.into() }).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passphrases_wait_longer_each_time_until_only_a_recovery_opens() {
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let laptop = &officer.laptop;
    laptop.lock().await.unwrap();

    let mut waits = Vec::new();
    for _ in 0..10 {
        let mut answer = unlock_with(laptop, "không phải câu này đâu 1234").await.unwrap_err();
        if answer.code == Code::WaitBeforeRetry {
            let Param::Number(remaining_ms) = answer.params["remaining_ms"].clone() else { panic!("{answer:?}") };
            waits.push(remaining_ms);
            assert_eq!(unlock_with(laptop, PASSPHRASE).await.unwrap_err().code, Code::WaitBeforeRetry);
            laptop.clock.move_by_ms(i64::try_from(remaining_ms).unwrap() + 1);
            answer = unlock_with(laptop, "không phải câu này đâu 1234").await.unwrap_err();
        }
        assert_eq!(answer.code, Code::WrongPassphrase);
    }

    assert_eq!(waits.len(), 5, "the first five tries are free: {waits:?}");
    assert!(waits.is_sorted() && waits[4] >= 8 * waits[0], "{waits:?}");
    laptop.clock.move_by_ms(365 * 24 * 3600 * 1000);
    assert_eq!(unlock_with(laptop, PASSPHRASE).await.unwrap_err().code, Code::SupervisorNeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_passphrase_after_some_wrong_ones_starts_the_count_again() {
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    officer.laptop.lock().await.unwrap();

    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(unlock_with(&officer.laptop, ANOTHER).await.unwrap_err().code, Code::WrongPassphrase);
        }
        officer.laptop.unlock().await.unwrap();
        officer.laptop.lock().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_served_while_the_profile_is_locked() {
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    officer.laptop.lock().await.unwrap();

    for info in command::LIST.iter().filter(|info| info.needs == command::Needs::Unlocked) {
        let answer = officer.laptop.call(info.name, serde_json::Value::Null).await.unwrap_err();
        // Parameters are read first; either way nothing of anyone is told.
        assert!(matches!(answer.code, Code::ProfileLocked | Code::ParamsInvalid), "{}: {answer:?}", info.name);
    }
    assert_eq!(officer.houses().await.unwrap_err().code, Code::ProfileLocked);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_operators_open_a_laptop_whose_passphrase_is_lost_and_no_work_is() {
    let mut world = World::of(60).await.unwrap();
    let mut officer = world.officer().await.unwrap();
    let house = officer.house(0).await.unwrap().household;
    officer.visit(house).await.unwrap();
    officer.laptop.lock().await.unwrap();
    let deployment = world.server.deployment();

    let asked = RequestRecovery { path: Some(world.path("request").display().to_string()) };
    let asked = officer.laptop.app.run::<command::RequestRecovery>(asked).await.unwrap();
    let request = std::fs::read(world.path("request")).unwrap();
    let shown = server::recovery::read_request(deployment, &request).unwrap();
    assert_eq!(shown.fingerprint, asked.fingerprint, "compared by voice");
    let one_alone = open_recovery_with(deployment, &request, [OPERATORS[0], OPERATORS[0]], Argon2Floor::weak());
    assert!(one_alone.is_err(), "one operator is not two");
    let answer = open_recovery_with(deployment, &request, OPERATORS, Argon2Floor::weak()).unwrap();
    std::fs::write(world.path("answer"), answer).unwrap();
    let finish = FinishRecovery {
        path: Some(world.path("answer").display().to_string()),
        answer_base64: None,
        new_passphrase: ANOTHER.into(),
    };
    officer.laptop.app.run::<command::FinishRecovery>(finish).await.unwrap();
    officer.laptop.remember_passphrase(ANOTHER);

    // The old one goes at the first unlock with the new.
    officer.laptop.lock().await.unwrap();
    officer.laptop.unlock().await.unwrap();
    officer.laptop.lock().await.unwrap();
    assert_eq!(unlock_with(&officer.laptop, PASSPHRASE).await.unwrap_err().code, Code::WrongPassphrase);
    officer.laptop.unlock().await.unwrap();
    officer.sync().await.unwrap();
    world.assert_converged(&[&officer]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_for_another_laptop_opens_nothing() {
    let world = World::of(60).await.unwrap();
    let (officer, other) = (world.officer().await.unwrap(), world.officer().await.unwrap());
    for desk in [&officer, &other] {
        desk.laptop.lock().await.unwrap();
        desk.laptop.app.run::<command::RequestRecovery>(RequestRecovery { path: None }).await.unwrap();
    }
    let asked = other.laptop.app.run::<command::RequestRecovery>(RequestRecovery { path: None }).await.unwrap();
    let request = data_encoding::BASE64.decode(asked.request_base64.as_bytes()).unwrap();
    let answer = open_recovery_with(world.server.deployment(), &request, OPERATORS, Argon2Floor::weak()).unwrap();

    let finish = FinishRecovery {
        path: None,
        answer_base64: Some(data_encoding::BASE64.encode(&answer)),
        new_passphrase: ANOTHER.into(),
    };
    let refused = officer.laptop.app.run::<command::FinishRecovery>(finish).await.unwrap_err();

    assert!(matches!(refused.code, Code::RecoveryAnswerWrong | Code::SlotDamaged), "{refused:?}");
    officer.laptop.unlock().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_passphrase_is_the_only_one_that_opens() {
    let world = World::of(60).await.unwrap();
    let mut officer = world.officer().await.unwrap();
    let change = ChangePassphrase { old: PASSPHRASE.into(), new: ANOTHER.into() };

    officer.laptop.app.run::<command::ChangePassphrase>(change).await.unwrap();
    officer.laptop.remember_passphrase(ANOTHER);
    officer.laptop.lock().await.unwrap();
    officer.laptop.unlock().await.unwrap();
    officer.laptop.lock().await.unwrap();

    assert_eq!(unlock_with(&officer.laptop, PASSPHRASE).await.unwrap_err().code, Code::WrongPassphrase);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_program_does_not_open_a_profile_that_is_open() {
    let world = World::of(60).await.unwrap();
    let officer = world.officer().await.unwrap();
    let second = officer.laptop.beside();

    let refused = second.run::<command::Unlock>(Unlock { passphrase: PASSPHRASE.into() }).await.unwrap_err();

    assert_eq!(refused.code, Code::ProfileInUse);
}
