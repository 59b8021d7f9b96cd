/** Makes the commune that every test begins with a copy of. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { BIN, TEMPLATE, freePort } from "./commune";

export default async function setup(): Promise<void> {
  rmSync(TEMPLATE, { recursive: true, force: true });
  const port = await freePort();
  process.env["TUNGNHA_TEST_PORT"] = String(port);
  execFileSync(`${BIN}/commune`, ["--data", TEMPLATE, "--people", "600", "--port", String(port)], { stdio: ["ignore", "ignore", "inherit"] });
}
