//! The real window, driven from outside by WebDriver on a display of its own. Needs Xvfb, WebKitWebDriver, tauri-driver
//! and the built window, so these are ignored where only `cargo test` is run; `cargo xtask test` brings all four and runs
//! them. What was seen is kept in `target/screenshots`.

mod doors;
mod full_disk;
mod lines;
mod locking;
mod story;
mod strange_input;
mod town;
mod two_windows;
