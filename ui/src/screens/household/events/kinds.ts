/** What can happen to a household on an ordinary day. */
export type EventName =
  | "remove" | "move" | "temporary_begin" | "temporary_end" | "absence_begin" | "absence_end" | "note" | "paper"
  | "add_person" | "split" | "new_household";
