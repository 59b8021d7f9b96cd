//! Installers: a Debian package of the window and one of the server, built with the system's own `dpkg-deb` from the
//! release programs and `assets/`. Owns what lies where once it is installed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    child::{Call, root},
    rooms, screens,
    steps::{Steps, say},
    system,
};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// One package: control fields and where each file comes from.
struct Package {
    name: &'static str,
    section: &'static str,
    depends: &'static str,
    /// The first line of the description, then the rest.
    description: (&'static str, &'static str),
    program: &'static str,
    /// From the top of the repository, to the installed system.
    files: &'static [(&'static str, &'static str)],
    /// Scripts and lists that dpkg reads itself.
    control_files: &'static [(&'static str, &'static str)],
    configuration: &'static [&'static str],
}

const DESK: Package = Package {
    name: "tungnha-desk",
    section: "office",
    depends: "libc6 (>= 2.36), libgcc-s1, libgtk-3-0, libssl3, libwebkit2gtk-4.1-0",
    description: (
        "field desk of a commune police officer",
        " Knows every household of a commune, records each visit, holds the papers\n \
         against the population register, and works with no line. Everything is kept\n \
         in encrypted files on this machine.",
    ),
    program: "tungnha-desk",
    files: &[
        ("assets/packages/vn.tungnha.desk.desktop", "usr/share/applications/vn.tungnha.desk.desktop"),
        ("assets/icons/32x32.png", "usr/share/icons/hicolor/32x32/apps/vn.tungnha.desk.png"),
        ("assets/icons/128x128.png", "usr/share/icons/hicolor/128x128/apps/vn.tungnha.desk.png"),
        ("assets/icons/256x256.png", "usr/share/icons/hicolor/256x256/apps/vn.tungnha.desk.png"),
        ("assets/icons/512x512.png", "usr/share/icons/hicolor/512x512/apps/vn.tungnha.desk.png"),
        ("assets/icons/icon.svg", "usr/share/icons/hicolor/scalable/apps/vn.tungnha.desk.svg"),
        ("LICENSE", "usr/share/doc/tungnha-desk/copyright"),
    ],
    control_files: &[],
    configuration: &[],
};

const SERVER: Package = Package {
    name: "tungnha-server",
    section: "net",
    depends: "adduser, libc6 (>= 2.36), libgcc-s1, libssl3",
    description: (
        "central server of the Từng Nhà field desk",
        " Takes register extracts in, hands them to enrolled laptops, and receives\n \
         their signed batches of changes. One program: the HTTPS server and its\n \
         operator's commands.",
    ),
    program: "tungnha-server",
    files: &[
        ("assets/packages/tungnha-server.service", "usr/lib/systemd/system/tungnha-server.service"),
        ("assets/packages/server.env", "etc/tungnha/server.env"),
        ("LICENSE", "usr/share/doc/tungnha-server/copyright"),
    ],
    control_files: &[
        ("assets/packages/tungnha-server.postinst", "postinst"),
        ("assets/packages/tungnha-server.prerm", "prerm"),
    ],
    configuration: &["/etc/tungnha/server.env"],
};

/// Builds both and says where they lie.
pub fn run_all() -> Result<()> {
    let mut steps = Steps::begin();
    build(&mut steps)?;
    steps.close("Both packages are built");
    Ok(())
}

/// Where the packages lie.
pub fn folder() -> PathBuf {
    root().join("target/dist")
}

/// Builds both, as steps of something larger.
pub fn build(steps: &mut Steps) -> Result<()> {
    steps.step("System packages", "Install what it names, then run this again.", || {
        system::install_missing()?;
        system::install_for_window()?;
        system::require_node()
    })?;
    steps.step("Screens", "The message above says where in ui/.", screens::build)?;
    let packages = [&DESK, &SERVER];
    steps.step("Release programs (some minutes)", "The compiler's message above says where.", || {
        packages.iter().try_for_each(|package| rooms::build_release(package.name))
    })?;
    steps.step("Packages", "dpkg-deb says above what it lacks.", || {
        for package in packages {
            let program = rooms::release_program(package.program);
            say(&format!("{}", build_package(package, &program, &folder())?.display()));
        }
        Ok(())
    })
}

