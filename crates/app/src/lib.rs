//! Use cases, transport and the one command list. No tauri.
