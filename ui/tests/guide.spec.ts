/**
 * The pictures of the guide, from the screens as they are. Written to target/guide; with TUNGNHA_GUIDE=1 into
 * docs/huong-dan/anh, whose pages show them.
 */
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, type Page } from "@playwright/test";
import { Commune } from "./commune";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const PAGES = join(ROOT, "docs/huong-dan");
const OUT = process.env["TUNGNHA_GUIDE"] ? join(PAGES, "anh") : join(ROOT, "target/guide");

/** Where the test keeps its files is nobody's place on disk. */
function hideFolder(folder: string): void {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) text.nodeValue = text.nodeValue?.replaceAll(folder, "…") ?? null;
}

test("every picture that the guide shows can be taken", async ({ browser }) => {
  test.setTimeout(180_000);
  mkdirSync(OUT, { recursive: true });
  const commune = await Commune.start();
  const taken = new Set<string>();
  const take = async (page: Page, name: string) => {
    await page.waitForTimeout(500);
    // What was said of the step before belongs to no picture.
    while (await page.locator(".notices .away").count() > 0) await page.locator(".notices .away").first().click();
    await page.evaluate(hideFolder, commune.path(""));
    await page.screenshot({ path: join(OUT, `${name}.png`) });
    taken.add(`${name}.png`);
  };
  const chooseHouse = async (page: Page) => {
    await page.getByRole("option").first().waitFor();
    for (let row = 0; row < 6; row += 1) await page.keyboard.press("ArrowDown");
  };
  try {
    const newcomer = await browser.newPage();
    await newcomer.goto(await commune.url("newcomer"));
    await newcomer.locator("input:focus").waitFor();
    await take(newcomer, "ghi-danh");

    const officer = await browser.newPage();
    await officer.goto(await commune.url("officer"));
    await officer.locator("input:focus").waitFor();
    await take(officer, "mo-khoa");
    await officer.getByRole("button", { name: "Quên mật khẩu" }).click();
    await officer.getByRole("heading", { level: 1, name: /Khôi phục/ }).waitFor();
    await take(officer, "khoi-phuc");
    await officer.keyboard.press("Escape");
    await commune.open(officer, "officer");
    await chooseHouse(officer);
    await officer.keyboard.press("v");
    await officer.keyboard.press("ArrowDown");
    await officer.waitForTimeout(600);
    await officer.keyboard.press("d");
    await officer.waitForTimeout(600);
    await officer.keyboard.press("ArrowDown");
    await take(officer, "hom-nay");
    await officer.keyboard.press("/");
    await officer.keyboard.type("nguyen thi");
    await officer.getByRole("option", { name: /Nguyễn Thị/ }).first().waitFor();
    await take(officer, "tim");
    await officer.keyboard.press("Enter");
    await officer.getByRole("heading", { level: 1, name: /Nguyễn Thị/ }).waitFor();
    await take(officer, "ho");
    await officer.keyboard.press("Enter");
    await officer.keyboard.press("1");
    await officer.keyboard.press("a");
    await take(officer, "luot-den");
    await officer.keyboard.press("ArrowDown");
    await officer.keyboard.press("s");
    await officer.getByRole("dialog").waitFor();
    await officer.keyboard.press("Tab");
    await officer.keyboard.type("Nguyễn Thị Hòa");
    await take(officer, "de-nghi");
    await officer.keyboard.press("Control+Enter");
    await expect(officer.getByRole("dialog")).toBeHidden();
    await officer.keyboard.press("Control+Enter");
    await expect(officer.getByText(/Đã ghi lượt đến/)).toBeVisible();
    await officer.keyboard.press("?");
    await take(officer, "phim");
    await officer.keyboard.press("Escape");
    await officer.keyboard.press("Alt+3");
    await officer.keyboard.press("g");
    await expect(officer.getByText(/Đồng bộ xong/)).toBeVisible();
    await take(officer, "hang-doi");
    await officer.keyboard.press("u");
    await officer.keyboard.type("E:\\tung-nha\\viec-chua-gui.tungnha");
    await take(officer, "usb");
    await officer.keyboard.press("Escape");
    await officer.keyboard.press("Alt+4");
    await take(officer, "cai-dat");

    await commune.unlock("supervisor");
    await commune.call("supervisor", "sync", null);
    const supervisor = await browser.newPage();
    await commune.open(supervisor, "supervisor");
    await supervisor.keyboard.press("Alt+2");
    await expect(supervisor.getByRole("main").getByRole("button", { name: "Duyệt", exact: true })).toBeVisible();
    await take(supervisor, "duyet");
    const mine = await commune.call("supervisor", "list_corrections", { query: { only: "open", proposed_by: null, household: null, subject: null }, offset: 0, limit: 1 });
    const proposal = mine.corrections[0]?.state.proposal;
    if (!proposal) throw new Error("nothing to review");
    // Another officer says otherwise.
    await commune.call("supervisor", "propose_correction", { subject: proposal.subject, subject_id: proposal.subject_id, field: proposal.field, statement_value: "Nguyễn Thị Hoa", proposed_value: "Nguyễn Thị Hoa", reason: "Chủ hộ khai lại tại trụ sở", evidence: [], household: proposal.household });
    await supervisor.keyboard.press("Alt+1");
    await supervisor.keyboard.press("Alt+2");
    await expect(supervisor.getByText("2 đề nghị khác nhau cho cùng một mục")).toBeVisible();
    await take(supervisor, "xung-dot");
    await supervisor.keyboard.press("t");
    await supervisor.getByRole("dialog").getByText("Thiếu giấy tờ chứng minh", { exact: false }).click();
    await take(supervisor, "tra-lai");
    await supervisor.keyboard.press("Control+Enter");
    await expect(supervisor.getByText(/Đã trả lại/)).toBeVisible();
    await commune.call("supervisor", "sync", null);
    await commune.call("officer", "sync", null);
    await officer.keyboard.press("Alt+2");
    await expect(officer.getByRole("button", { name: "Làm lại tại hộ" })).toBeVisible();
    await take(officer, "de-nghi-cua-toi");
    await supervisor.keyboard.press("Alt+3");
    await take(supervisor, "giao-viec");
  } finally {
    await commune.stop();
  }
  const shown = readdirSync(PAGES).filter((name) => name.endsWith(".md")).flatMap((name) => [...readFileSync(join(PAGES, name), "utf8").matchAll(/\(anh\/([\w-]+\.png)\)/g)].map((found) => found[1] ?? ""));
  expect([...new Set(shown)].sort()).toEqual([...taken].sort());
});
