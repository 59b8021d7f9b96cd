/** What can lie open beside the household. */
import type { CorrectionRow, HistoryEntry, PersonView, VisitView } from "../../backend";
import type { EventName } from "./events/kinds";
import type { FieldRow } from "./rows";

export type OpenPanel =
  | { kind: "correction"; row: FieldRow }
  | { kind: "withdraw"; correction: CorrectionRow }
  | { kind: "take_back"; entry: HistoryEntry }
  | { kind: "amend"; visit: VisitView }
  | { kind: "why"; person: PersonView }
  | { kind: "menu" }
  | { kind: EventName };
