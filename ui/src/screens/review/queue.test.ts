import { afterEach, expect, test, vi } from "vitest";
import { neighbour, queryOf, stand } from "./queue";

/** A host that holds a list of corrections, by their ids alone. */
function hold(ids: string[]) {
  vi.stubGlobal("fetch", async (_: string, request: { body: string }) => {
    const { params } = JSON.parse(request.body) as { params: { offset: number; limit: number } };
    const corrections = ids.slice(params.offset, params.offset + params.limit).map((correction) => ({ correction }));
    return { json: () => Promise.resolve({ result: { count: ids.length, corrections } }) };
  });
}
const query = queryOf("open", null);
const many = Array.from({ length: 500 }, (_, at) => `c${at}`);
afterEach(() => vi.unstubAllGlobals());

test("a correction that moved a little is found where it went", async () => {
  hold(many);
  expect(await stand(query, 100, "c130", false)).toEqual({ count: 500, at: 130, correction: "c130" });
});

test("one that is far away is found only when asked for by name", async () => {
  hold(many);
  expect((await stand(query, 0, "c480", true)).at).toBe(480);
  expect(await stand(query, 0, "c480", false)).toEqual({ count: 500, at: 0, correction: "c0" });
});

test("where the chosen one left the list, what stands in its place is chosen; at the end the last", async () => {
  hold(["a", "b", "d"]);
  expect(await stand(query, 2, "c", false)).toEqual({ count: 3, at: 2, correction: "d" });
  expect(await stand(query, 9, "gone", false)).toEqual({ count: 3, at: 2, correction: "d" });
});

test("an empty list chooses nothing", async () => {
  hold([]);
  expect(await stand(query, 4, "a", true)).toEqual({ count: 0, at: -1, correction: null });
});

test("after a decision comes the one below, after the last the one above, after the only one none", async () => {
  hold(["a", "b", "c"]);
  expect(await neighbour(query, 0, "a")).toBe("b");
  expect(await neighbour(query, 1, "b")).toBe("c");
  expect(await neighbour(query, 2, "c")).toBe("b");
  hold(["a"]);
  expect(await neighbour(query, 0, "a")).toBeNull();
});
