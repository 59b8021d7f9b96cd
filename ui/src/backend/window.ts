/**
 * What only the window can do, in the shape that screens need. In a browser the dialogs reject with `not_in_browser`.
 */
import { connect } from "./call";
import type { FileKind, WindowInfo } from "./generated";
import { transport } from "./transport";

const call = connect(transport);

/** A path the person chose; `null` where he thought better of it. */
export async function pickFile(title: string, kinds: FileKind[]): Promise<string | null> {
  return (await call("window_pick_file", { title, kinds })).path;
}

/** A folder the person chose; `null` where he thought better of it. */
export async function pickFolder(title: string): Promise<string | null> {
  return (await call("window_pick_folder", { title })).path;
}

/** Where a file shall go; `null` where the person thought better of it. */
export async function pickSavePath(title: string, file_name: string, kinds: FileKind[]): Promise<string | null> {
  return (await call("window_pick_save_path", { title, file_name, kinds })).path;
}

/** Says that someone is at work, so that the window does not lock. */
export async function activity(): Promise<void> {
  await call("window_activity", null);
}

/** Says that what was being typed is kept, so that the window need not wait before it locks. */
export async function draftsKept(): Promise<void> {
  await call("window_drafts_kept", null);
}

/** What the window runs on, and the last lock. */
export async function windowInfo(): Promise<WindowInfo> {
  return await call("window_info", null);
}
