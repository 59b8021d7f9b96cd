//! The programs that some tests start: built once, by the cargo that runs the tests.

use std::process::Command;
use std::sync::Once;

static BUILT: Once = Once::new();

/// Builds `tungnha-server` where it is not current.
pub fn build_server() {
    BUILT.call_once(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        // No package is named: the features are those of the whole workspace, as everywhere.
        build.args(["build", "--quiet", "--bin", "tungnha-server"]);
        build.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo starts").success(), "tungnha-server was not built");
    });
}
