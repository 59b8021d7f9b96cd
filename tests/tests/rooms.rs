//! The borders between the rooms of the workspace, as tables. A dependency that no row allows fails
//! here, with the row that would have to change.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::{Metadata, MetadataCommand};

/// A room, and the rooms it may know. What is not listed is not allowed; tests count as the room.
const MAY_KNOW: [(&str, &[&str]); 10] = [
    ("tungnha-domain", &[]),
    ("tungnha-sync", &["tungnha-domain"]),
    ("tungnha-vault", &[]),
    ("tungnha-store", &["tungnha-domain", "tungnha-sync", "tungnha-vault"]),
    ("tungnha-app", &["tungnha-domain", "tungnha-sync", "tungnha-store", "tungnha-vault"]),
    ("tungnha-server", &["tungnha-domain", "tungnha-sync", "tungnha-vault"]),
    ("tungnha-desk", &["tungnha-app", "tungnha-vault"]),
    ("tungnha-synth", &[]),
    ("xtask", &[]),
    (
        "tungnha-tests",
        &[
            "tungnha-app",
            "tungnha-domain",
            "tungnha-server",
            "tungnha-store",
            "tungnha-sync",
            "tungnha-synth",
            "tungnha-vault",
        ],
    ),
];

const SOCKETS: &[&str] = &["axum", "hyper", "hyper-util", "reqwest", "tokio", "tokio-rustls"];
const DATABASES: &[&str] = &["rusqlite", "libsqlite3-sys", "tokio-postgres"];
const RANDOM: &[&str] = &["getrandom", "rand", "ring"];

/// A room, and the libraries that would carry it over its border.
const MAY_NOT_USE: [(&str, &[&[&str]]); 7] = [
    ("tungnha-domain", &[SOCKETS, DATABASES, RANDOM, &["tempfile", "tracing"]]),
    ("tungnha-sync", &[SOCKETS, DATABASES]),
    ("tungnha-vault", &[SOCKETS]),
    ("tungnha-store", &[SOCKETS]),
    ("tungnha-app", &[DATABASES, &["axum"]]),
    ("tungnha-server", &[&["reqwest"]]),
    ("tungnha-desk", &[DATABASES, &["axum", "reqwest"]]),
];

#[test]
fn rooms_know_only_the_rooms_they_may() {
    let dependencies = dependencies_by_room();

    assert_eq!(edges_not_allowed(&dependencies), Vec::<String>::new(), "see MAY_KNOW");
}

#[test]
fn an_edge_or_a_room_without_a_row_is_named() {
    let mut dependencies = dependencies_by_room();
    dependencies.get_mut("tungnha-server").expect("a room").push("tungnha-store".into());
    dependencies.insert("tungnha-cellar".into(), vec![]);

    assert_eq!(edges_not_allowed(&dependencies), ["tungnha-cellar has no row", "tungnha-server -> tungnha-store"]);
}

#[test]
fn every_row_is_a_room() {
    let dependencies = dependencies_by_room();
    for (room, _) in MAY_KNOW {
        assert!(dependencies.contains_key(room), "{room} is gone; so should its row be");
    }
}

#[test]
fn rooms_use_no_library_beyond_their_border() {
    let dependencies = dependencies_of_users();
    for (room, forbidden) in MAY_NOT_USE {
        for library in &dependencies[room] {
            let allowed = !forbidden.iter().any(|group| group.contains(&library.as_str()));
            assert!(allowed, "{room} uses {library}: see MAY_NOT_USE");
        }
    }
}

#[test]
fn only_the_window_depends_on_tauri() {
    for (room, libraries) in dependencies_by_room().into_iter().filter(|(room, _)| room != "tungnha-desk") {
        let tauri = libraries.iter().find(|library| library.starts_with("tauri"));
        assert_eq!(tauri, None, "{room} is not the window");
    }
}

#[test]
fn xtask_stays_quick_to_compile() {
    let dependencies = dependencies_of_users();
    assert_eq!(dependencies["xtask"], ["anyhow", "clap", "signal-hook"]);
}

#[test]
fn anyhow_is_for_mains() {
    for (room, _) in MAY_KNOW.iter().filter(|(room, _)| is_product(room)) {
        for (path, source) in sources_of(room).filter(|(path, _)| !belongs_to_a_main(path)) {
            assert!(!production(&source).contains("anyhow"), "{} uses anyhow", path.display());
        }
    }
}

/// No I/O, no clock, no chance: what the domain is told, it is told by a parameter.
#[test]
fn domain_asks_the_machine_nothing() {
    let questions = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "SystemTime::now",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "new_v4(",
        "now_v7(",
        "async fn",
    ];
    for (path, source) in sources_of("tungnha-domain") {
        for question in questions {
            assert!(!production(&source).contains(question), "{} says {question}", path.display());
        }
    }
}

