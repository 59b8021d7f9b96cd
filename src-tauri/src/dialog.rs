//! The window's own part of the commands: the system's dialogs, and what is known of this host.

use std::path::PathBuf;

use app::error::{Code, Result};
use app::window::{FileKind, PickFile, PickFolder, PickSavePath, PickedPath, Window, WindowHost, WindowInfo};
use tauri::WebviewWindow;
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

use crate::desktop::Desktop;

pub struct DesktopWindow<'a> {
    pub desktop: &'a Desktop,
    pub window: &'a WebviewWindow,
}

impl Window for DesktopWindow<'_> {
    async fn info(&self, (): ()) -> Result<WindowInfo> {
        Ok(WindowInfo {
            webview: tauri::webview_version().ok(),
            locked: self.desktop.last_lock(),
            ..WindowInfo::of(&self.desktop.app, WindowHost::Desktop)
        })
    }

    async fn activity(&self, (): ()) -> Result<()> {
        self.desktop.note_activity();
        Ok(())
    }

    async fn drafts_kept(&self, (): ()) -> Result<()> {
        self.desktop.note_drafts_kept();
        Ok(())
    }

    async fn pick_file(&self, params: PickFile) -> Result<PickedPath> {
        let (answer, picked) = oneshot::channel();
        let dialog = with_kinds(self.dialog(&params.title), &params.kinds);
        dialog.pick_file(|path| drop(answer.send(path)));
        picked_path(picked).await
    }

    async fn pick_folder(&self, params: PickFolder) -> Result<PickedPath> {
        let (answer, picked) = oneshot::channel();
        self.dialog(&params.title).pick_folder(|path| drop(answer.send(path)));
        picked_path(picked).await
    }

    async fn pick_save_path(&self, params: PickSavePath) -> Result<PickedPath> {
        let (answer, picked) = oneshot::channel();
        let dialog = with_kinds(self.dialog(&params.title), &params.kinds).set_file_name(params.file_name);
        dialog.save_file(|path| drop(answer.send(path)));
        picked_path(picked).await
    }
}

impl DesktopWindow<'_> {
    fn dialog(&self, title: &str) -> FileDialogBuilder<tauri::Wry> {
        self.window.dialog().file().set_parent(self.window).set_title(title)
    }
}

fn with_kinds(dialog: FileDialogBuilder<tauri::Wry>, kinds: &[FileKind]) -> FileDialogBuilder<tauri::Wry> {
    kinds.iter().fold(dialog, |dialog, kind| {
        let extensions: Vec<&str> = kind.extensions.iter().map(String::as_str).collect();
        dialog.add_filter(&kind.name, &extensions)
    })
}

/// A dialog that ended without an answer is one where nothing was chosen.
async fn picked_path(picked: oneshot::Receiver<Option<FilePath>>) -> Result<PickedPath> {
    let Some(path) = picked.await.ok().flatten() else { return Ok(PickedPath { path: None }) };
    let path: PathBuf = path.into_path().map_err(|_| Code::FileUnreadable)?;
    // Commands take paths as text.
    let path = path.into_os_string().into_string().map_err(|_| Code::FileUnreadable)?;
    Ok(PickedPath { path: Some(path) })
}
