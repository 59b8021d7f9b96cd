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

test("a server that hangs and dies in the middle of sending loses nothing", async ({ page }) => {
  await commune.startServer();
  await commune.unlock("officer");
  await commune.call("officer", "record_ordinary_visit", { household: await firstHouse(), started_ms: Date.now() });
  commune.freezeServer();
  // The page tries by itself as soon as it is open.
  await commune.open(page, "officer");
  await page.keyboard.press("Alt+3");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hàng đợi");
  await expect(page.getByRole("button", { name: "Dừng", exact: true })).toBeVisible();
  await expectAccessible(page, "sending");
  await commune.killServer();
  await expect(page.getByRole("contentinfo")).toContainText(/Ngoại tuyến từ|trục trặc/, { timeout: 60_000 });
  if (await page.getByRole("button", { name: "Dừng", exact: true }).isVisible()) await page.keyboard.press("x");
  await expect(page.getByRole("option")).toContainText("chờ gửi");
  await commune.startServer();
  await page.keyboard.press("g");
  await expect(page.getByRole("option")).toContainText("đã nhận", { timeout: 60_000 });
  await expect(page.getByRole("contentinfo")).toContainText("Không có gì chờ gửi");
});

test("what was typed into a correction is there again after the page was lost", async ({ page }) => {
  await commune.open(page, "officer");
  const openForm = async () => {
    await expect(page.getByRole("button", { name: "Mở hộ" })).toBeVisible();
    await page.keyboard.press("o");
    await expect(page.getByRole("button", { name: "Việc khác" })).toBeVisible();
    await page.keyboard.press("s");
  };
  await openForm();
  const field = page.getByRole("textbox", { name: "Giấy tờ ghi" });
  await field.fill("070190012345");
  const kept = page.waitForResponse((response) => response.request().postData()?.includes('"save_draft"') ?? false);
  await page.getByRole("dialog").getByRole("textbox", { name: "Lý do" }).fill("Thẻ căn cước bản gốc");
  await kept;
  await page.reload();
  await openForm();
  await expect(field).toHaveValue("070190012345");
  await expect(page.getByRole("dialog").getByRole("textbox", { name: "Lý do" })).toHaveValue("Thẻ căn cước bản gốc");
});

test("a screen that cannot be read says what to do, and comes back when asked again", async ({ page }) => {
  await commune.unlock("supervisor");
  const failing = { "Alt+1": "list_today", "Alt+2": "list_corrections", "Alt+3": "list_today", "Alt+5": "list_queue" };
  for (const [key, command] of Object.entries(failing)) {
    let isBroken = false;
    await page.route("**/rpc", (route) => (isBroken && (route.request().postData() ?? "").includes(`"${command}"`) ? route.abort() : route.fallback()));
    await commune.open(page, "supervisor");
    await page.keyboard.press(key === "Alt+1" ? "Alt+6" : "Alt+1");
    isBroken = true;
    await page.keyboard.press(key);
    const said = page.getByRole("main").getByRole("alert");
    await expect(said, key).toBeVisible();
    await expectAccessible(page, key);
    isBroken = false;
    await said.getByRole("button", { name: "Thử lại" }).click();
    await expect(said, key).toHaveCount(0);
    await page.unrouteAll();
  }
});

test("without a line everything is still read, and empty lists say what comes when there is one", async ({ page }) => {
  await commune.unlock("supervisor");
  await commune.call("supervisor", "sync", null).catch(() => undefined);
  await commune.open(page, "supervisor");
  await expect(page.getByRole("contentinfo")).toContainText("Ngoại tuyến từ");
  await expect(page.getByRole("option").first()).toBeVisible();
  await page.keyboard.press("Alt+2");
  await expect(page.getByText(/Đang ngoại tuyến: đề nghị mới sẽ về khi có mạng/)).toBeVisible();
  await expectAccessible(page, "no corrections, offline");
  await page.keyboard.press("Alt+4");
  await expect(page.getByText("Bạn chưa đề nghị chỉnh sửa gì")).toBeVisible();
  await expectAccessible(page, "none of one's own");
});

test("names and values of every length stay whole, in large letters too", async ({ page }) => {
  await commune.unlock("officer");
  const household = await firstHouse();
  const name = "Nguyễn Phước Công Tằng Tôn Nữ Hoàng Diệu Huyền Trân Công Chúa Ngọc Vạn Thiên Hương";
  const { person } = await commune.call("officer", "add_person", { household, fields: { full_name: name }, residence: "current" });
  const address = "Số nhà 12, ngõ Hai Bà Trưng nối dài, ấp Đồng Tâm Thượng, ".repeat(9).slice(0, 480).trim();
  await commune.call("officer", "propose_correction", { subject: "person", subject_id: person, field: "permanent_address", paper_value: address, proposed_value: address, reason: address, evidence: [], household });
  for (const text_size_percent of [100, 150, 200]) {
    const settings = await commune.call("officer", "get_settings", null);
    await commune.call("officer", "set_settings", { ...settings, text_size_percent });
    await commune.open(page, "officer");
    await page.keyboard.press("/");
    await page.keyboard.type("tang ton nu");
    await expect(page.getByRole("option").filter({ hasText: name })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toHaveAttribute("title", name);
    for (const key of ["x", "i", "s"]) {
      await page.keyboard.press(key);
      const over = await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]);
      expect(over, `${text_size_percent} ${key}`).toEqual([0, 0]);
      await expectAccessible(page, `${text_size_percent} ${key}`);
    }
    await page.keyboard.press("Escape");
    await page.keyboard.press("Alt+2");
    await expect(page.getByRole("main").getByText("Số nhà 12, ngõ Hai Bà Trưng", { exact: false }).first()).toBeVisible();
    await expectAccessible(page, `${text_size_percent} mine`);
  }
});

test("an erasure that the disk had no room for is said where one looks, with what to do", async ({ page }) => {
  // A disk cannot be filled for one program alone here: only what the core says of it is changed on its way.
  await page.route("**/rpc", async (route) => {
    if (!(route.request().postData() ?? "").includes('"sync_status"')) return route.fallback();
    const response = await route.fetch();
    const answer = (await response.json()) as { result: { queue: { erasure_unfinished: boolean } } };
    answer.result.queue.erasure_unfinished = true;
    return route.fulfill({ response, json: answer });
  });
  await commune.open(page, "officer");
  await page.getByRole("contentinfo").getByRole("button", { name: "Xóa dữ liệu chưa xong" }).click();
  await expect(page.getByRole("main").getByText("Dọn bớt ổ đĩa", { exact: false })).toBeVisible();
  await expectAccessible(page, "erasure unfinished");
});
