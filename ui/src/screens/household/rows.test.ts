import { describe, expect, it } from "vitest";
import type { CorrectionRow, PersonView, Reason } from "../../backend";
import { houseRows, personRows } from "./rows";

function person(reasons: { correct?: Reason[]; complete?: Reason[]; clean?: Reason[] }): PersonView {
  const mark = (found: Reason[] = []) => ({ state: found.length ? "wrong" : "lit", reasons: found });
  return { person: "p", state: { fields: { full_name: "Nguyễn Thị Hoa", phone: "0901442233" } }, marks: { correct: mark(reasons.correct), complete: mark(reasons.complete), clean: mark(reasons.clean), alive: mark() } } as unknown as PersonView;
}
const about = (field: string, stage: string, at = 1) => ({ correction: `${field}${at}`, state: { stage, proposed_ms: at, proposal: { subject_id: "p", field } } }) as unknown as CorrectionRow;

describe("rows of a person", () => {
  it("puts disputes first, then what is wrong, unconfirmed, missing, and what is quiet last", () => {
    const rows = personRows(
      person({ correct: [{ source: null, code: "core_field_unconfirmed", params: { field: "sex" } }], complete: [{ source: null, code: "field_missing", params: { field: "religion" } }], clean: [{ source: null, code: "phone_wrong_form" }] } as never),
      [about("hometown", "proposed")], []);
    expect(rows.slice(0, 4).map((row) => row.field)).toEqual(["hometown", "phone", "sex", "religion"]);
    expect(rows.slice(4).every((row) => row.isQuiet)).toBe(true);
  });
  it("shows the latest proposal first and forgets what was withdrawn", () => {
    const rows = personRows(person({}), [about("phone", "withdrawn", 3), about("phone", "proposed", 1), about("phone", "returned", 2)], []);
    expect(rows[0]?.corrections.map((one) => one.state.stage)).toEqual(["returned", "proposed"]);
  });
  it("holds what was noted during the visit", () => {
    const rows = personRows(person({}), [], [{ subject: "person", subject_id: "p", field: "hometown", proposed_value: "x" }]);
    expect([rows[0]?.field, rows[0]?.isQuiet]).toEqual(["hometown", false]);
  });
  it("shows a household without a dwelling by its dossier number alone", () => {
    const rows = houseRows({ household: "h", state: { household_no: "1", dwelling: null }, dwelling: null, corrections: [] } as never, []);
    expect(rows.map((row) => row.field)).toEqual(["household_no"]);
  });
});
