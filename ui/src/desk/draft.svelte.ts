/**
 * What is typed and not yet saved, kept in the encrypted file so that a crash or a lock loses nothing. One draft a key;
 * written half a second after the last letter, and at once before a lock. Dropped when the work is saved.
 */
import { call } from "../backend";
import { sayFailed } from "./notices.svelte";

const REST_MS = 500;
const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; value: unknown }>();
let hasFailed = false;

/** Keeps a draft soon. */
export function keepDraft(key: string, value: unknown): void {
  clearTimeout(waiting.get(key)?.timer);
  waiting.set(key, { value, timer: setTimeout(() => void write(key), REST_MS) });
}

async function write(key: string): Promise<void> {
  const entry = waiting.get(key);
  if (!entry) return;
  clearTimeout(entry.timer);
  waiting.delete(key);
  try {
    await call("save_draft", { key, value: entry.value });
    hasFailed = false;
  } catch (thrown) {
    // Said once: every further letter would fail for the same reason.
    if (!hasFailed) sayFailed(thrown);
    hasFailed = true;
  }
}

/** Writes what waits, now. */
export async function flushDrafts(): Promise<void> {
  await Promise.all([...waiting.keys()].map(write));
}

/** The draft, `null` where there is none. */
export async function readDraft<T>(key: string): Promise<T | null> {
  await write(key);
  try {
    return (await call("load_draft", { key })).value as T | null;
  } catch (thrown) {
    sayFailed(thrown);
    return null;
  }
}

/** Forgets a draft: it was saved, or given up. */
export async function dropDraft(key: string): Promise<void> {
  clearTimeout(waiting.get(key)?.timer);
  waiting.delete(key);
  try {
    await call("drop_draft", { key });
  } catch (thrown) {
    sayFailed(thrown);
  }
}

/** Joins a form to its draft: takes up what was left, keeps what is typed. `drop` is for after saving. */
export function useDraft<T extends object>(key: string, form: T): { drop: () => Promise<void> } {
  const blank = JSON.stringify($state.snapshot(form));
  let last = blank;
  let isOver = false;
  void readDraft<T>(key).then((left) => {
    if (left && !isOver && JSON.stringify($state.snapshot(form)) === blank) Object.assign(form, left);
  });
  $effect(() => {
    const now = JSON.stringify($state.snapshot(form));
    if (now === last || isOver) return;
    last = now;
    if (now === blank) void dropDraft(key);
    else keepDraft(key, JSON.parse(now));
  });
  return { drop: () => { isOver = true; return dropDraft(key); } };
}
