/** Where in the program the person is. Kept in memory alone: no address bar, no history file holds an id. */
import type { CorrectionId, Field, HouseholdId, PersonId } from "../backend";

export type Route =
  | { screen: "today" }
  | { screen: "household"; household: HouseholdId; person?: PersonId; /** What is to be looked at of this person. */ field?: Field; /** A visit is being recorded. */ visit?: boolean }
  | { screen: "search" }
  | { screen: "mine" }
  | { screen: "queue" }
  | { screen: "review"; correction?: CorrectionId }
  | { screen: "assign" }
  | { screen: "settings" };

const state = $state<{ trail: Route[] }>({ trail: [{ screen: "today" }] });

/** Where we are. */
export function route(): Route {
  return state.trail.at(-1) ?? { screen: "today" };
}

/** Goes there; the way back is kept. */
export function go(next: Route): void {
  state.trail = [...state.trail.slice(-30), next];
}

/** The same place seen otherwise: nothing is added to the way back. */
export function turn(next: Route): void {
  state.trail = [...state.trail.slice(0, -1), next];
}

/** One step back; at the beginning nothing. */
export function back(): void {
  if (state.trail.length > 1) state.trail = state.trail.slice(0, -1);
}

/** Forgets the way, as at locking. */
export function resetRoute(): void {
  state.trail = [{ screen: "today" }];
}