/// Lays the files out below `folder` and packs them; the package's path.
fn build_package(package: &Package, program: &Path, folder: &Path) -> Result<PathBuf> {
    let Some(architecture) = Call::new("dpkg").arg("--print-architecture").output() else {
        bail!("dpkg is not here: packages for Debian are built on Debian or its kin");
    };
    let architecture = architecture.trim();
    let tree = folder.join(package.name);
    if tree.exists() {
        fs::remove_dir_all(&tree)?;
    }
    put(program, &tree.join("usr/bin").join(package.program), 0o755)?;
    for (from, to) in package.files {
        put(&root().join(from), &tree.join(to), 0o644)?;
    }
    for (from, to) in package.control_files {
        put(&root().join(from), &tree.join("DEBIAN").join(to), 0o755)?;
    }
    let size_kib = folder_bytes(&tree)? / 1024;
    let control = control_of(package, architecture, size_kib);
    fs::create_dir_all(tree.join("DEBIAN"))?;
    fs::write(tree.join("DEBIAN/control"), control)?;
    if !package.configuration.is_empty() {
        fs::write(tree.join("DEBIAN/conffiles"), package.configuration.join("\n") + "\n")?;
    }
    let file = folder.join(format!("{}_{VERSION}_{architecture}.deb", package.name));
    Call::new("dpkg-deb").args(["--root-owner-group", "-Zxz", "--build"]).arg(&tree).arg(&file).run()?;
    Ok(file)
}

fn control_of(package: &Package, architecture: &str, size_kib: u64) -> String {
    let (first, rest) = package.description;
    format!(
        "Package: {}\nVersion: {VERSION}\nArchitecture: {architecture}\nSection: {}\nPriority: optional\n\
         Maintainer: Từng Nhà <tungnha@localhost>\nInstalled-Size: {size_kib}\nDepends: {}\nDescription: {first}\n{rest}\n",
        package.name, package.section, package.depends
    )
}

/// Copies a file to its place, folders made on the way, with the mode it has once it is installed.
fn put(from: &Path, to: &Path, mode: u32) -> Result<()> {
    fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
    fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    #[cfg(unix)]
    fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    #[cfg(not(unix))]
    let _ = mode;
    Ok(())
}

fn folder_bytes(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { folder_bytes(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_packed_is_in_the_repository() {
        for package in [&DESK, &SERVER] {
            for (from, _) in package.files.iter().chain(package.control_files) {
                assert!(root().join(from).is_file(), "{from}");
            }
            let installed: Vec<String> = package.files.iter().map(|(_, to)| format!("/{to}")).collect();
            assert!(package.configuration.iter().all(|file| installed.contains(&(*file).to_string())));
        }
    }

    /// With the shell in the program's place: what dpkg reads back is what was meant.
    #[test]
    #[cfg(target_os = "linux")]
    fn dpkg_reads_the_packages_back() {
        if Call::new("dpkg-deb").arg("--version").output().is_none() {
            return;
        }
        let folder = root().join("target/dist-test");
        for package in [&DESK, &SERVER] {
            let file = build_package(package, Path::new("/bin/sh"), &folder).expect("it is packed");
            let ask =
                |question: &str| Call::new("dpkg-deb").arg(question).arg(&file).output().expect("dpkg-deb reads it");
            assert!(ask("--info").contains(&format!("Package: {}\n", package.name)));
            let contents = ask("--contents");
            assert!(contents.contains(" root/root "), "{contents}");
            for (_, to) in package.files {
                assert!(contents.contains(&format!(" ./{to}\n")), "{to} is missing in {contents}");
            }
        }
        fs::remove_dir_all(folder).expect("the test's own folder");
    }

    #[test]
    fn control_file_has_the_form_that_dpkg_reads() {
        let control = control_of(&SERVER, "amd64", 7);
        assert!(control.starts_with("Package: tungnha-server\nVersion: "));
        let description = control.split("Description: ").nth(1).unwrap();
        assert!(description.lines().skip(1).all(|line| line.starts_with(' ')), "{description}");
    }
}
