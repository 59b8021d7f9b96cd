/** How the proposals in a table stand to the register: asked of the core, once for each, forgotten with the screen. */
import { call, type Comparison } from "../../backend";
import type { FieldRow } from "./rows";

export class Comparisons {
  /** By correction, or by subject and field for what is noted in a visit. */
  all = $state.raw(new Map<string, Comparison>());
  private readonly known = new Map<string, Comparison>();

  /** Asks for what these rows need and is not known. */
  async ask(rows: FieldRow[]): Promise<void> {
    const found = new Map<string, Comparison>();
    for (const row of rows) {
      const said = row.corrections.map((one) => ({ key: one.correction, values: one.state.proposal }));
      const all = [...said, ...(row.pending ? [{ key: `${row.subjectId}:${row.field}`, values: row.pending }] : [])];
      for (const { key, values } of all) {
        const params = { field: row.field, register_value: row.value, paper_value: values?.paper_value ?? null, statement_value: values?.statement_value ?? null, proposed_value: values?.proposed_value ?? null };
        const asked = JSON.stringify(params);
        let answer = this.known.get(asked);
        if (!answer) {
          try {
            answer = await call("compare_values", params);
          } catch {
            continue;
          }
          this.known.set(asked, answer);
        }
        found.set(key, answer);
      }
    }
    this.all = found;
  }
}
