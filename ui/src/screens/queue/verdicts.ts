/** The words under which a verdict of the server and a change's type are explained. The numbers are those of the wire. */
import { t } from "../../text/index.svelte";

const VERDICTS = ["outside_unit", "outside_role", "wrong_author", "malformed", "wrong_entity", "duplicate", "erased"] as const;

/** Why a change was refused, and what to do. */
export function verdictWords(verdict: number): { why: string; todo: string } {
  const [why = "", todo = ""] = t().queue.verdicts[VERDICTS[verdict - 1] ?? "unknown"];
  return { why, todo };
}

/** What kind of change it is, in a word. */
export function kindWord(kind: number): string {
  return t().queue.kinds[kind] ?? t().queue.kindUnknown(kind);
}
