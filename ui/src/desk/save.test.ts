import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Draft } from "./draft.svelte";
import { freshId, type Asked } from "./once";
import { forgetUnanswered, make, saveForm } from "./save";

type Sent = { command: string; params: { once: string } };
let sent: Sent[] = [];
/** What becomes of each asking, in order: answered, refused, or carried out with its answer lost. Afterwards all is answered. */
let fates: ("answered" | "refused" | "lost")[] = [];

beforeEach(() => {
  sent = [];
  fates = [];
  forgetUnanswered();
  vi.stubGlobal("fetch", async (_: string, request: { body: string }) => {
    const asked = JSON.parse(request.body) as Sent;
    if (asked.command === "sync_status") throw new Error("not asked here");
    sent.push(asked);
    const fate = fates.shift() ?? "answered";
    if (fate === "lost") throw new Error("the line was cut");
    const answer = fate === "answered" ? { result: { change: asked.params.once } } : { error: { code: "disk_full", params: {}, trace_id: "t" } };
    return { json: () => Promise.resolve(answer) };
  });
});
afterEach(() => vi.unstubAllGlobals());

const entity = { kind: "person" as const, id: "p" };
const note = (text: string) => saveForm("write_note", { entity, text }, () => null);
const ids = () => sent.map((one) => one.params.once);

test("what failed and is asked again has the id of before", async () => {
  fates = ["refused", "lost", "answered"];
  expect((await note("a"))?.code).toBe("disk_full");
  expect((await note("a"))?.code).toBe("internal");
  expect(await note("a")).toBeNull();
  expect(new Set(ids()).size).toBe(1);
});

test("what was answered is asked anew as another thing", async () => {
  await note("a");
  await note("a");
  expect(new Set(ids()).size).toBe(2);
});

test("what was changed after a failure is another thing, and so is another command", async () => {
  fates = ["lost", "lost", "lost"];
  await note("a");
  await note("b");
  await expect(make("withdraw_event", { entity, change: "c" })).rejects.toMatchObject({ code: "internal" });
  expect(new Set(ids()).size).toBe(3);
});

test("the same visit ended a minute later is the same visit", async () => {
  fates = ["lost"];
  const visit = (at: number) => saveForm("record_visit", { visit: { household: "h", kind: "at_the_door", outcome: "nobody_home", started_ms: at, ended_ms: at } }, () => null);
  await visit(1_000);
  await visit(61_000);
  expect(new Set(ids()).size).toBe(1);
});

test("nothing that was asked before a lock is taken for what is asked after it", async () => {
  fates = ["lost"];
  await note("a");
  forgetUnanswered();
  await note("a");
  expect(new Set(ids()).size).toBe(2);
});

test("a form's id stands in its draft before anything is asked, so that it outlives a crash", async () => {
  let kept: Asked | null = null;
  const steps: string[] = [];
  const draft = (): Draft => ({
    asked: () => kept,
    ask: async (asked) => { steps.push("kept"); kept = asked; },
    drop: async () => { steps.push("dropped"); kept = null; },
  });
  fates = ["lost"];
  await saveForm("write_note", { entity, text: "a" }, () => null, draft());
  expect(steps).toEqual(["kept"]);
  // Another page: nothing is left but the draft.
  forgetUnanswered();
  await note("of another");
  await saveForm("write_note", { entity, text: "a" }, () => null, draft());
  expect(ids()[2]).toBe(ids()[0]);
  expect(steps).toEqual(["kept", "kept", "dropped"]);
});

test("ids are of their moment and never alike", () => {
  const all = [0, 1_700_000_000_000, 1_700_000_000_001, 2 ** 47].map((ms) => freshId(ms));
  for (const id of all) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([...all].sort()).toEqual(all);
  expect(freshId(5)).not.toBe(freshId(5));
});
