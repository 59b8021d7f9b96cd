/**
 * The visit that is being recorded at one household: from its first minute until it is saved. Kept as a draft, so that
 * it goes on after a crash, a lock or a walk to another screen.
 */
import type { CorrectionId, HouseholdId, PersonId, Problem, ProposeCorrection, VisitKind, VisitOutcome } from "../../backend";
import { dropDraft, keepDraft, readDraft, writeDraft, type Draft } from "../../desk/draft.svelte";
import type { Asked } from "../../desk/once";
import { saveForm } from "../../desk/save";
import { duration, t } from "../../text/index.svelte";

/** What stands in the form. */
export interface VisitDraft {
  started_ms: number;
  outcome: VisitOutcome | null;
  kind: VisitKind;
  met: PersonId[];
  /** Who was met found the core fields right. */
  asListed: boolean;
  metOther: string;
  nextVisit: string;
  note: string;
  interpreter: string;
  /** Saved together with the visit. */
  corrections: ProposeCorrection[];
  /** It was asked to be saved, and no answer has come. */
  asked?: Asked | null;
}

export class RunningVisit {
  draft = $state<VisitDraft | null>(null);
  isSaving = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** Whose fields are in dispute already: nobody said that they are as listed. */
  disputed = $state.raw<ReadonlySet<string>>(new Set());
  private readonly key: string;

  constructor(readonly household: HouseholdId) {
    this.key = `visit:${household}`;
    $effect(() => {
      if (this.draft) keepDraft(this.key, $state.snapshot(this.draft));
    });
  }

  /** Takes up what was left; gives whether there was something. */
  async resume(): Promise<boolean> {
    const left = await readDraft<VisitDraft>(this.key);
    if (left && typeof left.started_ms === "number" && !this.draft) this.draft = left;
    return this.draft !== null;
  }
  begin(): void {
    this.problem = null;
    this.draft ??= { started_ms: Date.now(), outcome: null, kind: "at_the_door", met: [], asListed: false, metOther: "", nextVisit: "", note: "", interpreter: "", corrections: [] };
  }
  /** Gives it up; what gives it back is returned. */
  discard(): () => void {
    const left = $state.snapshot(this.draft);
    this.draft = null;
    void dropDraft(this.key);
    return () => {
      this.draft = left;
      // The screen may be gone by now; the draft is taken up where the household is opened again.
      keepDraft(this.key, left);
    };
  }
  toggleMet(person: PersonId): void {
    if (!this.draft) return;
    this.draft.met = this.draft.met.includes(person) ? this.draft.met.filter((one) => one !== person) : [...this.draft.met, person];
    this.followMet();
  }
  /** Everyone met, or nobody. */
  meetAll(all: PersonId[]): void {
    if (!this.draft) return;
    this.draft.met = this.draft.met.length === all.length ? [] : [...all];
    this.followMet();
  }
  /** Everyone who lives here was met and is as listed. */
  everyoneAsListed(all: PersonId[]): void {
    if (!this.draft) return;
    if (this.draft.asListed) { this.draft.asListed = false; return; }
    if (this.draft.met.length === 0) this.draft.met = [...all];
    this.draft.asListed = true;
    this.followMet();
  }
  private followMet(): void {
    if (!this.draft) return;
    if (this.draft.met.length > 0 && this.draft.outcome === null) this.draft.outcome = "met";
    if (this.draft.met.length === 0) this.draft.asListed = false;
  }
  /** Notes a proposal, in place of an earlier one for the same field. */
  note(proposal: ProposeCorrection): void {
    this.begin();
    if (this.draft) this.draft.corrections = [...this.draft.corrections.filter((one) => one.subject_id !== proposal.subject_id || one.field !== proposal.field), proposal];
  }
  forget(proposal: ProposeCorrection): void {
    if (this.draft) this.draft.corrections = this.draft.corrections.filter((one) => one.subject_id !== proposal.subject_id || one.field !== proposal.field);
  }
  /** Who is as listed: met, and nothing is to be corrected. */
  asListed(): PersonId[] {
    const draft = this.draft;
    if (!draft?.asListed) return [];
    return draft.met.filter((person) => !this.disputed.has(person) && !draft.corrections.some((one) => one.subject_id === person));
  }
  /** The draft as saving needs it: the id of what is asked for stands in it before it is asked. */
  #kept(draft: VisitDraft): Draft {
    return {
      asked: () => $state.snapshot(draft.asked) ?? null,
      ask: (asked) => { draft.asked = asked; return writeDraft(this.key, $state.snapshot(draft)); },
      drop: () => { this.draft = null; return dropDraft(this.key); },
    };
  }
  async end(): Promise<boolean> {
    const draft = this.draft;
    if (!draft || this.isSaving) return false;
    if (draft.outcome === null) {
      this.problem = { code: "field_required", params: { field: "outcome" }, trace_id: "" };
      return false;
    }
    const outcome = draft.outcome;
    this.isSaving = true;
    const meets = outcome === "met" || outcome === "partial";
    const ended_ms = Math.max(Date.now(), draft.started_ms);
    let saved: CorrectionId[] = [];
    this.problem = await saveForm(
      "record_visit",
      {
        visit: {
          household: this.household, kind: draft.kind, outcome, met: meets ? $state.snapshot(draft.met) : [], met_other: meets ? draft.metOther || null : null, started_ms: draft.started_ms, ended_ms,
          next_visit: draft.nextVisit || null, note: draft.note || null, interpreter: draft.interpreter || null,
        },
        as_listed: meets ? this.asListed() : [],
        corrections: $state.snapshot(draft.corrections) as ProposeCorrection[],
      },
      (result) => {
        saved = result.corrections.map((one) => one.correction);
        return { text: t().household.visitSaved(duration(ended_ms - draft.started_ms), saved.length) };
      },
      this.#kept(draft),
    );
    this.isSaving = false;
    return this.problem === null;
  }
}
