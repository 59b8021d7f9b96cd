/**
 * A list of corrections as one walks it: which are asked for, how many there are of each kind, which one is looked at.
 * Finds its place again whenever something was saved or has arrived. Owns no decision: that is the screen's.
 */
import { untrack } from "svelte";
import { asProblem, call, type CorrectionFilter, type CorrectionId, type OfficerId, type OpenedCorrection, type Problem } from "../../backend";
import { revision } from "../../desk/changes.svelte";
import { queryOf, readRows, stand, type SeenCorrection } from "./queue";

/** Where one stands in a list; kept while the profile is open. */
export interface Place<F> {
  /** `null` until the counts have said where to begin. */
  only: F | null;
  at: number;
  correction: CorrectionId | null;
}

export class CorrectionQueue<F extends CorrectionFilter | "all"> {
  /** How many the list holds; `null` until it is known. */
  count = $state<number | null>(null);
  counts = $state<Partial<Record<F, number>>>({});
  /** The chosen one as its row knows it. */
  seen = $state.raw<SeenCorrection | null>(null);
  /** The chosen one with everything a decision rests on, once it was read. */
  opened = $state.raw<OpenedCorrection | null>(null);
  failure = $state.raw<Problem | null>(null);
  readonly query = $derived.by(() => queryOf(this.place.only ?? "all", this.by));
  readonly load = $derived.by(() => {
    const asked = this.query;
    return (offset: number, limit: number) => readRows(asked, offset, limit);
  });
  #asking = 0;
  /** The chosen one is searched in the whole list, not only near its place. */
  #searchesAll = true;

  /** The list of a unit, or with `by` of one officer. `begin` chooses the first kind where none was chosen yet. */
  constructor(
    readonly place: Place<F>,
    readonly filters: readonly F[],
    private readonly by: OfficerId | null,
    private readonly begin?: (counts: Partial<Record<F, number>>) => F,
  ) {
    $effect(() => {
      void revision();
      void this.query;
      untrack(() => void this.read());
      return () => (this.#asking += 1);
    });
  }

  /** Reads it anew. What a later asking has overtaken is dropped. */
  async read(): Promise<void> {
    const asked = this.query;
    const mine = (this.#asking += 1);
    const isOver = () => mine !== this.#asking;
    try {
      if (this.place.only === null) {
        const counts = await this.#count();
        if (isOver()) return;
        this.counts = counts;
        this.place.only = this.begin?.(counts) ?? null;
        return;
      }
      const standing = await stand(asked, this.place.at, this.place.correction, this.#searchesAll);
      if (isOver()) return;
      this.#searchesAll = false;
      this.count = standing.count;
      this.place.at = standing.at;
      this.place.correction = standing.correction;
      const chosen = standing.count > 0 ? ((await readRows(asked, standing.at, 1))[0] ?? null) : null;
      if (isOver()) return;
      this.seen = chosen;
      const counts = await this.#count();
      if (isOver()) return;
      this.counts = counts;
      this.failure = null;
    } catch (thrown) {
      if (!isOver()) this.failure = asProblem(thrown);
    }
  }
  async #count(): Promise<Partial<Record<F, number>>> {
    const all = await Promise.all(this.filters.map((only) => call("list_corrections", { query: queryOf(only, this.by), offset: 0, limit: 0 })));
    return Object.fromEntries(this.filters.map((only, at) => [only, all[at]?.count ?? 0])) as Partial<Record<F, number>>;
  }
  /** Another kind was chosen: from its first row. */
  refilter(): void {
    this.place.at = 0;
    this.place.correction = null;
    void this.read();
  }
  /** Shows another kind. */
  show(only: F): void {
    this.place.only = only;
    this.refilter();
  }
  choose(seen: SeenCorrection): void {
    this.seen = seen;
    this.place.correction = seen.row.correction;
  }
  /** Chooses one that may stand anywhere in the list, at its next reading. */
  seek(correction: CorrectionId): void {
    this.place.correction = correction;
    this.#searchesAll = true;
  }
}
