/** What screens may use of the backend: the typed call, its types, and what the window alone can do. */
import { connect } from "./call";
import { transport } from "./transport";

export type { Problem } from "./call";
export type * from "./generated";
export { asProblem, isInWindow, isProblem, onLocked, onLocking } from "./transport";
export { activity, draftsKept, pickFile, pickFolder, pickSavePath, windowInfo } from "./window";

/** Carries out one command of the generated list. Rejects with a `Problem`. */
export const call = connect(transport);
