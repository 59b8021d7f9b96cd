//! The played day, small.

use tungnha_tests::account::Account;
use tungnha_tests::day::{DayOptions, play};
use tungnha_tests::laptop::Slots;

use crate::programs::build_server;

#[tokio::test(flavor = "multi_thread")]
async fn a_small_day_loses_nothing_and_all_come_to_the_same_state() {
    build_server();
    let folder = tempfile::tempdir().unwrap();
    let options = DayOptions { people: 250, seed: 2, folder: folder.path().to_owned(), slots: Slots::Weak };

    let closing = play(&options, &Account::silent()).await.unwrap();

    assert_eq!(closing.failures(), Vec::<String>::new());
    for word in ["approved", "rejected", "returned", "referred", "held"] {
        assert!(closing.decided.contains_key(word), "no correction was {word}: {:?}", closing.decided);
    }
    assert!(closing.confirmed > 0 && closing.photos > 0 && closing.cut_connections > 0, "{closing:?}");
}
