//! Every command of the list with inputs nobody would type: an answer or a refusal, never a fault, and nothing while the
//! profile is locked.
//!
//! `TUNGNHA_FUZZ_RUNS` sets the number of inputs for each command; `TUNGNHA_FUZZ_SEED` replays a run.

use app::command::{LIST, Needs};
use app::error::Code;
use domain::role::Role;
use serde_json::{Map, Value, json};

use crate::bench::{Laptop, Server};

/// SplitMix64, so that a run is replayed by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (value ^ (value >> 31)) % sides
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }
}

struct Maker {
    dice: Dice,
    /// The types of the list, as the generated description spells them.
    types: Map<String, Value>,
    ids: Vec<Value>,
}

const TEXTS: [&str; 24] = [
    "",
    " ",
    "Nguyễn Văn An",
    "'; DROP TABLE person; --",
    "30/02/1990",
    "15/03/1990",
    "1957",
    "31/12/2099",
    "\u{202e}",
    "a\u{0}b",
    "\u{feff}",
    "NGUYE\u{302}\u{303}N",
    "070070000011",
    "Nam",
    "1",
    "http://127.0.0.1:1",
    "https://[::1",
    "AAAA-AAAA",
    "id_card",
    "house",
    "vi",
    "Thôn 1",
    "/9j/4AAQSkZJRg==",
    "%",
];

impl Maker {
    /// Anything at all.
    fn value(&mut self, depth: u32) -> Value {
        match self.dice.roll(if depth == 0 { 8 } else { 10 }) {
            0 => Value::Null,
            1 => json!(self.dice.roll(2) == 0),
            2 => json!(*self.dice.pick(&[0i64, 1, -1, 255, 65_536, i64::MAX, i64::MIN])),
            3 => json!(*self.dice.pick(&[u64::MAX, 1 << 53])),
            4 => json!(*self.dice.pick(&[0.5, -1e300])),
            5 => json!("ư".repeat(usize::try_from(self.dice.roll(9_000)).unwrap())),
            6 => json!(*self.dice.pick(&TEXTS)),
            7 => self.dice.pick(&self.ids).clone(),
            8 => Value::Array((0..self.dice.roll(4)).map(|_| self.value(depth - 1)).collect()),
            _ => {
                let mut map = Map::new();
                for _ in 0..self.dice.roll(4) {
                    map.insert((*self.dice.pick(&TEXTS)).to_owned(), self.value(depth - 1));
                }
                Value::Object(map)
            }
        }
    }

    /// A value of a TypeScript type, now and then of another.
    fn of_type(&mut self, text: &str) -> Value {
        let text = text.trim();
        if self.dice.roll(24) == 0 {
            return self.value(2);
        }
        let choices = split(text, '|');
        if choices.len() > 1 {
            let choice = self.dice.pick(&choices).clone();
            return self.of_type(&choice);
        }
        if let Some(inner) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            return self.object(inner);
        }
        if let Some(item) = text.strip_prefix("Array<").and_then(|text| text.strip_suffix('>')) {
            return Value::Array((0..self.dice.roll(3)).map(|_| self.of_type(item)).collect());
        }
        if let Some(items) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            return Value::Array(split(items, ',').iter().map(|item| self.of_type(item)).collect());
        }
        if text.starts_with("Partial<Record<") {
            return json!({"full_name": self.of_type("string")});
        }
        match text {
            "null" => Value::Null,
            "boolean" => json!(self.dice.roll(2) == 0),
            "number" => json!(*self.dice.pick(&[0u64, 1, 3, 100, 5_000, 10_000, 1_795_000_000_000])),
            "string" if self.dice.roll(3) == 0 => self.dice.pick(&self.ids).clone(),
            "string" => json!(*self.dice.pick(&TEXTS)),
            _ if text.starts_with('"') => json!(text.trim_matches('"')),
            // Ids are strings; most of those that are given are of something that is there.
            _ if text.ends_with("Id") && self.dice.roll(8) > 0 => self.dice.pick(&self.ids).clone(),
            _ => match self.types.get(text).and_then(Value::as_str).map(str::to_owned) {
                Some(definition) => self.of_type(&definition),
                None => self.value(1),
            },
        }
    }

    fn object(&mut self, inner: &str) -> Value {
        let mut map = Map::new();
        for member in split(&without_comments(inner), ',') {
            let Some((name, text)) = member.split_once(':') else { continue };
            let (name, is_optional) = match name.trim().strip_suffix('?') {
                Some(name) => (name, true),
                None => (name.trim(), false),
            };
            if !(is_optional && self.dice.roll(2) == 0) {
                map.insert(name.trim_matches('"').to_owned(), self.of_type(text));
            }
        }
        Value::Object(map)
    }
}

fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    for (at, part) in text.split("/**").enumerate() {
        kept += if at == 0 { part } else { part.split_once("*/").unwrap().1 };
    }
    kept
}

/// Splits where the mark stands outside of every bracket.
fn split(text: &str, mark: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in text.chars() {
        depth += match c {
            '{' | '[' | '<' | '(' => 1,
            '}' | ']' | '>' | ')' => -1,
            _ => 0,
        };
        match c == mark && depth == 0 {
            true => parts.push(String::new()),
            false => parts.last_mut().unwrap().push(c),
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Gives how many inputs were answered.
async fn try_all(laptop: &Laptop, maker: &mut Maker, runs: u64, is_locked: bool) -> u64 {
    let mut answered = 0;
    let docs: Value = serde_json::from_str(&app::command::generate_docs()).unwrap();
    for info in LIST {
        // What leaves this machine, what deletes the profile, and what would read every page each time.
        let is_elsewhere =
            ["lock", "sync", "download", "discard_enrolment", "check_files", "enrol", "preview_enrolment"];
        if is_elsewhere.contains(&info.name) || (is_locked && info.needs != Needs::Unlocked) {
            continue;
        }
        let line = docs["commands"].as_array().unwrap().iter().find(|line| line["name"] == info.name).unwrap();
        let params_type = line["params"].as_str().unwrap().to_owned();
        for _ in 0..runs {
            let mut params = maker.of_type(&params_type);
            // Files are written where a person says: here only into the laptop's own folder.
            for name in ["path", "stick_folder"] {
                if let Some(path) = params.get_mut(name).filter(|path| path.is_string()) {
                    *path = json!(laptop.folder.path().join(maker.dice.pick(&["none", "profile", "made-up"])));
                }
            }
            match laptop.app.call(info.name, params.clone()).await {
                Ok(_) if is_locked => panic!("{} answered while locked", info.name),
                Ok(_) => answered += 1,
                Err(error) if is_locked => assert_eq!(error.code, Code::ProfileLocked, "{}", info.name),
                Err(error) => assert_ne!(error.code, Code::Internal, "{} {params}: {error:?}", info.name),
            }
        }
    }
    answered
}

#[tokio::test]
async fn no_input_makes_a_command_fail_at_itself_or_answer_while_locked() {
    let number =
        |name: &str, default: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (runs, seed) = (number("TUNGNHA_FUZZ_RUNS", 25), number("TUNGNHA_FUZZ_SEED", 1));
    let server = Server::start().await;
    let laptop = server.laptop("Đỗ Thị Dung", Role::Supervisor).await;
    let ids = vec![
        json!(laptop.household("HK001").await),
        json!(laptop.person("van an").await),
        json!(laptop.person("le thi hoa").await),
        laptop.call("profile_status", Value::Null).await["profile"]["officer"].clone(),
    ];
    let docs: Value = serde_json::from_str(&app::command::generate_docs()).unwrap();
    let mut maker = Maker { dice: Dice(seed), types: docs["types"].as_object().unwrap().clone(), ids };
    let answered = try_all(&laptop, &mut maker, runs, false).await;
    assert!(answered > runs * 5, "only {answered} inputs came near enough to be answered");
    laptop.app.close().await;
    try_all(&laptop, &mut maker, runs, true).await;
}
