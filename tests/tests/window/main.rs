//! The real window, driven from outside by WebDriver on a display of its own: one officer's day, from the unlock screen
//! on. Needs Xvfb, WebKitWebDriver, tauri-driver and the built window, so these are ignored where only `cargo test` is
//! run; `cargo xtask test` brings all four and runs them.

mod display;
mod driver;
mod page;
mod story;
