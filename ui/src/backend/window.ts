/**
 * What only the window can do: file dialogs, saying that someone is at work, what it runs on. In a browser the dialogs
 * reject with `not_in_browser`.
 */
import { transport } from "./transport";

/** What a dialog is for; the window gives it its filter and its title. */
export type FileKind = "photo" | "queue" | "enrolment" | "recovery" | "diagnostics";

/** Versions and places, for the settings and for whoever helps. */
export interface WindowInfo {
  app_version: string;
  webview_version: string;
  system: string;
  profile_folder: string;
  /** Where the device secret lies. */
  device_secret: "os_keystore" | "key_file";
  is_window: boolean;
}

/** Paths the person chose; empty where the dialog was closed. */
export async function pickFile(kind: FileKind, several = false): Promise<string[]> {
  return (await transport("window_pick_file", { kind, several })) as string[];
}

/** A folder the person chose; `null` where the dialog was closed. */
export async function pickFolder(): Promise<string | null> {
  return (await transport("window_pick_folder", {})) as string | null;
}

/** Where a file shall go; `null` where the dialog was closed. */
export async function savePath(kind: FileKind, suggestion: string): Promise<string | null> {
  return (await transport("window_save_path", { kind, suggestion })) as string | null;
}

/** Says that someone is at work, so that the window does not lock. */
export async function activity(): Promise<void> {
  await transport("window_activity", {});
}

/** What the window runs on. */
export async function windowInfo(): Promise<WindowInfo> {
  return (await transport("window_info", {})) as WindowInfo;
}
