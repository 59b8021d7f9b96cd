//! How the screens look and when they lock. Nothing here is personal, so it lies beside the encrypted files and is
//! readable while they are locked.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{AppError, Code, Result};

const FILE: &str = "settings.json";

/// How the screens are coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `vi`, `en`, or the name of another file of texts.
    pub language: String,
    pub theme: Theme,
    /// 80 to 200.
    pub text_size_percent: u16,
    /// 1 to 15: a screen locks after at most a quarter of an hour (TCVN 14423:2026, level 3).
    pub idle_minutes: u8,
    /// A folder, usually on a stick: at locking, work that was not sent is written there, sealed to the server.
    pub stick_folder: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: "vi".into(),
            theme: Theme::System,
            text_size_percent: 100,
            idle_minutes: 10,
            stick_folder: None,
        }
    }
}

impl Settings {
    /// What is set; the defaults where nothing is or nothing readable.
    pub(crate) fn load(folder: &Path) -> Self {
        let found = std::fs::read(folder.join(FILE)).ok().and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        found.filter(|settings| settings.check().is_ok()).unwrap_or_default()
    }

    pub(crate) fn save(&self, folder: &Path) -> Result<()> {
        self.check()?;
        std::fs::create_dir_all(folder).map_err(|_| Code::DiskFailed)?;
        let bytes = serde_json::to_vec_pretty(self).expect("settings are always JSON");
        Ok(vault::atomic_write_private(&folder.join(FILE), &bytes)?)
    }

    fn check(&self) -> Result<()> {
        let is_language = (2..=12).contains(&self.language.len())
            && self.language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let wrong = if !is_language {
            "language"
        } else if !(80..=200).contains(&self.text_size_percent) {
            "text_size_percent"
        } else if !(1..=15).contains(&self.idle_minutes) {
            "idle_minutes"
        } else if self.stick_folder.as_ref().is_some_and(|folder| !Path::new(folder).is_absolute()) {
            "stick_folder"
        } else {
            return Ok(());
        };
        Err(AppError::new(Code::ValueNotAllowed).with("field", wrong))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_kept_and_wrong_ones_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Settings::load(folder.path()), Settings::default());
        let dark = Settings { theme: Theme::Dark, idle_minutes: 15, ..Settings::default() };
        dark.save(folder.path()).unwrap();
        assert_eq!(Settings::load(folder.path()), dark);
        let never = Settings { idle_minutes: 16, ..Settings::default() };
        assert_eq!(never.save(folder.path()).unwrap_err().params["field"], "idle_minutes".into());
        assert_eq!(Settings::load(folder.path()), dark);
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), b"{\"language\":").unwrap();
        assert_eq!(Settings::load(folder.path()), Settings::default());
    }
}
