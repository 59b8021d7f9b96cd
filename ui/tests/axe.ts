/** WCAG 2.2 AA by axe: no finding is allowed. */
import { expect, type Page } from "@playwright/test";
import axe from "axe-core";

interface Finding {
  id: string;
  help: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

/** Fails with what axe finds on the page once nothing on it fades or slides any more: half-faded text has no contrast of its own. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(async () => {
    const ending = (): Animation[] => document.getAnimations().filter((motion) => motion.playState === "running" && motion.effect?.getComputedTiming().endTime !== Infinity);
    while (ending().length > 0) await Promise.allSettled(ending().map((motion) => motion.finished));
  });
  await page.evaluate(axe.source);
  const findings = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (context: Document, options: unknown) => Promise<{ violations: Finding[] }> } }).axe.run;
    return (await run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })).violations;
  });
  const said = findings.map((finding) => `${finding.id}: ${finding.help}\n${finding.nodes.map((node) => `    ${node.target.join(" ")}: ${node.failureSummary ?? ""}`).join("\n")}`);
  expect(said, where).toEqual([]);
}