/// Whole-system tests make hundreds of key slots and may make them cheap; nothing that a person installs can.
#[test]
fn only_whole_system_tests_weaken_key_slots() {
    let rooms = workspace().packages;
    let vault = rooms.iter().find(|room| room.name.as_str() == "tungnha-vault").expect("a room");
    assert_eq!(vault.features.get("weak-slots"), Some(&Vec::new()), "the feature that this test is about");
    for room in rooms.iter().filter(|room| room.name.as_str() != "tungnha-tests") {
        let in_product = |kind| kind != cargo_metadata::DependencyKind::Development;
        for dependency in room.dependencies.iter().filter(|dependency| in_product(dependency.kind)) {
            let weakens = dependency.features.iter().any(|feature| feature.contains("weak-slots"));
            assert!(!weakens, "{} turns weak-slots on by its dependency {}", room.name, dependency.name);
        }
        for (feature, turned_on) in &room.features {
            let weakens = turned_on.iter().any(|other| other.contains("weak-slots"));
            assert!(!weakens, "{} turns weak-slots on by its feature {feature}", room.name);
        }
        for (path, source) in sources_below(&room.manifest_path.with_file_name("src").into_std_path_buf()) {
            // Where the floor and the parameters are defined.
            if path.ends_with("vault/src/kdf.rs") {
                assert!(source.contains("#[cfg(any(test, feature = \"weak-slots\"))]\n    pub const fn weak()"));
                continue;
            }
            for word in ["::weak()", "weak-slots", "Argon2Params {"] {
                let is_read = room.name.as_str() == "tungnha-vault" && word == "Argon2Params {";
                assert!(is_read || !production(&source).contains(word), "{} says {word}", path.display());
            }
        }
    }
}

/// What is never erased is written by one door each, which takes ids, counts and fixed words alone.
#[test]
fn audit_and_access_log_have_one_door_each() {
    let doors = [
        ("tungnha-server", "append_audit(", &["audit.rs", "records.rs", "embedded/audit.rs"][..]),
        ("tungnha-server", "impl Plain for", &["src/audit.rs"]),
        ("tungnha-server", "add_access(", &["src/access.rs", "records.rs", "embedded/audit.rs"]),
        ("tungnha-store", "INTO access ", &["src/access.rs"]),
        ("tungnha-sync", "enum AccessDetail", &["message/access.rs"]),
    ];
    for (room, door, places) in doors {
        let holders: Vec<PathBuf> =
            sources_of(room).filter(|(_, source)| production(source).contains(door)).map(|(path, _)| path).collect();
        assert!(!holders.is_empty(), "{room} has no {door}");
        for path in holders {
            assert!(places.iter().any(|place| path.ends_with(place)), "{} has {door}", path.display());
        }
    }
}

/// Every workspace package's direct dependencies, tests' and build scripts' included, sorted.
fn dependencies_by_room() -> BTreeMap<String, Vec<String>> {
    direct_dependencies(|_| true)
}

/// As above, without those that only tests use.
fn dependencies_of_users() -> BTreeMap<String, Vec<String>> {
    direct_dependencies(|kind| kind != cargo_metadata::DependencyKind::Development)
}

fn direct_dependencies(counts: impl Fn(cargo_metadata::DependencyKind) -> bool) -> BTreeMap<String, Vec<String>> {
    let packages = workspace().packages.into_iter();
    packages
        .map(|package| {
            let counted = package.dependencies.iter().filter(|dependency| counts(dependency.kind));
            let mut names: Vec<String> = counted.map(|dependency| dependency.name.clone()).collect();
            names.sort();
            names.dedup();
            (package.name.to_string(), names)
        })
        .collect()
}

fn workspace() -> Metadata {
    let manifest = top().join("Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().exec().expect("cargo describes the workspace")
}

fn edges_not_allowed(dependencies: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (room, names) in dependencies {
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| name == room) else {
            wrong.push(format!("{room} has no row"));
            continue;
        };
        let rooms = names.iter().filter(|name| dependencies.contains_key(*name));
        let foreign = rooms.filter(|name| !allowed.contains(&name.as_str()));
        wrong.extend(foreign.map(|name| format!("{room} -> {name}")));
    }
    wrong
}

fn is_product(room: &str) -> bool {
    room != "xtask" && room != "tungnha-tests"
}

/// A `main.rs`, or a module of one: below `src/main/` or `src/bin/`.
fn belongs_to_a_main(path: &Path) -> bool {
    let below_src: Vec<_> = path.components().map(|part| part.as_os_str()).skip_while(|part| *part != "src").collect();
    below_src.get(1).is_some_and(|part| *part == "main.rs" || *part == "main" || *part == "bin")
}

/// What stands before the file's own tests, comments left out.
fn production(source: &str) -> String {
    let code = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The Rust files below the room's `src`, without those that hold only tests.
fn sources_of(room: &str) -> impl Iterator<Item = (PathBuf, String)> {
    let folder = match room {
        "tungnha-desk" => top().join("src-tauri/src"),
        _ => top().join("crates").join(room.trim_start_matches("tungnha-")).join("src"),
    };
    sources_below(&folder)
}

fn sources_below(folder: &Path) -> impl Iterator<Item = (PathBuf, String)> + use<> {
    let mut files = Vec::new();
    collect_rust_files(folder, &mut files);
    assert!(!files.is_empty(), "there is no source at {}", folder.display());
    files.into_iter().filter(|path| !path.ends_with("tests.rs")).map(|path| {
        let source = fs::read_to_string(&path).expect("a source file is readable");
        (path, source)
    })
}

fn collect_rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a source folder is readable") {
        let path = entry.expect("a source folder is readable").path();
        if path.is_dir() && !path.ends_with("tests") {
            collect_rust_files(&path, files);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            files.push(path);
        }
    }
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the top folder").to_path_buf()
}
