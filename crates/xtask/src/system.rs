//! What the machine must have before anything is built. Owns the list and its installation through
//! apt on Debian and its kin; elsewhere it only says what is missing. Never touches what is there.

use std::io::IsTerminal;

use anyhow::{Result, bail};

use crate::{child::Call, steps::say};

/// Something the build needs from the system, and the Debian packages that bring it.
#[derive(Clone, Copy)]
struct Need {
    what: &'static str,
    packages: &'static [&'static str],
    is_there: fn() -> bool,
}

/// SQLCipher, ring and zstd are compiled from C; SQLCipher takes its ciphers from OpenSSL's libcrypto.
const NEEDS: [Need; 3] = [
    Need { what: "a C compiler (cc)", packages: &["gcc", "libc6-dev"], is_there: || answers("cc", "--version") },
    Need { what: "pkg-config", packages: &["pkg-config"], is_there: || answers("pkg-config", "--version") },
    Need { what: "the headers of OpenSSL 3", packages: &["libssl-dev"], is_there: has_openssl },
];

/// The window draws with WebKitGTK; its tests have no display and drive it and a browser from outside.
const WINDOW_NEEDS: [Need; 1] =
    [Need { what: "the headers of WebKitGTK 4.1", packages: &["libwebkit2gtk-4.1-dev"], is_there: has_webkit }];
const WINDOW_TEST_NEEDS: [Need; 4] = [
    Need { what: "WebKitWebDriver", packages: &["webkit2gtk-driver"], is_there: || is_on_path("WebKitWebDriver") },
    Need { what: "Xvfb", packages: &["xvfb", "xauth"], is_there: || is_on_path("Xvfb") },
    Need { what: "dbus-daemon", packages: &["dbus-daemon"], is_there: || is_on_path("dbus-daemon") },
    Need { what: "Chromium", packages: &["chromium"], is_there: || is_on_path("chromium") },
];

/// Leaves the machine able to build everything but the window, or says what it lacks.
pub fn install_missing() -> Result<()> {
    install(&NEEDS)
}

/// As [`install_missing`], for the window; elsewhere than on Linux its engine is part of the system.
pub fn install_for_window() -> Result<()> {
    if cfg!(target_os = "linux") { install(&WINDOW_NEEDS) } else { Ok(()) }
}

/// What the tests of the window need beside it.
pub fn install_for_window_tests() -> Result<()> {
    if cfg!(target_os = "linux") { install(&WINDOW_TEST_NEEDS) } else { Ok(()) }
}

fn install(needs: &[Need]) -> Result<()> {
    let missing: Vec<Need> = needs.iter().copied().filter(|need| !(need.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = missing.iter().map(|need| need.what).collect::<Vec<_>>().join(", ");
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages.iter().copied()).collect();
    if !is_debian_kin(&std::fs::read_to_string("/etc/os-release").unwrap_or_default()) {
        bail!(
            "this machine lacks {what}. Install it and run the command again (on Debian: apt-get install {})",
            packages.join(" ")
        );
    }
    say(&format!("Missing: {what}. Installing from this system's own packages: {}", packages.join(" ")));
    apt_get(&["update"])?;
    apt_get(&["install", "--yes", "--no-install-recommends"].into_iter().chain(packages).collect::<Vec<_>>())?;
    match missing.iter().find(|need| !(need.is_there)()) {
        Some(need) => bail!("{} was installed and is still not found", need.what),
        None => Ok(()),
    }
}

/// Cargo's formatter and linter, which a minimal toolchain comes without.
pub fn install_rust_components() -> Result<()> {
    let lacks = |name: &&str| Call::cargo().args([*name, "--version"]).output().is_none();
    let missing: Vec<&str> = ["fmt", "clippy"].into_iter().filter(lacks).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say("Missing: rustfmt or clippy. Adding them to the Rust toolchain.");
    Call::new("rustup").args(["component", "add", "rustfmt", "clippy"]).run()
}

/// Node.js with npm, which check the UI's types; never installed by us, for versions differ.
pub fn require_node() -> Result<()> {
    let version = Call::new("node").arg("--version").output().unwrap_or_default();
    if node_major(&version).is_none_or(|major| major < 20) || Call::npm().arg("--version").output().is_none() {
        bail!(
            "Node.js 20 or later with npm is needed for the UI; found: {}",
            if version.is_empty() { "none" } else { version.trim() }
        );
    }
    Ok(())
}

fn apt_get(args: &[&str]) -> Result<()> {
    let is_root = Call::new("id").arg("-u").output().is_some_and(|id| id.trim() == "0");
    let call = if is_root {
        Call::new("env")
    } else if !answers("sudo", "--version") {
        bail!("neither root nor sudo is here; as root run: apt-get {}", args.join(" "));
    } else if std::io::stdin().is_terminal() {
        Call::new("sudo").arg("env")
    } else {
        Call::new("sudo").args(["--non-interactive", "env"])
    };
    call.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(args).run_with_keyboard()
}

fn answers(program: &str, question: &str) -> bool {
    Call::new(program).arg(question).output().is_some()
}

fn has_openssl() -> bool {
    let is_set = |name| std::env::var_os(name).is_some();
    is_set("OPENSSL_DIR")
        || (is_set("OPENSSL_LIB_DIR") && is_set("OPENSSL_INCLUDE_DIR"))
        || Call::new("pkg-config").args(["--atleast-version=3", "libcrypto"]).output().is_some()
}

/// For what has no quiet question of its own.
fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn has_webkit() -> bool {
    Call::new("pkg-config").args(["--exists", "webkit2gtk-4.1"]).output().is_some()
}

/// Reads /etc/os-release.
fn is_debian_kin(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|names| names.trim_matches('"').split(' '))
        .any(|name| name == "debian")
}

/// `v20.20.2` → 20.
fn node_major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_kin_are_known_and_others_are_not() {
        assert!(is_debian_kin("PRETTY_NAME=\"Debian\"\nID=debian\n"));
        assert!(is_debian_kin("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian_kin("ID=fedora\nHOME_URL=\"debian\"\n"));
        assert!(!is_debian_kin(""));
    }

    #[test]
    fn node_version_is_read() {
        assert_eq!(node_major("v20.20.2\n"), Some(20));
        assert_eq!(node_major(""), None);
    }
}
