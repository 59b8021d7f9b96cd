/**
 * A thing is made once, however often it is asked for. Every command that makes something takes `once`, an id of the
 * caller's: the same id again saves nothing more and gives the same answer. Owns when it is the same thing: the same
 * command with the same content, asked again because it failed or its answer was lost. What was changed meanwhile is
 * another thing, so that nothing typed is lost without a word.
 */
import type { ChangeId, Commands } from "../backend";

/** The commands that make something. */
export type Making = { [K in keyof Commands]: "once" extends keyof NonNullable<Commands[K]["params"]> ? K : never }[keyof Commands];
/** What such a command is asked with; its id is added here. */
export type Asking<K extends Making> = Omit<Commands[K]["params"], "once">;

/** A thing that was asked for and not yet answered. */
export interface Asked {
  id: ChangeId;
  /** Of which content. */
  of: string;
}

/** A fresh id, in the order of time as the core makes them (UUIDv7). */
export function freshId(now_ms: number = Date.now()): ChangeId {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 0; at < 6; at += 1) bytes[at] = Math.floor(now_ms / 256 ** (5 - at)) % 256;
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** What is asked for, in few letters. Moments are left out: the same thing asked a minute later is the same thing. */
function contentOf(command: string, params: object): string {
  const text = `${command} ${JSON.stringify(params, (key, value: unknown) => (key.endsWith("_ms") ? undefined : value))}`;
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    one = Math.imul(one ^ text.charCodeAt(at), 2654435761);
    two = Math.imul(two ^ text.charCodeAt(at), 1597334677);
  }
  return `${(one >>> 0).toString(16)}${(two >>> 0).toString(16)}:${text.length}`;
}

/** Under which id a thing is asked for: the one of before where it is the same thing, else a fresh one. */
export function askedAs(before: Asked | null, command: Making, params: object): Asked {
  const of = contentOf(command, params);
  return before?.of === of ? before : { id: freshId(), of };
}
