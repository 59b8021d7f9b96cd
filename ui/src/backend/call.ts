/**
 * The one way from the screens to the commands. Owns their types, which come from the generated list;
 * refuses to know how a command travels: that is the transport, given once at the start.
 */
import type { Commands } from "./generated";

/** A table of commands: for each name, what it takes and what it gives. */
type Table<C> = { [K in keyof C]: { params: unknown; result: unknown } };

/** Carries one command to where it is carried out; rejects with a {@link Problem}. */
export type Transport = (command: string, params: unknown) => Promise<unknown>;

/** What a refused or failed command says. The words for people are looked up by `code`. */
export interface Problem {
  code: string;
  params: Record<string, string | number>;
  trace_id: string;
}

/** A caller that takes only the commands of `C`, each with its own parameters. */
export type Caller<C extends Table<C>> = <K extends keyof C & string>(
  command: K,
  params: C[K]["params"],
) => Promise<C[K]["result"]>;

/** Joins a table of commands to a transport. The table is trusted: both ends are generated from it. */
export function connect<C extends Table<C> = Commands>(transport: Transport): Caller<C> {
  return (command, params) => transport(command, params) as ReturnType<Caller<C>>;
}
