//! Where this program keeps what. One folder, the same shape for the window and for the loopback host:
//!
//! ```text
//! DIR/profile/             the encrypted files (app)
//! DIR/secrets/             the device secret's key file, only where no keystore answers
//! DIR/webview/             what the web engine insists on writing: nothing of any page
//! DIR/window-state.json    size and place of the window
//! ```

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

pub struct Folders {
    top: PathBuf,
}

impl Folders {
    pub fn in_folder(top: PathBuf) -> Self {
        Self { top }
    }

    /// Makes the top folder, for its owner alone.
    pub fn make(&self) -> std::io::Result<()> {
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&self.top)
    }

    pub fn profile(&self) -> PathBuf {
        self.top.join("profile")
    }

    pub fn secrets(&self) -> PathBuf {
        self.top.join("secrets")
    }

    pub fn webview(&self) -> PathBuf {
        self.top.join("webview")
    }

    pub fn window_state(&self) -> PathBuf {
        self.top.join("window-state.json")
    }
}

/// The product's identifier, made one of its own for a profile in another place: two profiles are two instances.
pub fn identifier_of(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    format!("vn.tungnha.desk.p{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_profile_is_an_instance_of_its_own() {
        let identifier = |folder: &str| identifier_of(Path::new(folder));
        assert_eq!(identifier("/a"), identifier("/a"));
        assert_ne!(identifier("/a"), identifier("/b"));
        // A name on the session bus: no part may begin with a digit.
        assert!(identifier("/a").split('.').all(|part| part.starts_with(|first: char| first.is_ascii_lowercase())));
    }
}
