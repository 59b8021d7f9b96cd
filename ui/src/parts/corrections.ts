/** Words of a correction, where several screens show one. Owns no rule: stages and classes come from the commands. */
import type { CorrectionRow, CorrectionState, Decision, Difference, Field, ResidenceKind, ReviewState, Stage } from "../backend";
import type { Tone } from "../kit/tone";
import { t } from "../text/index.svelte";
import { addressLine } from "./words";

/** A value as it is read: codes of the extract become words. */
export function valueWords(field: Field, value: string | null | undefined): string | null {
  if (!value) return null;
  if (field === "residence_kind") return t().residence[value as ResidenceKind] ?? value;
  if (field === "dwelling_kind") return (t().dwelling as Record<string, string>)[value] ?? value;
  return value;
}

/** The colour of a stage. */
export function stageTone(stage: Stage): Tone {
  switch (stage) {
    case "approved": case "entered": case "confirmed": return "green";
    case "returned": case "rejected": return "red";
    case "referred": case "held": return "amber";
    case "first_approval": return "blue";
    default: return "plain";
  }
}

/** The colour of a class of difference: what changes who someone is, what changes how it is written. */
export function differenceTone(difference: Difference): Tone {
  switch (difference) {
    case "different": case "spelling": case "only_in_register": return "red";
    case "diacritics_only": case "missing_in_register": return "amber";
    default: return "plain";
  }
}

/** The colour of a decision. */
export function decisionTone(decision: Decision): Tone {
  switch (decision) {
    case "approve": return "green";
    case "return": case "reject": return "red";
    default: return "amber";
  }
}

/** Whom or what it is about: a person by name, a house by its address. */
export function subjectWords(row: CorrectionRow): string {
  const subject = row.state.proposal?.subject;
  if (subject === "household") return t().review.household(addressLine(row.address));
  if (subject === "dwelling") return t().review.dwelling(addressLine(row.address));
  return row.subject_name ?? t().noName;
}

/** The field in words; a proposal that was erased or has not arrived has none. */
export function fieldWords(row: CorrectionRow): string {
  const field = row.state.proposal?.field;
  return field ? t().fields[field] : t().review.noProposal;
}

/** The decision that holds now; none where nothing was decided or all was taken back. */
export function lastDecision(state: CorrectionState): ReviewState | null {
  return [...state.reviews].reverse().find((review) => review.outcome === "counted") ?? null;
}

/** Whose approval counts and waits for a second. */
export function firstApproval(state: CorrectionState): ReviewState | null {
  return [...state.reviews].reverse().find((review) => review.outcome === "counted" && review.review.decision === "approve") ?? null;
}

/** Whether a decision may still be taken. */
export function isOpen(stage: Stage): boolean {
  return stage === "proposed" || stage === "first_approval" || stage === "held" || stage === "referred";
}
