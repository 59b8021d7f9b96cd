//! What a screen asks of its window and not of the application: which files a person chooses, that someone is still
//! there, what this host is. Owns the names and types, so that they reach the screens with the commands; each host
//! carries them out ([`Window`]), and one that lacks one does not compile.
//!
//! Over the border they are called like commands; their names begin with `window_` and none of them is in the command
//! list, for nothing here touches the profile.

use std::future::Future;

use serde::{Deserialize, Serialize};

use crate::app::{read_params, trace};
use crate::case::profile::{DeviceSecretPlace, LockResult};
use crate::command::CommandTypes;
use crate::error::{AppError, Code, Result};
use crate::{App, version};

/// Where the screens are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum WindowHost {
    /// The product's own window.
    Desktop,
    /// A browser, over loopback: for development and tests, never for real data.
    Browser,
}

/// Why the profile was locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum LockCause {
    Asked,
    /// Nobody touched anything for the time that is set.
    Idle,
    /// The machine slept.
    Sleep,
}

/// A lock that has happened since the window opened.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct Locked {
    pub cause: LockCause,
    pub at_ms: u64,
    /// What was written to the stick; `null` where the files did not close in order, as after a failing disk.
    pub result: Option<LockResult>,
}

/// What is asked when an error is reported, and on the screen of settings. Nothing of anyone.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct WindowInfo {
    pub host: WindowHost,
    pub app_version: String,
    pub built_ms: u64,
    /// `linux`, `windows`, `macos`.
    pub system: String,
    pub architecture: String,
    /// The version of the engine that draws the screens, where it is known.
    pub webview: Option<String>,
    pub device_secret: DeviceSecretPlace,
    pub profile_folder: String,
    /// The last lock since the window opened: the page that knew of it is gone.
    pub locked: Option<Locked>,
}

impl WindowInfo {
    /// What any host knows.
    pub fn of(app: &App, host: WindowHost) -> Self {
        Self {
            host,
            app_version: version::APP_VERSION.to_owned(),
            built_ms: version::BUILT_MS,
            system: std::env::consts::OS.to_owned(),
            architecture: std::env::consts::ARCH.to_owned(),
            webview: None,
            device_secret: app.config().secrets.kind().into(),
            profile_folder: app.config().folder.display().to_string(),
            locked: None,
        }
    }
}

/// Kinds of files that are offered, in the screen's own words.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct FileKind {
    pub name: String,
    /// Without dots: `json`, `tnq`.
    pub extensions: Vec<String>,
}

/// Asks a person for a file to read. The words are the screen's.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct PickFile {
    pub title: String,
    pub kinds: Vec<FileKind>,
}

/// Asks a person for a folder.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct PickFolder {
    pub title: String,
}

/// Asks a person where to write a file.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct PickSavePath {
    pub title: String,
    /// Offered as the file's name.
    pub file_name: String,
    pub kinds: Vec<FileKind>,
}

/// What was chosen; `null` where the person thought better of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PickedPath {
    pub path: Option<String>,
}

/// Each line: `/// what it does`, `name function: params => result;`
macro_rules! window_commands {
    ($($(#[doc = $doc:literal])+ $name:ident $function:ident: $params:ty => $result:ty;)*) => {
        /// What a host carries out itself.
        pub trait Window: Send + Sync {
            $($(#[doc = $doc])+
            fn $function(&self, params: $params) -> impl Future<Output = Result<$result>> + Send;)*
        }

        /// Names and descriptions, in the order of the list.
        pub const WINDOW_LIST: &[(&str, &str)] = &[$((stringify!($name), concat!($($doc),+)),)*];

        /// Carries out what begins with `window_`.
        ///
        /// # Errors
        /// `unknown_command`, `params_invalid`, and those of the host.
        pub async fn call_window(
            window: &impl Window,
            name: &str,
            params: serde_json::Value,
        ) -> Result<serde_json::Value> {
            let (known, outcome) = match name {
                $(stringify!($name) => (stringify!($name), match read_params::<$params>(params) {
                    Ok(params) => window.$function(params).await.and_then(to_json),
                    Err(error) => Err(error),
                }),)*
                _ => ("(unknown)", Err(Code::UnknownCommand.into())),
            };
            outcome.map_err(|error| trace(known, error))
        }

        /// Params and result of each, in the order of the list.
        pub(crate) fn visit_window_types(visitor: &mut impl CommandTypes) {
            $(visitor.visit::<$params, $result>();)*
        }
    };
}

window_commands! {
    /// What this host is, where the profile lies, how its device secret is kept, and the last lock.
    window_info info: () => WindowInfo;
    /// Someone is there: said at most every 15 seconds, after a key, a click or a movement.
    window_activity activity: () => ();
    /// The page has kept what was being typed, as the window asked it to before locking.
    window_drafts_kept drafts_kept: () => ();
    /// Asks for a file to read, in the system's own dialog.
    window_pick_file pick_file: PickFile => PickedPath;
    /// Asks for a folder, in the system's own dialog.
    window_pick_folder pick_folder: PickFolder => PickedPath;
    /// Asks where to write a file, in the system's own dialog; one that is there is replaced after a question.
    window_pick_save_path pick_save_path: PickSavePath => PickedPath;
}

/// Whether a name is for the window.
pub fn is_for_window(name: &str) -> bool {
    name.starts_with("window_")
}

fn to_json(result: impl Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(result).map_err(|_| AppError::new(Code::Internal).with("cause", "result_not_json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    impl Window for Nothing {
        async fn info(&self, (): ()) -> Result<WindowInfo> {
            Err(Code::NotInBrowser.into())
        }
        async fn activity(&self, (): ()) -> Result<()> {
            Ok(())
        }
        async fn drafts_kept(&self, (): ()) -> Result<()> {
            Ok(())
        }
        async fn pick_file(&self, params: PickFile) -> Result<PickedPath> {
            Ok(PickedPath { path: Some(params.title) })
        }
        async fn pick_folder(&self, _: PickFolder) -> Result<PickedPath> {
            Ok(PickedPath { path: None })
        }
        async fn pick_save_path(&self, params: PickSavePath) -> Result<PickedPath> {
            Ok(PickedPath { path: Some(params.file_name) })
        }
    }

    #[tokio::test]
    async fn a_name_of_the_window_is_carried_out_and_any_other_refused_with_a_trace() {
        let call = |name: &'static str, params| call_window(&Nothing, name, params);
        let picked = call("window_pick_file", serde_json::json!({"title": "Chọn tệp", "kinds": []})).await;
        assert_eq!(picked.unwrap()["path"], "Chọn tệp");
        assert_eq!(call("window_activity", serde_json::Value::Null).await.unwrap(), serde_json::Value::Null);
        for (name, params, code) in [
            ("window_info", serde_json::Value::Null, Code::NotInBrowser),
            ("window_pick_file", serde_json::json!({"title": 7}), Code::ParamsInvalid),
            ("window_open_door", serde_json::Value::Null, Code::UnknownCommand),
        ] {
            let error = call(name, params).await.unwrap_err();
            assert_eq!((error.code, error.trace_id.len()), (code, 16), "{name}");
        }
    }

    #[test]
    fn no_command_has_a_name_of_the_window() {
        assert!(WINDOW_LIST.iter().all(|(name, _)| is_for_window(name)));
        assert!(!crate::command::LIST.iter().any(|info| is_for_window(info.name)));
    }
}
