//! Where a batch belongs: continued, replayed, forked, gapped, replaced.

use domain::id::ChainId;
use sync::batch::open;
use sync::chain::{ChainHead, Placement, place};
use sync::codec;
use sync::hash::{chain_after, chain_start, sha256};
use sync::message::{Batch, ReplacedChain};

use crate::fixed::*;

/// The batch of these sequences, each change's id being its sequence plus `salt`.
fn batch(hash_before: [u8; 32], sequences: std::ops::RangeInclusive<u8>, salt: u8) -> Batch {
    let changes: Vec<_> = sequences.map(|sequence| note(sequence + salt, u64::from(sequence))).collect();
    let mut request = request(&changes);
    request.hash_before = hash_before;
    seal_request(request).2
}

struct Stored(Vec<Batch>);

impl Stored {
    fn place(&self, batch: &Batch) -> Placement {
        let head = self.0.last().map(ChainHead::after);
        let stored_at = |first| self.0.iter().find(|held| held.first_sequence == first).map(|held| held.hash_after);
        place(head.as_ref(), stored_at, batch)
    }
}

fn three_batches() -> Vec<Batch> {
    let first = batch(chain_start(chain()), 1..=2, 0);
    let second = batch(first.hash_after, 3..=3, 0);
    let third = batch(second.hash_after, 4..=6, 0);
    vec![first, second, third]
}

#[test]
fn chain_hashes_are_what_the_law_says() {
    assert_eq!(chain_start(chain()), sha256(chain().as_bytes()));
    let headers = [b"one".as_slice(), b"two"];
    assert_eq!(chain_after(&[7; 32], headers), sha256(&[[7; 32].as_slice(), b"one", b"two"].concat()));
}

#[test]
fn batches_in_order_are_appended() {
    let batches = three_batches();
    for held in 0..3 {
        assert_eq!(Stored(batches[..held].to_vec()).place(&batches[held]), Placement::Append);
    }
}

#[test]
fn replayed_batch_is_the_same_wherever_it_stands() {
    let batches = three_batches();
    for batch in &batches {
        assert_eq!(Stored(batches.clone()).place(batch), Placement::Same);
    }
}

#[test]
fn missing_batch_is_named_by_its_first_sequence() {
    let batches = three_batches();
    assert_eq!(Stored(vec![]).place(&batches[1]), Placement::Gap { wanted: 1 });
    assert_eq!(Stored(vec![]).place(&batches[2]), Placement::Gap { wanted: 1 });
    assert_eq!(Stored(batches[..1].to_vec()).place(&batches[2]), Placement::Gap { wanted: 3 });
}

#[test]
fn other_content_at_a_stored_place_is_a_fork() {
    let batches = three_batches();
    let other_first = batch(chain_start(chain()), 1..=2, 50);
    let other_second = batch(batches[0].hash_after, 3..=3, 50);
    let other_third = batch(batches[1].hash_after, 4..=6, 50);
    for other in [&other_first, &other_second, &other_third] {
        assert_eq!(Stored(batches.clone()).place(other), Placement::Fork);
    }
}

#[test]
fn other_cut_of_stored_changes_is_a_fork() {
    let batches = three_batches();
    let shorter = batch(chain_start(chain()), 1..=1, 0);
    let longer = batch(chain_start(chain()), 1..=3, 0);
    let from_the_middle = batch(shorter.hash_after, 2..=2, 0);
    for other in [&shorter, &longer, &from_the_middle] {
        assert_eq!(Stored(batches[..1].to_vec()).place(other), Placement::Fork);
    }
}

#[test]
fn next_batch_that_stands_on_another_head_is_a_fork() {
    // The copied laptop: both copies wrote a second batch, and this one goes on from the other's.
    let batches = three_batches();
    let others_second = batch(batches[0].hash_after, 3..=3, 50);
    let others_third = batch(others_second.hash_after, 4..=4, 50);
    assert_eq!(Stored(batches[..2].to_vec()).place(&others_third), Placement::Fork);
}

#[test]
fn new_chain_that_names_the_forked_one_is_appended() {
    let batches = three_batches();
    let changes = [note(80, 1)];
    let mut replacing = request(&changes);
    replacing.chain = id(0xc2, ChainId::from_bytes);
    replacing.hash_before = batches[1].hash_after;
    replacing.replaces = Some(ReplacedChain { chain: chain(), last_sequence: 3, head: batches[1].hash_after });
    let (bytes, _, new) = seal_request(replacing);
    assert!(open(&bytes, author, deployment()).is_ok());
    // Nothing is stored yet of the new chain itself.
    assert_eq!(place(None, |_| None, &new), Placement::Append);
    assert_eq!(codec::decode::<Batch>(&codec::encode(&new)), Ok(new));
}

#[test]
fn restored_server_asks_for_what_it_lost_and_takes_it() {
    let batches = three_batches();
    let mut restored = Stored(batches[..1].to_vec());
    assert_eq!(restored.place(&batches[2]), Placement::Gap { wanted: 3 });
    for batch in &batches[1..] {
        assert_eq!(restored.place(batch), Placement::Append);
        restored.0.push(batch.clone());
    }
}
