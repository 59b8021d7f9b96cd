/** Short messages at the edge: what was saved, with its way back; what failed, with its words. */
import { asProblem, type Problem } from "../backend";
import { t, wordsOf, type ErrorWords } from "../text/index.svelte";

export interface Notice {
  id: number;
  kind: "done" | "failed";
  text: string;
  words?: ErrorWords;
  code?: string;
  /** What takes it back, where the core allows it. */
  undo?: () => Promise<void> | void;
}

const state = $state<{ all: Notice[] }>({ all: [] });
let lastId = 0;

/** What is said now, the latest last. */
export function notices(): Notice[] {
  return state.all;
}

function add(notice: Omit<Notice, "id">, stays_ms: number | null): void {
  lastId += 1;
  const id = lastId;
  state.all = [...state.all.slice(-2), { ...notice, id }];
  if (stays_ms !== null) setTimeout(() => dismiss(id), stays_ms);
}

/** Says that something was done; `undo` stays on offer for a while. */
export function say(text: string, undo?: Notice["undo"]): void {
  add(undo ? { kind: "done", text, undo } : { kind: "done", text }, undo ? 12_000 : 4_000);
}

/** Says what failed; it stays until it is put away. */
export function sayFailed(thrown: unknown): void {
  const problem: Problem = asProblem(thrown);
  // What was still on its way when it was locked: that it is locked is what the screen shows.
  if (problem.code === "profile_locked") return;
  const words = wordsOf(problem);
  add({ kind: "failed", text: words.what, words, code: problem.trace_id ? `${problem.code} · ${problem.trace_id}` : problem.code }, null);
}

/** Puts a notice away. */
export function dismiss(id: number): void {
  state.all = state.all.filter((notice) => notice.id !== id);
}

/** Takes back what the latest notice offers to take back. */
export async function undoLatest(): Promise<void> {
  const latest = [...state.all].reverse().find((notice) => notice.undo);
  if (!latest?.undo) return;
  dismiss(latest.id);
  try {
    await latest.undo();
    say(t().common.undone);
  } catch (thrown) {
    sayFailed(thrown);
  }
}

/** Puts everything away, as at locking. */
export function clearNotices(): void {
  state.all = [];
}
