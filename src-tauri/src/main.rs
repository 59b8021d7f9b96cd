//! The window of Từng Nhà. Owns what only a desktop has: the window itself, the keystore, locking for idleness and
//! sleep, the system's dialogs, one instance for each profile. Refuses every rule of the product: commands go to `app`
//! as they come.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod desktop;
mod dialog;
mod folders;
mod idle;
mod keystore;
mod rpc;
mod window;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use app::clock::SystemClock;
use app::{App, AppConfig};
use clap::Parser;
use tauri::{Manager, RunEvent, WindowEvent};

use crate::desktop::Desktop;
use crate::folders::Folders;

/// The field desk of a commune police officer.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The folder of the profile, where it is not the system's own place for application data.
    #[arg(long, env = "TUNGNHA_PROFILE")]
    profile: Option<PathBuf>,
}

fn main() -> Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::INFO).init();
    let profile = Arguments::parse().profile.map(std::path::absolute).transpose()?;
    let mut context = tauri::generate_context!();
    if let Some(folder) = &profile {
        // One instance for each profile, and the system's names follow from the identifier.
        context.config_mut().identifier = folders::identifier_of(folder);
    }
    let window = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| window::bring_to_front(app)))
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .setup(move |app| Ok(set_up(app, profile)?))
        .build(context)?;
    window.run(|app, event| {
        if let RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. } = event {
            api.prevent_close();
            desktop::close(app.clone());
        }
    });
    Ok(())
}

fn set_up(tauri: &mut tauri::App, profile: Option<PathBuf>) -> Result<()> {
    let folders = match profile {
        Some(folder) => Folders::in_folder(folder),
        None => Folders::in_folder(tauri.path().app_local_data_dir()?),
    };
    folders.make().context("the profile's folder could not be made")?;
    let secrets = keystore::choose(&folders);
    let config = AppConfig::new(folders.profile(), secrets, Arc::new(SystemClock));
    tauri.manage(Desktop::new(App::new(config)));
    window::remember_places(tauri.handle(), &folders)?;
    window::open(tauri.handle(), &folders)?;
    desktop::watch(tauri.handle().clone());
    Ok(())
}
