import { expect, test } from "vitest";
import type { SyncProgress } from "../backend";
import { wholeOf } from "./exchange";

const progress = (some: Partial<SyncProgress>): SyncProgress => ({
  phase: "connecting", batches_sent: 0, batches_left: 0, photos_sent: 0, photos_left: 0, bytes_sent: 0, bytes_received: 0, bytes_left: 0, register_bytes: 0, register_bytes_total: 0, records_taken: 0, records_total: 0, remaining_ms: null, retry_at_ms: null, interruptions: 0, ...some,
});

test("what is sent is a part of what is to be sent", () => {
  expect(wholeOf(progress({ phase: "sending_photos", bytes_sent: 30, bytes_left: 70 }))).toEqual({ kind: "bytes", done: 30, all: 100 });
});

test("the register counts by its bytes, then by its records", () => {
  const register = { register_bytes: 5, register_bytes_total: 10, records_taken: 200, records_total: 2000 };
  expect(wholeOf(progress({ ...register, phase: "fetching_register" }))).toEqual({ kind: "bytes", done: 5, all: 10 });
  expect(wholeOf(progress({ ...register, phase: "taking_register" }))).toEqual({ kind: "records", done: 200, all: 2000 });
});

test("without a known whole nothing pretends to be one", () => {
  expect(wholeOf(progress({ phase: "connecting" })).all).toBeNull();
  expect(wholeOf(progress({ phase: "fetching_register" })).all).toBeNull();
});
