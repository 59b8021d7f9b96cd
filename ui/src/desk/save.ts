/**
 * Saving with its words: one place that says what was saved, offers the way back and tells the screens. What failed, or
 * whose answer was lost, is asked again under the same id, so that nothing is made twice.
 */
import { asProblem, call, type Commands, type Problem } from "../backend";
import { changed } from "./changes.svelte";
import type { Draft } from "./draft.svelte";
import { lookNow } from "./exchange.svelte";
import { say, sayFailed } from "./notices.svelte";
import { askedAs, type Asked, type Asking, type Making } from "./once";

/** What is said of what was saved, and what takes it back. */
type Done<K extends Making> = (result: Commands[K]["result"]) => { text: string; undo?: () => Promise<unknown> } | null;

/** The last thing that was asked for without a draft and not answered. */
let unanswered: Asked | null = null;

/** Forgets what was not answered, as at locking. */
export function forgetUnanswered(): void {
  unanswered = null;
}

/** Makes something once. With a draft, the id waits in it: also after a crash the same form makes the same thing. */
export async function make<K extends Making>(command: K, params: Asking<K>, draft?: Draft): Promise<Commands[K]["result"]> {
  const asked = askedAs(draft ? draft.asked() : unanswered, command, params);
  if (draft) await draft.ask(asked);
  else unanswered = asked;
  const result = await call(command, { ...params, once: asked.id } as Commands[K]["params"]);
  if (draft) await draft.drop();
  else if (unanswered === asked) unanswered = null;
  return result;
}

/** Saves; on failure says so and gives the problem. */
export async function save<K extends Making>(command: K, params: Asking<K>, done: Done<K>, draft?: Draft): Promise<Problem | null> {
  const problem = await saveForm(command, params, done, draft);
  if (problem) sayFailed(problem);
  return problem;
}

/** Saves for a form that shows by itself what failed, beside what was typed. */
export async function saveForm<K extends Making>(command: K, params: Asking<K>, done: Done<K>, draft?: Draft): Promise<Problem | null> {
  try {
    const result = await make(command, params, draft);
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
