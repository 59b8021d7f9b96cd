/** Numbers and times as they are written in each language. Owns forms, not words. */

const numbers = new Map<string, Intl.NumberFormat>();

/** A whole number: `4.812` in Vietnamese, `4,812` in English. */
export function count(value: number, tag: string): string {
  let format = numbers.get(tag);
  if (!format) numbers.set(tag, (format = new Intl.NumberFormat(tag)));
  return format.format(value);
}

/** A number that is a name, such as a year: never grouped. */
export function fixed(value: number): string {
  return String(value);
}

/** One digit after the mark where it says something: `2,1`. */
export function decimal(value: number, tag: string): string {
  return new Intl.NumberFormat(tag, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** Vietnam's clock: seven hours before Greenwich all year, whatever this laptop believes of its place. */
const ZONE_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;

function local(ms: number): Date {
  return new Date(ms + ZONE_MS);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** `21/11/2026`, the form of every paper. */
export function day(ms: number): string {
  const at = local(ms);
  return `${pad(at.getUTCDate())}/${pad(at.getUTCMonth() + 1)}/${at.getUTCFullYear()}`;
}

/** `08:05`. */
export function clock(ms: number): string {
  const at = local(ms);
  return `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
}

/** Days from one moment to another, by the calendar: midnights between them. */
export function daysBetween(from: number, to: number): number {
  return Math.floor((to + ZONE_MS) / DAY_MS) - Math.floor((from + ZONE_MS) / DAY_MS);
}

/** 0 for Sunday. */
export function weekday(ms: number): number {
  return local(ms).getUTCDay();
}

/** A `dd/mm/yyyy` as the milliseconds of its midnight; `null` for anything else, partial dates too. */
export function parseDay(text: string): number | null {
  const found = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  if (!found) return null;
  const at = Date.UTC(Number(found[3]), Number(found[2]) - 1, Number(found[1])) - ZONE_MS;
  return day(at) === text ? at : null;
}
