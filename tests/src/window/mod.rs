//! The real window, driven from outside: a display that nobody sees, WebDriver, and the page as a person reads it. For
//! the window's tests and its bench. Needs Xvfb, WebKitWebDriver, tauri-driver and the built window.

pub mod display;
pub mod driver;
pub mod page;
pub mod process;

pub use display::{Bus, Display};
pub use driver::{Driver, Opening};
