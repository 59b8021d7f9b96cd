/**
 * How a command travels: through the window's `rpc`, or over loopback to the development host. Refuses to know what a
 * command means.
 */
import { invoke, isTauri } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Problem, Transport } from "./call";

/** Whether a value is what a refused command rejects with. */
export function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && typeof (value as Problem).code === "string";
}

/** Anything that was thrown, as a problem: what is not one came from the program itself. */
export function asProblem(thrown: unknown): Problem {
  return isProblem(thrown) ? thrown : { code: "internal", params: {}, trace_id: "" };
}

async function callWindow(command: string, params: unknown): Promise<unknown> {
  return await invoke("rpc", { command, params: params ?? null });
}

async function callHost(command: string, params: unknown): Promise<unknown> {
  let answer: { result?: unknown; error?: unknown };
  try {
    const response = await fetch("rpc", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ command, params: params ?? null }),
    });
    answer = (await response.json()) as typeof answer;
  } catch {
    throw { code: "internal", params: { at: "transport" }, trace_id: "" } satisfies Problem;
  }
  if (answer.error !== undefined) throw asProblem(answer.error);
  return answer.result;
}

/** The window's, where there is a window. */
export const transport: Transport = isTauri() ? callWindow : callHost;

/** Whether this runs in the program's own window, not in a browser. */
export const isInWindow = isTauri();

/** Calls back when the program is about to lock: what is being typed is kept now, or not at all. */
export async function onLocking(listener: () => void): Promise<void> {
  if (isTauri()) await listen("locking", listener);
}

/** Calls back when the program locked itself (idle, sleep); nothing in a browser. */
export async function onLocked(listener: (cause: string) => void): Promise<void> {
  if (!isTauri()) return;
  await listen<{ cause?: string } | string>("locked", (event) => {
    listener(typeof event.payload === "string" ? event.payload : (event.payload?.cause ?? "asked"));
  });
}
