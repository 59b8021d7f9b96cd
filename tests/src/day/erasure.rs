//! One resident asks to be forgotten, and is looked for in every page of every file.

use anyhow::{Context, Result, ensure};
use app::case::draft::DraftKey;
use app::command;
use domain::text::fold_search;
use serde_json::Value;

use super::Day;
use super::exchange::sync_until_nothing_waits;
use super::field::Forgotten;
use crate::account::counted;
use crate::replica::{Needle, Replica};

impl Day<'_> {
    /// One resident asks to be forgotten.
    pub(super) async fn forget(&mut self) -> Result<()> {
        self.account.phase("erasure", "One person is erased");
        let forgotten = self.forgotten.take().context("nobody was marked to be forgotten")?;
        let chief = &self.workers[2];
        let opened = app::case::read::OpenPerson { person: forgotten.person };
        chief.laptop.app.run::<command::OpenPerson>(opened).await.context("the person is known before")?;
        self.needles = needles_of(&forgotten);
        let unit = self.commune.unit.code.clone();
        let person = forgotten.person.to_string();
        let by = chief.officer.to_string();
        let erase = ["erase", "--unit", &unit, "--person", &person, "--basis", "resident-request", "--by", &by];
        // Before it there is something to be found: the search is not blind.
        let found_before = self.station_replica()?.find(&self.needles)?.len();
        ensure!(found_before > 0, "nothing was to be found even before the erasure");
        for key in &forgotten.drafts {
            ensure!(!self.draft(key).await?.is_null(), "the draft was not kept");
        }
        let erased = self.station.run(&erase)?;
        self.account.say(&format!(
            "At the server: {} and {} are gone, with the register's row; headers and chain stay.",
            counted(erased["changes"].as_u64().unwrap_or(0), "body of a change", "bodies of changes"),
            counted(erased["photos"].as_u64().unwrap_or(0), "photo", "photos")
        ));
        for worker in &self.workers {
            sync_until_nothing_waits(worker).await?;
        }
        // Whatever the last exchange brought to one is known to all after another round.
        for worker in &self.workers {
            sync_until_nothing_waits(worker).await?;
        }
        for key in &forgotten.drafts {
            ensure!(self.draft(key).await?.is_null(), "a draft outlived the person it was about");
        }
        self.account.say("The laptops followed, drafts included.");
        Ok(())
    }

    /// A draft on the laptop of the one who met him.
    async fn draft(&self, key: &str) -> Result<Value> {
        let key = key.to_owned();
        Ok(self.workers[0].laptop.app.run::<command::LoadDraft>(DraftKey { key }).await?.value)
    }

    pub(super) fn look_for_the_erased(&mut self, server: &Replica, laptops: &[(&str, Replica)]) -> Result<()> {
        let everywhere = std::iter::once(("the server", server)).chain(laptops.iter().map(|(name, one)| (*name, one)));
        let mut places = 0;
        for (name, replica) in everywhere {
            for found in replica.find(&self.needles)? {
                let file = found.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                self.account.say(&format!("FOUND at {name}: {} in {file} at {}", found.needle, found.offset));
                places += 1;
            }
        }
        self.closing.erased_found = places;
        self.account.say(&format!(
            "{} texts and pieces of photos of the erased person were looked for in every page of every file: {places} \
             found.",
            self.needles.len()
        ));
        Ok(())
    }
}

fn needles_of(forgotten: &Forgotten) -> Vec<Needle> {
    let mut needles = Vec::new();
    for (what, value) in &forgotten.texts {
        needles.push(Needle::text(what, value));
        let folded = fold_search(value);
        if folded != *value && folded.len() > 7 {
            needles.push(Needle::text(&format!("{what}, folded"), &folded));
        }
    }
    for (name, picture) in ["photo", "crop"].into_iter().zip(&forgotten.pictures) {
        needles.extend(Needle::stretches(name, picture));
    }
    needles
}
