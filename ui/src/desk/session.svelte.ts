/**
 * Whose desk this is: the profile's state, the settings that every screen needs, locking. Owns no data of any resident.
 */
import { activity, call, draftsKept, isInWindow, onLocked, onLocking, type LockResult, type ProfileStatus, type ProfileView, type Settings } from "../backend";
import { setLanguage } from "../text/index.svelte";
import { flushDrafts } from "./draft.svelte";
import { clearNotices } from "./notices.svelte";
import { resetRoute } from "./route.svelte";
import { forgetUnanswered } from "./save";

const state = $state<{ status: ProfileStatus | null; settings: Settings | null; lockedBy: string | null; lockResult: LockResult | null; isLocking: boolean }>({ status: null, settings: null, lockedBy: null, lockResult: null, isLocking: false });

/** How far the profile is; `null` until it is known. */
export function status(): ProfileStatus | null {
  return state.status;
}

/** Whose profile is open. Only screens that live behind the lock may ask. */
export function profile(): ProfileView {
  const open = state.status?.profile;
  if (!open) throw new Error("no profile is open");
  return open;
}

/** Everything that is set. */
export function settings(): Settings | null {
  return state.settings;
}

/** Why it is locked, where it locked itself. */
export function lockedBy(): string | null {
  return state.lockedBy;
}

/** What was written to the stick at locking. */
export function lastLock(): LockResult | null {
  return state.lockResult;
}

/** Whether the files are being closed: the screen is empty already, unsent work may still be on its way to the stick. */
export function isLocking(): boolean {
  return state.isLocking;
}

/** Asks anew how the profile stands. */
export async function refreshStatus(): Promise<void> {
  state.status = await call("profile_status", null);
  state.settings = await call("get_settings", null);
  applySettings();
}

/** Sets what can be set. */
export async function changeSettings(next: Settings): Promise<void> {
  state.settings = await call("set_settings", next);
  applySettings();
}

function applySettings(): void {
  const now = state.settings;
  if (!now) return;
  setLanguage(now.language);
  const root = document.documentElement;
  const isDark = now.theme === "dark" || (now.theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset["theme"] = isDark ? "dark" : "light";
  root.style.fontSize = `${now.text_size_percent}%`;
}

/** Locks: closes the files, wipes the keys, empties the screen. */
export async function lock(): Promise<void> {
  const drafts = flushDrafts();
  emptyScreen("asked");
  state.isLocking = true;
  state.lockResult = null;
  try {
    await drafts;
    state.lockResult = await call("lock", null);
  } finally {
    await refreshStatus();
    state.isLocking = false;
  }
}

/** The profile was opened. */
export async function opened(): Promise<void> {
  state.lockedBy = null;
  state.lockResult = null;
  await refreshStatus();
}

function emptyScreen(cause: string | null): void {
  if (state.status) state.status = { ...state.status, state: "locked", profile: null };
  state.lockedBy = cause;
  resetRoute();
  clearNotices();
  forgetUnanswered();
}

let lastActivity = 0;
/** Someone is at work. Said at most every fifteen seconds. */
export function atWork(): void {
  const now = Date.now();
  if (!isInWindow || now - lastActivity < 15_000) return;
  lastActivity = now;
  void activity().catch(() => undefined);
}

let idleTimer: ReturnType<typeof setTimeout> | undefined;
/** In a browser there is no window that watches the time: the page does. */
export function watchIdle(): void {
  if (isInWindow) return;
  clearTimeout(idleTimer);
  const minutes = state.settings?.idle_minutes ?? 10;
  idleTimer = setTimeout(() => {
    if (state.status?.state === "unlocked") void lock().then(() => (state.lockedBy = "idle"));
  }, minutes * 60_000);
}

/** Listens to what the window says of itself. Set once. */
export async function listenToWindow(): Promise<void> {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applySettings);
  await onLocking(() => void flushDrafts().finally(() => draftsKept()).catch(() => undefined));
  await onLocked((cause) => {
    emptyScreen(cause);
    void refreshStatus();
  });
}
