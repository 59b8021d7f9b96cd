/**
 * Moving houses in the order in which one walks past them. The order is kept on this laptop and saved at once; each move
 * can be taken back.
 */
import { call, type HouseRow, type WalkPlace } from "../../backend";
import { changed } from "../../desk/changes.svelte";
import { say } from "../../desk/notices.svelte";
import { houseName } from "../../parts/words";
import { t } from "../../text/index.svelte";
import { rowsBeside, type Layout, type SeenRow } from "./rows";

/** How many rows are looked at for the next house at once: hardly ever more live in one dwelling. */
const NEAR = 8;

type Page = (offset: number, limit: number) => Promise<SeenRow[]>;

/** The nearest house above or below a row in the same alley, past every household of its dwelling. */
async function houseBeside(layout: Layout, page: Page, row: number, house: HouseRow, by: -1 | 1): Promise<HouseRow | null> {
  const beside = rowsBeside(layout, row);
  if (!beside) return null;
  const [top, bottom] = [beside.first, beside.first + beside.count];
  for (let near = NEAR; ; near += NEAR) {
    const from = by < 0 ? Math.max(top, row - near) : row + 1;
    const to = by < 0 ? row : Math.min(bottom, row + 1 + near);
    const seen = to > from ? (await page(from, to - from)).flatMap((one) => (one.kind === "house" ? [one.house] : [])) : [];
    const isOther = (other: HouseRow) => other.address.dwelling === null || other.address.dwelling !== house.address.dwelling;
    const found = by < 0 ? seen.findLast(isOther) : seen.find(isOther);
    if (found || from === top || to === bottom) return found ?? null;
  }
}

/** Moves the house of a row past the next one above or below. */
export async function moveHouse(layout: Layout, page: Page, row: number, house: HouseRow, by: -1 | 1): Promise<void> {
  const beside = await houseBeside(layout, page, row, house, by);
  if (!beside) return say(by < 0 ? t().today.firstOfAlley : t().today.lastOfAlley);
  const move = (to: WalkPlace) => call("move_house", { household: house.household, to });
  const { was } = await move(by < 0 ? { before: beside.household } : { after: beside.household });
  changed();
  say(t().today.moved(houseName(house)), async () => { await move(was); changed(); });
}

/** Lets an alley go by its house numbers again. */
export async function resetOrder(hamlet: string | null, alley: string | null): Promise<void> {
  const choose = (by_hand: boolean) => call("choose_walk", { hamlet, alley, by_hand });
  await choose(false);
  changed();
  say(t().today.orderWasReset, async () => { await choose(true); changed(); });
}
