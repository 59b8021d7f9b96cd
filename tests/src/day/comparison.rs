//! The end of the day: everything is closed, and its files are compared with one another and with what was acknowledged.

use anyhow::{Result, ensure};
use serde_json::Value;

use super::{Closing, Day};
use crate::account::{Account, counted, thousands};
use crate::replica::{self, Replica};
use crate::server_room;
use crate::state::{UnitState, state_of_laptop, state_of_server};
use crate::tally::{Stored, changes_of_laptop, changes_of_server};

impl Day<'_> {
    /// Everything is closed, and its files are read.
    pub(super) async fn close(mut self) -> Result<Closing> {
        self.account.phase("comparison", "All files are closed, opened from outside, and compared");
        let mut laptops = Vec::new();
        for worker in &self.workers {
            worker.laptop.lock().await?;
            laptops.push((worker.name, worker.laptop.replica()?));
        }
        let status = self.station.run(&["audit", "verify"])?;
        ensure!(status["sound"] == Value::Bool(true), "the audit chain is broken: {status}");
        self.station.run(&["check"])?;
        self.station.stop()?;
        let server = self.station_replica()?;
        self.count_facts(&server, &laptops)?;
        self.look_for_the_erased(&server, &laptops)?;
        self.compare_states(&server, &laptops)?;
        self.closing.acknowledged = self.tally.len();
        self.closing.cut_connections = self.workers.iter().map(|worker| worker.laptop.line.cuts()).sum();
        self.account.say(&format!(
            "Over the whole day {} cut in the middle, the later exchanges included.",
            counted(self.closing.cut_connections, "connection was", "connections were")
        ));
        self.closing.seconds = self.account.close().into_iter().collect();
        Ok(self.closing)
    }

    pub(super) fn station_replica(&self) -> Result<Replica> {
        server_room::replica_of(self.station.data())
    }

    fn count_facts(&mut self, server: &Replica, laptops: &[(&str, Replica)]) -> Result<()> {
        let mut stored: Vec<(&str, Vec<Stored>)> = vec![("the server", changes_of_server(server)?)];
        for (name, laptop) in laptops {
            stored.push((name, changes_of_laptop(laptop)?));
            let sent = replica::own_batches(laptop)?;
            self.closing.batches += sent.sealed;
            self.closing.receipts += sent.receipted;
            self.closing.refused += sent.refused;
        }
        for (name, changes) in &stored {
            let compared = self.tally.compare(changes);
            self.account.say(&format!(
                "{name}: {} changes; of {} acknowledged facts {} are lost, {} are there twice.",
                thousands(changes.len() as u64),
                thousands(self.tally.len() as u64),
                compared.lost.len(),
                compared.duplicated
            ));
            self.closing.lost += compared.lost.len();
            self.closing.duplicated += compared.duplicated;
        }
        self.account.say(&format!(
            "{} batches, {} signed receipts (biên nhận), {} changes refused.",
            thousands(self.closing.batches),
            thousands(self.closing.receipts),
            self.closing.refused
        ));
        Ok(())
    }

    fn compare_states(&mut self, server: &Replica, laptops: &[(&str, Replica)]) -> Result<()> {
        let at_server = state_of_server(server)?;
        self.closing.converged = true;
        for (name, laptop) in laptops {
            let here = state_of_laptop(laptop)?;
            self.closing.converged &= here == at_server;
            tell_differences(self.account, name, &here, &at_server);
        }
        let digest = data_encoding::HEXLOWER.encode(&at_server.digest()[..8]);
        self.closing.edition = at_server.at.edition;
        self.closing.log_index = at_server.at.index;
        self.account.say(&format!(
            "Server and laptops at edition {} and log index {}: {} entities, digest {digest}, {}.",
            at_server.at.edition,
            thousands(at_server.at.index),
            thousands(at_server.entities.len() as u64),
            if self.closing.converged { "the same everywhere" } else { "NOT the same everywhere" }
        ));
        Ok(())
    }
}

fn tell_differences(account: &Account, name: &str, here: &UnitState, at_server: &UnitState) {
    if here.at != at_server.at {
        account.say(&format!("{name} stands at {:?}, the server at {:?}", here.at, at_server.at));
    }
    for entity in here.differences(at_server).iter().take(5) {
        account.say(&format!("{name}: {:?} {} is not as at the server", entity.kind, entity.id));
    }
}
