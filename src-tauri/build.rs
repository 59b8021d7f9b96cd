//! Names the one command to the access list and embeds the screens. Where they were not built yet, a page that says so
//! stands in for them in a debug build, so that every room can be checked without Node.js; a release build refuses.

use std::path::Path;
use std::{env, fs};

const SCREENS: &str = "../ui/dist";

const NOT_BUILT: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Từng Nhà</title>\n\
<p>The screens are not built: run <code>cargo xtask run</code>, or <code>npm run build</code> in <code>ui/</code>, \
and build this program again.</p></html>\n";

fn main() {
    let index = Path::new(SCREENS).join("index.html");
    if !index.is_file() {
        assert!(env::var("PROFILE").as_deref() != Ok("release"), "build the screens first: npm run build in ui/");
        fs::create_dir_all(SCREENS).and_then(|()| fs::write(&index, NOT_BUILT)).expect("ui/ can be written to");
    }
    println!("cargo:rerun-if-changed={SCREENS}");
    let only_command = tauri_build::AppManifest::new().commands(&["rpc"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(only_command)).expect("the window's manifest");
}
