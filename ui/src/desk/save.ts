/** Saving with its words: one place that says what was saved, offers the way back and tells the screens. */
import type { Problem } from "../backend";
import { asProblem } from "../backend";
import { changed } from "./changes.svelte";
import { lookNow } from "./exchange.svelte";
import { say, sayFailed } from "./notices.svelte";

/** What is said of what was saved, and what takes it back. */
type Done<T> = (result: T) => { text: string; undo?: () => Promise<unknown> } | null;

/** Saves; on failure says so and gives the problem. */
export async function save<T>(work: () => Promise<T>, done: Done<T>): Promise<Problem | null> {
  const problem = await saveForm(work, done);
  if (problem) sayFailed(problem);
  return problem;
}

/** Saves for a form that shows by itself what failed, beside what was typed. */
export async function saveForm<T>(work: () => Promise<T>, done: Done<T>): Promise<Problem | null> {
  try {
    const result = await work();
    changed();
    lookNow();
    const words = done(result);
    const undo = words?.undo;
    if (words) say(words.text, undo ? async () => { await undo(); changed(); lookNow(); } : undefined);
    return null;
  } catch (thrown) {
    return asProblem(thrown);
  }
}
