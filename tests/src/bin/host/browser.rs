//! The window's part, as far as a browser can take it: no dialog of the system, and nobody is locked out for idleness.

use app::App;
use app::error::{Code, Result};
use app::window::{PickFile, PickFolder, PickSavePath, PickedPath, Window, WindowHost, WindowInfo};

pub struct Browser(pub App);

impl Window for Browser {
    async fn info(&self, (): ()) -> Result<WindowInfo> {
        Ok(WindowInfo::of(&self.0, WindowHost::Browser))
    }

    async fn activity(&self, (): ()) -> Result<()> {
        Ok(())
    }

    async fn drafts_kept(&self, (): ()) -> Result<()> {
        Ok(())
    }

    async fn pick_file(&self, _: PickFile) -> Result<PickedPath> {
        Err(Code::NotInBrowser.into())
    }

    async fn pick_folder(&self, _: PickFolder) -> Result<PickedPath> {
        Err(Code::NotInBrowser.into())
    }

    async fn pick_save_path(&self, _: PickSavePath) -> Result<PickedPath> {
        Err(Code::NotInBrowser.into())
    }
}
