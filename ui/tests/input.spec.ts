/** Whatever is typed, pasted or dropped: it stays whole on the screen, and is saved or refused as the command says. */
import { expect, test, type Page } from "@playwright/test";
import { Commune } from "./commune";

let commune: Commune;
test.beforeEach(async () => { commune = await Commune.start({ server: false }); });
test.afterEach(async () => commune.stop());

const hostile = {
  "a quote and a command": "Robert'; DROP TABLE person;-- \" OR \"1\"=\"1",
  "markup": "<img src=x onerror=alert(1)> <b>Lan</b> &amp; {{7*7}}",
  "zero-width letters": "Nguyễn\u200bThị\u200dHoa\ufeff",
  "marks that turn the line": "Lan \u202egnas\u202c \u2067Anh",
  "decomposed letters": "Nguyễn Thị Hoà".normalize("NFD"),
  "500 letters without a space": "Ngườ".repeat(125),
  "letters of other scripts": "Y Bhiăt Niê 𨑜 🏠 العربية",
};

async function openFirst(page: Page): Promise<void> {
  await commune.open(page, "officer");
  await expect(page.getByRole("button", { name: "Mở hộ" })).toBeVisible();
  await page.keyboard.press("o");
  await expect(page.getByRole("button", { name: "Việc khác" })).toBeVisible();
}

/** Pastes as a person does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await page.keyboard.press("Control+v");
}

async function expectWhole(page: Page, where: string): Promise<void> {
  const over = await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]);
  expect(over, where).toEqual([0, 0]);
}

test("anything may be searched for", async ({ page }) => {
  await commune.open(page, "officer");
  for (const [what, text] of Object.entries(hostile)) {
    await page.keyboard.press("/");
    const box = page.getByRole("combobox");
    await box.fill("");
    await paste(page, text);
    await expect(box, what).toHaveValue(text);
    await expect(page.getByText(/Không thấy|kết quả đầu/).or(page.getByRole("listbox", { name: /Tìm/ }).getByRole("option").first()).first(), what).toBeVisible();
    await expect(page.getByRole("alert"), what).toHaveCount(0);
    await expectWhole(page, what);
    await page.keyboard.press("Escape");
  }
});

test("a note holds what was written, or says which letter cannot stand in it", async ({ page }) => {
  await openFirst(page);
  const household = (await commune.call("officer", "list_today", { query: { officer: null, hamlet: null, alley: null, only: null }, offset: 0, limit: 1 })).houses[0]?.household ?? "";
  await page.getByRole("button", { name: "Chỗ ở và hộ" }).click();
  let saved = 0;
  for (const [what, text] of Object.entries(hostile)) {
    await page.keyboard.press("e");
    await page.keyboard.press("9");
    const field = page.getByRole("textbox", { name: "Ghi chú" });
    await expect(field, what).toBeFocused();
    await paste(page, text);
    await expect(field, what).toHaveValue(text);
    await page.keyboard.press("Control+Enter");
    const isRefused = /[\u200b\u202e]/.test(text);
    if (isRefused) {
      await expect(page.getByRole("dialog").getByRole("alert"), what).toBeVisible();
      await expectWhole(page, what);
      await field.fill("");
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog"), what).toHaveCount(0);
      continue;
    }
    await expect(page.getByRole("dialog"), what).toHaveCount(0);
    saved += 1;
    const { notes } = (await commune.call("officer", "open_household", { household })).state;
    expect(notes.map((note) => note.text), what).toContain(text.normalize("NFC").trim());
    await expect(page.getByText(text.normalize("NFC").trim()).first(), what).toBeVisible();
    await expectWhole(page, what);
  }
  expect(saved).toBe(5);
});

/** A small picture, made by the page as a camera's program would hand it over. */
async function picture(page: Page): Promise<number[]> {
  return await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(320, 200);
    const brush = canvas.getContext("2d");
    if (brush) { brush.fillStyle = "#ddd"; brush.fillRect(0, 0, 320, 200); brush.fillStyle = "#333"; brush.fillRect(40, 60, 200, 24); }
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer())];
  });
}

/** Lets a file fall on the place for photos. */
async function drop(page: Page, name: string, type: string, bytes: number[] | { size: number }): Promise<void> {
  const transfer = await page.evaluateHandle(({ name, type, bytes }) => {
    const content = Array.isArray(bytes) ? new Uint8Array(bytes) : new Uint8Array(bytes.size);
    const data = new DataTransfer();
    data.items.add(new File([content], name, { type }));
    return data;
  }, { name, type, bytes });
  await page.getByText("kéo thả vào đây").dispatchEvent("drop", { dataTransfer: transfer });
}

test("a file that is no picture, an empty one and one too large are refused, a picture after them is kept", async ({ page }) => {
  await openFirst(page);
  await page.keyboard.press("c");
  const panel = page.getByRole("dialog");
  await panel.getByText("CSDL chưa có").click();
  await panel.getByRole("textbox", { name: "Số" }).fill("079190012345");
  await drop(page, "virus.jpg", "image/jpeg", [...new TextEncoder().encode("#!/bin/sh\nexit 0\n")]);
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByRole("alert")).toContainText(/ảnh/i);
  await drop(page, "rong.png", "image/png", []);
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByRole("alert")).toBeVisible();
  await drop(page, "to.jpg", "image/jpeg", { size: 17 << 20 });
  await expect(panel.getByRole("alert").filter({ hasText: "Ảnh lớn hơn mức cho phép" })).toBeVisible();
  await expect(panel.getByRole("textbox", { name: "Số" })).toHaveValue("079190012345");
  await drop(page, "the.jpg", "image/jpeg", await picture(page));
  await expect(panel.getByText("the.jpg")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(panel).toHaveCount(0);
  await expect(page.getByText("Giấy tờ có ảnh (1)")).toBeVisible();
});

test("a picture is pasted into a correction and goes with it", async ({ page }) => {
  await openFirst(page);
  await page.keyboard.press("s");
  const panel = page.getByRole("dialog");
  await page.keyboard.type("Không có thật");
  await panel.getByLabel("Loại giấy tờ").selectOption("birth_certificate");
  await panel.getByRole("button", { name: "Thêm ảnh…" }).click();
  await page.keyboard.press("Alt+c");
  await panel.getByText("Sai lệch với CSDL quốc gia").click();
  const bytes = await picture(page);
  await page.evaluate((content) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(content)], "", { type: "image/jpeg" }));
    window.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, bytes);
  await expect(panel.getByText(/ảnh dán/)).toBeVisible();
  await page.keyboard.press("Alt+s");
  await expect(panel.getByRole("button", { name: "Xem ảnh" })).toBeVisible();
});

test("what falls beside its place takes the page nowhere", async ({ page }) => {
  await commune.open(page, "officer");
  const address = page.url();
  const wasStopped = await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "x.html", { type: "text/html" }));
    const over = new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true });
    const fallen = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    document.body.dispatchEvent(over);
    document.body.dispatchEvent(fallen);
    return over.defaultPrevented && fallen.defaultPrevented;
  });
  expect(wasStopped).toBe(true);
  expect(page.url()).toBe(address);
});
