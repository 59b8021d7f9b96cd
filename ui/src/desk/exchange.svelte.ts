/**
 * The exchange with the server as every screen sees it: what waits, whether there is a line, trying by itself. Asks
 * every two seconds, twice a second while it runs. Tries by itself every five minutes while something could be sent or
 * fetched; that a line is missing is then no failure, only a state.
 */
import { asProblem, call, type Problem, type SyncStatus } from "../backend";
import { changed } from "./changes.svelte";
import { sayFailed } from "./notices.svelte";

const QUIET_MS = 2_000;
const RUNNING_MS = 400;
const TRY_MS = 5 * 60_000;

const state = $state<{ status: SyncStatus | null; offlineSince: number | null }>({ status: null, offlineSince: null });
let timer: ReturnType<typeof setTimeout> | undefined;
let lastTry = 0;
/** What this laptop held at the last look, as a key: `null` until it is known. */
let knownHead: string | null = null;
let isWatching = false;

/** What is known; `null` until it is. */
export function exchange(): SyncStatus | null {
  return state.status;
}

/** The failures that only mean that there is no line. */
const NO_LINE = new Set(["server_unreachable", "line_cut", "server_timed_out"]);

/** Since when there has been no line; `null` where there is one, or none was tried. */
export function offlineSince(): number | null {
  return state.offlineSince;
}

/** The line as the last try found it. */
export function line(): "unknown" | "online" | "offline" | "trouble" {
  const last = state.status?.last;
  if (!last) return "unknown";
  if (!last.error) return "online";
  return NO_LINE.has(last.error.code) ? "offline" : "trouble";
}

/** Begins to watch; until `stopWatching`. */
export function watchExchange(): void {
  if (isWatching) return;
  isWatching = true;
  lastTry = 0;
  void look();
}

/** Ends watching, as at locking. */
export function stopWatching(): void {
  isWatching = false;
  clearTimeout(timer);
  state.status = null;
  state.offlineSince = null;
  knownHead = null;
}

async function look(): Promise<void> {
  clearTimeout(timer);
  if (!isWatching) return;
  try {
    take(await call("sync_status", null));
  } catch {
    // Locked meanwhile, or closing: the next look says.
  }
  const running = state.status?.is_running ?? false;
  if (!running && state.status && state.status.queue.edition > 0 && Date.now() - lastTry > TRY_MS) void syncQuietly();
  clearTimeout(timer);
  timer = setTimeout(() => void look(), running ? RUNNING_MS : QUIET_MS);
}

function take(next: SyncStatus): void {
  const before = state.status;
  state.status = next;
  const error = next.last?.error;
  if (error && NO_LINE.has(error.code)) state.offlineSince ??= next.last?.ended_ms ?? Date.now();
  else if (next.last) state.offlineSince = null;
  const head = `${next.queue.edition}/${next.queue.feed_index}/${next.queue.last_receipt_index}`;
  if (knownHead !== null && head !== knownHead) changed();
  knownHead = head;
  if (before?.is_running && !next.is_running) changed();
}

/** Looks at once, as after a saving. */
export function lookNow(): void {
  void look();
}

async function syncQuietly(): Promise<void> {
  lastTry = Date.now();
  try {
    await call("sync", null);
  } catch {
    // What came of it stands in the status line.
  }
  void look();
}

/** Sends and fetches now. Says what failed, unless the screen shows it in its place; gives what failed. */
export async function syncNow(isShownInPlace = false): Promise<Problem | null> {
  lastTry = Date.now();
  try {
    const running = call("sync", null);
    setTimeout(() => void look(), 50);
    await running;
    changed();
    return null;
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (!isShownInPlace && problem.code !== "sync_running" && problem.code !== "sync_stopped") sayFailed(problem);
    return problem;
  } finally {
    void look();
  }
}
