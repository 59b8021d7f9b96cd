/**
 * A real commune to test on: a copy of the template's server and laptops, with its own processes. Owns starting and
 * stopping them; leaves none behind.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import type { Commands } from "../src/backend/generated";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** Where the programs under test lie. */
export const BIN = process.env["TUNGNHA_BIN"] ?? join(ROOT, "target/debug");
/** The commune of which every test takes a copy. */
export const TEMPLATE = join(ROOT, "target/browser-commune");
/** Where screenshots are kept, as artefacts and for the guide. */
export const SHOTS = join(ROOT, "target/screenshots");

export type Who = "officer" | "supervisor" | "newcomer";
export const PASSPHRASE: Record<Exclude<Who, "newcomer">, string> = { officer: "hai con trau qua suoi can", supervisor: "mot canh buom nau xa khoi" };

/** A port that nobody uses now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

async function firstLine(child: ChildProcess, what: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (part: Buffer) => {
      text += part.toString();
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end).trim());
    });
    child.once("exit", (code) => reject(new Error(`${what} ended with ${code} before it was ready`)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(late);
}

export class Commune {
  readonly #folder = mkdtempSync(join(tmpdir(), "tungnha-browser-"));
  #server: ChildProcess | null = null;
  readonly #hosts = new Map<Who, { child: ChildProcess; url: string }>();

  /** A copy of the template with its server serving and the screens of both laptops served. */
  static async start(options: { server?: boolean } = {}): Promise<Commune> {
    const commune = new Commune();
    cpSync(TEMPLATE, commune.#folder, { recursive: true });
    if (options.server !== false) await commune.startServer();
    return commune;
  }

  /** A path in the commune's folder. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  async startServer(): Promise<void> {
    if (this.#server) return;
    const port = process.env["TUNGNHA_TEST_PORT"];
    const child = spawn(`${BIN}/tungnha-server`, ["--data", this.path("server/data"), "serve", "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "ignore"] });
    this.#server = child;
    await firstLine(child, "the server");
  }

  /** The server stops answering with every line open, as a machine does that hangs. Only `killServer` ends it. */
  freezeServer(): void {
    this.#server?.kill("SIGSTOP");
  }

  /** The server is gone from one moment to the next. */
  async killServer(): Promise<void> {
    this.#server?.kill("SIGKILL");
    await this.stopServer();
  }

  async stopServer(): Promise<void> {
    if (this.#server) await ended(this.#server);
    this.#server = null;
  }

  /** The address of someone's screens; their host is started when first asked for. */
  async url(who: Who): Promise<string> {
    const known = this.#hosts.get(who);
    if (known) return known.url;
    mkdirSync(this.path(who), { recursive: true });
    const child = spawn(`${BIN}/host`, ["--data", this.path(who), "--port", "0", "--ui", join(ROOT, "ui/dist")], { stdio: ["ignore", "pipe", "ignore"] });
    const url = await firstLine(child, `the ${who}'s host`);
    this.#hosts.set(who, { child, url });
    return url;
  }

  /** Kills someone's program, as a crash does, so that the next `url` starts it anew. */
  async crash(who: Who): Promise<void> {
    const host = this.#hosts.get(who);
    if (!host) return;
    host.child.kill("SIGKILL");
    await ended(host.child);
    this.#hosts.delete(who);
  }

  /** Carries out a command beside the screens. */
  async call<K extends keyof Commands>(who: Who, command: K, params: Commands[K]["params"]): Promise<Commands[K]["result"]> {
    const response = await fetch(`${await this.url(who)}/rpc`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ command, params }) });
    const answer = (await response.json()) as { result?: unknown; error?: { code: string } };
    if (answer.error) throw new Error(`${command}: ${answer.error.code}`);
    return answer.result as Commands[K]["result"];
  }

  /** Opens someone's profile without the screens. */
  async unlock(who: Exclude<Who, "newcomer">): Promise<void> {
    const status = await this.call(who, "profile_status", null);
    if (status.state === "locked") await this.call(who, "unlock", { passphrase: PASSPHRASE[who] });
  }

  /** Someone's page, behind the lock. */
  async open(page: Page, who: Exclude<Who, "newcomer">): Promise<void> {
    await this.unlock(who);
    await page.goto(await this.url(who));
    await page.getByRole("main").waitFor();
  }

  async stop(): Promise<void> {
    await this.stopServer();
    for (const host of this.#hosts.values()) await ended(host.child);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
