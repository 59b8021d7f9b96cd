/** The order in which an officer walks an alley: moved by key and by mouse, shown, taken back, and kept. */
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { Commune, SHOTS } from "./commune";

let commune: Commune;
test.beforeEach(async () => { commune = await Commune.start({ server: false }); });
test.afterEach(async () => commune.stop());

const list = (page: Page) => page.getByRole("listbox", { name: "Danh sách nhà theo đường đi" });
const chosen = (page: Page) => list(page).getByRole("option", { selected: true });

/** The officer's houses of the first alley, as they are walked. */
async function alley(): Promise<string[]> {
  const officer = (await commune.call("officer", "profile_status", null)).profile?.officer ?? null;
  const query = { officer, hamlet: null, alley: null, only: null };
  const [first] = await commune.call("officer", "show_coverage", { query });
  const { houses } = await commune.call("officer", "list_today", { query, offset: 0, limit: first?.houses ?? 0 });
  return houses.map((house) => house.household);
}

test("a house is moved by key past the next one, and back with undo", async ({ page }) => {
  await commune.open(page, "officer");
  const before = await alley();
  expect(before.length).toBeGreaterThan(2);
  await expect(chosen(page)).toHaveCount(1);
  const house = await chosen(page).innerText();

  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.getByText("Nhà này đang đứng đầu ngõ.")).toBeVisible();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(page.getByText(/Đã đổi chỗ .* trong thứ tự đi/)).toBeVisible();
  await expect(list(page).getByText(/tự xếp 1 nhà/)).toBeVisible();
  await expect(list(page).getByRole("option").nth(1)).toHaveAttribute("aria-selected", "true");
  await expect(chosen(page)).toContainText(house.split("\n").find((part) => part.includes(" ")) ?? "");
  expect(await alley()).toEqual([before[1], before[0], ...before.slice(2)]);
  await expectAccessible(page, "moved");
  await page.screenshot({ path: join(SHOTS, "walk.png") });

  await page.keyboard.press("Control+z");
  await expect(list(page).getByText(/tự xếp/)).toHaveCount(0);
  await expect(list(page).getByRole("option").first()).toHaveAttribute("aria-selected", "true");
  expect(await alley()).toEqual(before);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("Dời xuống");
});

test("an order by mouse is kept when the program ends, and goes back to house numbers", async ({ page }) => {
  await commune.open(page, "officer");
  const before = await alley();
  await list(page).getByRole("option").nth(2).click();
  await page.getByRole("button", { name: "Dời lên" }).click();
  await expect(list(page).getByRole("option").nth(1)).toHaveAttribute("aria-selected", "true");
  await page.getByRole("button", { name: "Dời lên" }).click();
  await expect(list(page).getByRole("option").first()).toHaveAttribute("aria-selected", "true");
  const moved = [before[2], before[0], before[1], ...before.slice(3)];
  expect(await alley()).toEqual(moved);

  await commune.crash("officer");
  await commune.open(page, "officer");
  expect(await alley()).toEqual(moved);
  await expect(list(page).getByText(/tự xếp 1 nhà/)).toBeVisible();

  await page.getByRole("button", { name: "Về thứ tự số nhà" }).click();
  await expect(page.getByText("Ngõ này lại đi theo số nhà")).toBeVisible();
  await expect(list(page).getByText(/tự xếp/)).toHaveCount(0);
  expect(await alley()).toEqual(before);
  await page.keyboard.press("Control+z");
  await expect(list(page).getByText(/tự xếp 1 nhà/)).toBeVisible();
  expect(await alley()).toEqual(moved);
});
