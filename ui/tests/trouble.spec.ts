/** What goes wrong at a door and on the way: lost answers, crashes, a server that goes away or was set back. Nothing is lost, nothing is made twice, and the screen says what to do. */
import { execFileSync } from "node:child_process";
import { expect, test, type Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { BIN, Commune } from "./commune";

let commune: Commune;
test.beforeEach(async () => { commune = await Commune.start({ server: false }); });
test.afterEach(async () => commune.stop());

const everyHouse = { officer: null, hamlet: null, alley: null, only: null };

async function firstHouse(): Promise<string> {
  const { houses } = await commune.call("officer", "list_today", { query: everyHouse, offset: 0, limit: 1 });
  return houses[0]?.household ?? "";
}

/** The next answer to a command is lost on its way to the page, after the command was carried out. */
async function loseAnswer(page: Page, command: string): Promise<void> {
  let isLost = false;
  await page.route("**/rpc", async (route) => {
    if (isLost || !(route.request().postData() ?? "").includes(`"${command}"`)) return route.fallback();
    isLost = true;
    await route.fetch();
    return route.abort();
  });
}

/** Opens the first house of the list and begins a visit there. */
async function beginVisit(page: Page): Promise<void> {
  await expect(page.getByRole("button", { name: "Bắt đầu lượt đến" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Lượt đến nhà" })).toBeVisible();
}

async function visitsOf(household: string): Promise<number> {
  return (await commune.call("officer", "open_household", { household })).visits.length;
}

test("a visit whose answer was lost is recorded once, however often it is saved", async ({ page }) => {
  await commune.open(page, "officer");
  await beginVisit(page);
  await page.keyboard.press("3");
  await loseAnswer(page, "record_visit");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "lost answer");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/Đã ghi lượt đến/)).toBeVisible();
  const { houses } = await commune.call("officer", "list_today", { query: everyHouse, offset: 0, limit: 50 });
  expect(houses.reduce((all, house) => all + house.attempts, 0)).toBe(1);
});

test("a program that dies between saving and answering leaves the visit in the form, and saves it no second time", async ({ page }) => {
  await commune.open(page, "officer");
  await beginVisit(page);
  await page.keyboard.press("3");
  await page.keyboard.press("g");
  await page.keyboard.type("Cổng khóa, không ai thưa");
  await loseAnswer(page, "record_visit");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert")).toBeVisible();
  const household = await firstHouse();
  await commune.crash("officer");
  await commune.unlock("officer");
  await page.goto(await commune.url("officer"));
  await expect(page.getByRole("button", { name: "Bắt đầu lượt đến" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: /Ghi chú/ })).toHaveValue("Cổng khóa, không ai thưa");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/Đã ghi lượt đến/)).toBeVisible();
  expect(await visitsOf(household)).toBe(1);
});

test("a server that was restored asks for one more file, and says so", async ({ page }) => {
  const server = (...args: string[]) => execFileSync(`${BIN}/tungnha-server`, ["--data", commune.path("server/data"), ...args]);
  await commune.startServer();
  await commune.unlock("officer");
  await commune.call("officer", "record_ordinary_visit", { household: await firstHouse(), started_ms: Date.now() });
  await commune.call("officer", "sync", null);
  await commune.stopServer();
  server("new-log", "--unit", "25390");
  server("queue-file", "give", "--unit", "25390", "--out", commune.path("back.tungnha"));
  await commune.open(page, "officer");
  await page.keyboard.press("Alt+3");
  await page.keyboard.press("n");
  await page.keyboard.type(commune.path("back.tungnha"));
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Máy chủ vừa được khôi phục từ bản sao lưu")).toBeVisible();
  await expectAccessible(page, "restored");
  await page.keyboard.press("Alt+u");
  await page.keyboard.type(commune.path("all.tungnha"));
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/Đã ghi [1-9]\d* lô/)).toBeVisible();
});
