/** A change in a sentence, and whether it may be taken back. */
import type { Body, HistoryEntry } from "../../backend";
import { t } from "../../text/index.svelte";
import { valueWords } from "../../parts/corrections";

const EVENTS: Body["type"][] = [
  "everyone_as_listed", "person_added", "person_removed", "person_moved", "dwelling_added", "household_added", "household_split", "temporary_residence_begun", "temporary_residence_ended",
  "absence_begun", "absence_ended", "photo_attached", "note_written",
];

/** Whether the core would take it back: an everyday event that counts. Whose it is, is another question. */
export function mayBeTakenBack(entry: HistoryEntry): boolean {
  return entry.body !== null && entry.outcome === null && entry.verdict === null && EVENTS.includes(entry.body.type);
}

/** What a change says. */
export function eventWords(entry: HistoryEntry): string {
  const words = t().household.events;
  const body = entry.body;
  if (body === null) return words.erased;
  if (body.type === "erased") return words.erased_change;
  const with_ = (text: string, ...more: (string | null | undefined)[]) => [text, ...more.filter(Boolean)].join(" · ");
  switch (body.type) {
    case "visit_recorded": return with_(`${words.visit_recorded}: ${t().outcomes[body.visit.outcome].toLowerCase()}`, body.visit.note);
    case "visit_amended": return with_(`${words.visit_amended}: ${t().outcomes[body.visit.outcome].toLowerCase()}`, body.reason);
    case "correction_proposed": return `${words.correction_proposed}: ${t().fields[body.field]} ${valueWords(body.field, body.register_value) ?? t().empty} → ${valueWords(body.field, body.proposed_value) ?? t().empty}`;
    case "correction_reviewed": return with_(`${words.correction_reviewed}: ${t().decisions[body.decision]}`, body.reason);
    case "correction_withdrawn": case "review_withdrawn": case "event_withdrawn": return with_(words[body.type], body.reason);
    case "person_added": return with_(words.person_added, body.fields.full_name, t().residence[body.residence], body.since, body.reason);
    case "person_removed": return with_(`${words.person_removed}: ${t().removals[body.cause].toLowerCase()}`, body.date, body.destination, body.note);
    case "person_moved": return with_(words.person_moved, body.date);
    case "dwelling_added": return with_(words.dwelling_added, [body.house_no, body.alley, body.hamlet].filter(Boolean).join(", "));
    case "household_added": case "household_split": return with_(words[body.type], body.household_no);
    case "temporary_residence_begun": return with_(words.temporary_residence_begun, body.since, body.until, body.note);
    case "temporary_residence_ended": return with_(words.temporary_residence_ended, body.date);
    case "absence_begun": return with_(words.absence_begun, body.since, body.destination, body.reason);
    case "absence_ended": return with_(words.absence_ended, body.date, body.note);
    case "photo_attached": return with_(words.photo_attached, (t().papers as Record<string, string>)[body.document_kind] ?? body.document_kind, body.document_number);
    case "note_written": return `${words.note_written}: ${body.text}`;
    case "assigned": return with_(words.assigned, body.due, body.note);
    default: return words[body.type];
  }
}
