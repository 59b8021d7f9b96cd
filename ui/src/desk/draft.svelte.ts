/**
 * What is typed and not yet saved, kept in the encrypted file so that a crash or a lock loses nothing. One draft a key;
 * written half a second after the last letter, and at once before a lock. Dropped when the work is saved.
 */
import { call } from "../backend";
import { sayFailed } from "./notices.svelte";
import type { Asked } from "./once";

const REST_MS = 500;
const writing = new Set<Promise<void>>();
const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; value: unknown }>();
let hasFailed = false;

/** Keeps a draft soon. */
export function keepDraft(key: string, value: unknown): void {
  clearTimeout(waiting.get(key)?.timer);
  waiting.set(key, { value, timer: setTimeout(() => void write(key), REST_MS) });
}

function write(key: string): Promise<void> {
  const done: Promise<void> = writeNow(key).finally(() => writing.delete(done));
  writing.add(done);
  return done;
}

async function writeNow(key: string): Promise<void> {
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

/** Writes what waits, now; done when all of it is written. */
export async function flushDrafts(): Promise<void> {
  for (const key of [...waiting.keys()]) void write(key);
  await Promise.all(writing);
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

/** Writes a draft at once. That it could not be written is left to what is done next, which needs the same disk. */
export async function writeDraft(key: string, value: unknown): Promise<void> {
  clearTimeout(waiting.get(key)?.timer);
  waiting.delete(key);
  await call("save_draft", { key, value }).catch(() => undefined);
}

/** The draft of one form. */
export interface Draft {
  /** What was asked for with this form and not answered. */
  asked: () => Asked | null;
  /** Keeps what is about to be asked for, with the form as it stands, before it is asked. */
  ask: (asked: Asked) => Promise<void>;
  /** It was saved, or given up. */
  drop: () => Promise<void>;
}

/** Joins a form to its draft: takes up what was left, keeps what is typed. */
export function useDraft<T extends object>(key: string, form: T): Draft {
  const blank = JSON.stringify($state.snapshot(form));
  let last = blank;
  let asked: Asked | null = null;
  let isOver = false;
  void readDraft<{ form: T; asked: Asked | null }>(key).then((left) => {
    if (!left?.form || isOver || JSON.stringify($state.snapshot(form)) !== blank) return;
    asked ??= left.asked;
    Object.assign(form, left.form);
  });
  $effect(() => {
    const now = JSON.stringify($state.snapshot(form));
    if (now === last || isOver) return;
    last = now;
    if (now === blank) void dropDraft(key);
    else keepDraft(key, { form: JSON.parse(now) as T, asked });
  });
  return {
    asked: () => asked,
    ask: (next) => { asked = next; return writeDraft(key, { form: $state.snapshot(form), asked }); },
    drop: () => { isOver = true; asked = null; return dropDraft(key); },
  };
}
