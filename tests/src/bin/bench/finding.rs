//! The search box and an opened door.

use std::path::Path;

use anyhow::Result;
use domain::field::Field;
use domain::text::fold_search;
use jiff::civil::Date;
use store::Store;
use synth::Rng;
use tungnha_tests::report::{Report, percentile};

use crate::central::Central;
use crate::clock::timed;
use crate::laptop::master_key;

const SEARCHES: usize = 3_000;
const OPENINGS: usize = 2_000;
/// As many as a screen shows at once.
const LIMIT: u32 = 50;
/// The morning of the bench.
const TODAY: Date = jiff::civil::date(2026, 11, 3);

/// What is typed, of 100.
#[derive(Clone, Copy, PartialEq)]
enum Typed {
    Letters,
    Name,
    Number,
}

pub fn measure(central: &Central, laptop: &Path, report: &mut Report) -> Result<()> {
    let store = Store::open(laptop, &master_key())?;
    let mut rng = Rng::new(7, "bench finding");
    let mut times: Vec<(Typed, f64)> = Vec::with_capacity(SEARCHES);
    let mut empty = 0;
    for _ in 0..SEARCHES {
        let (typed, text) = draw(&mut rng, central);
        let (found, search_s) = timed(|| store.search(&text, LIMIT));
        empty += usize::from(found?.people.is_empty());
        times.push((typed, search_s * 1000.0));
    }
    let of = |wanted: Option<Typed>| -> Vec<f64> {
        let wanted = times.iter().filter(|(typed, _)| wanted.is_none_or(|wanted| wanted == *typed));
        wanted.map(|(_, ms)| *ms).collect()
    };
    report.tell("search: half within", percentile(&of(None), 50.0), "ms");
    report.at_most("search: 99 in 100 within", percentile(&of(None), 99.0), "ms", 20.0);
    for (typed, name) in [
        (Typed::Letters, "  one or two letters, 99 in 100"),
        (Typed::Name, "  common names, 99 in 100"),
        (Typed::Number, "  numbers, 99 in 100"),
    ] {
        report.tell(name, percentile(&of(Some(typed)), 99.0), "ms");
    }
    report.tell("  searches that found nobody", empty as f64 / SEARCHES as f64 * 100.0, "%");

    let mut openings = Vec::with_capacity(OPENINGS);
    for _ in 0..OPENINGS {
        let house = &central.houses[index(&mut rng, central.houses.len())];
        let (opened, open_s) = timed(|| store.household(house.household, TODAY));
        opened?;
        openings.push(open_s * 1000.0);
    }
    store.close()?;
    report.tell("household: half opened within", percentile(&openings, 50.0), "ms");
    report.at_most("household: 99 in 100 opened within", percentile(&openings, 99.0), "ms", 20.0);
    Ok(())
}

fn index(rng: &mut Rng, length: usize) -> usize {
    rng.below(u32::try_from(length).unwrap_or(u32::MAX)) as usize
}

/// What an officer types who looks for someone of this commune: without diacritics.
fn draw(rng: &mut Rng, central: &Central) -> (Typed, String) {
    loop {
        let house = &central.houses[index(rng, central.houses.len())];
        let (_, fields) = &house.people[index(rng, house.people.len())];
        let name = fold_search(fields.get(&Field::FullName).map_or("", String::as_str));
        let words: Vec<&str> = name.split_whitespace().collect();
        let (Some(given), Some(family)) = (words.last(), words.first()) else { continue };
        match rng.below(10) {
            0..3 => {
                let word = words[index(rng, words.len())];
                return (Typed::Letters, word.chars().take(1 + rng.below(2) as usize).collect());
            }
            3..7 => {
                let text = match rng.below(4) {
                    0 => (*given).to_owned(),
                    1 => format!("{family} {given}"),
                    2 => words[words.len().saturating_sub(2)..].join(" "),
                    _ => name.clone(),
                };
                return (Typed::Name, text);
            }
            _ => {
                let field = [Field::IdNumber, Field::IdNumber, Field::OldCmnd, Field::Phone][rng.below(4) as usize];
                let Some(number) = fields.get(&field).filter(|number| number.len() > 3) else { continue };
                // Half in full, half as far as one types before looking.
                let typed = match rng.below(2) {
                    0 => number.len(),
                    _ => 3 + index(rng, number.len() - 3),
                };
                return (Typed::Number, number.chars().take(typed).collect());
            }
        }
    }
}
