/** Words of the household's own types. */
import type { DwellingState, Reason } from "../../backend";
import { reasonWords } from "../../parts/words";
import { t } from "../../text/index.svelte";
import type { Tone } from "../../kit/tone";
import type { FieldRow } from "./rows";

/** What is wrong with a field that nobody has proposed to change, in a chip. */
export function findingOf(row: FieldRow): { text: string; tone: Tone; title: string } | null {
  const first = row.reasons[0];
  if (!first) return null;
  const title = row.reasons.map(reasonWords).join("\n");
  const words = t().household;
  if (row.reasons.every((reason) => reason.code === "field_missing")) return { text: words.missing, tone: "amber", title };
  if (row.reasons.every((reason) => reason.code === "core_field_unconfirmed")) return { text: words.unconfirmed, tone: "plain", title };
  return { text: words.suspect, tone: "red", title };
}

/** A reason with the law it rests on. */
export function lawOf(reason: Reason): string | null {
  return reason.source ? t().laws[reason.source] : null;
}

/** Today's unit as an address says it: `xã Đồng Tâm`. */
export function unitOfAddress(unitName: string): string {
  return unitName.replace(/^Công an\s+/i, "");
}

/** `12/3, Ngõ 12, Ấp 3, xã Đồng Tâm`. */
export function addressToday(place: DwellingState | null, unitName: string): string | null {
  if (!place) return null;
  return [place.house_no, place.alley, place.hamlet, unitOfAddress(unitName)].filter(Boolean).join(", ");
}
