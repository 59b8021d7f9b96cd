/**
 * What must not compile, and what must. Each `@ts-expect-error` is an error itself as soon as the line
 * below it compiles; nothing here is ever run.
 */
import { connect, type Transport } from "./call";
import type { Commands } from "./generated";

declare const transport: Transport;
declare const anyCommand: keyof Commands;

const call = connect(transport);

// @ts-expect-error no such command
void call("no_such_command", null);
// @ts-expect-error no command takes a function
void call(anyCommand, () => 0);
// @ts-expect-error a command needs its parameters
void call(anyCommand);

interface Sample {
  find_people: { params: { text: string; limit?: number }; result: { name: string }[] };
  lock: { params: null; result: null };
}

const sample = connect<Sample>(transport);

const found: Promise<{ name: string }[]> = sample("find_people", { text: "an" });
void found;
void sample("lock", null);
// @ts-expect-error a misspelt parameter
void sample("find_people", { txt: "an" });
// @ts-expect-error a parameter of the wrong type
void sample("find_people", { text: 7 });
// @ts-expect-error another command's parameters
void sample("lock", { text: "an" });
// @ts-expect-error another command's result
const locked: Promise<null> = sample("find_people", { text: "an" });
void locked;
