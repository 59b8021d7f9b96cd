/** Saving with its words: one place that says what was saved, offers the way back and tells the screens. */
import type { Problem } from "../backend";
import { asProblem } from "../backend";
import { changed } from "./changes.svelte";
import { lookNow } from "./exchange.svelte";
import { say, sayFailed } from "./notices.svelte";

/** Saves; on failure says so and gives the problem, so that a form can mark its field. */
export async function save<T>(work: () => Promise<T>, done: (result: T) => { text: string; undo?: () => Promise<unknown> } | null): Promise<Problem | null> {
  try {
    const result = await work();
    changed();
    lookNow();
    const words = done(result);
    const undo = words?.undo;
    if (words) say(words.text, undo ? async () => { await undo(); changed(); lookNow(); } : undefined);
    return null;
  } catch (thrown) {
    const problem = asProblem(thrown);
    sayFailed(problem);
    return problem;
  }
}
