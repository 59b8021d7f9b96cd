import { expect, test } from "vitest";
import { groupsOf } from "./fingerprint";

test("a fingerprint is cut the same way however it was typed", () => {
  const groups = ["ABCD", "EFGH", "2345"];
  for (const typed of ["ABCD-EFGH-2345", "abcd efgh 2345", " abcdefgh2345 ", "AB-CDEF GH23 45"]) expect(groupsOf(typed)).toEqual(groups);
});

test("what is short stays visibly short", () => {
  expect(groupsOf("ABCD-EF")).toEqual(["ABCD", "EF"]);
  expect(groupsOf("  ")).toEqual([]);
});
