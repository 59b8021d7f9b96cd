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

/** `21/11/2026`, the form of every paper. */
export function day(ms: number): string {
  const at = new Date(ms);
  return `${pad(at.getDate())}/${pad(at.getMonth() + 1)}/${at.getFullYear()}`;
}

/** `08:05`. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** Whole days from one moment to another, by the calendar of this laptop. */
export function daysBetween(from: number, to: number): number {
  const a = new Date(from);
  const b = new Date(to);
  return Math.round((new Date(b.getFullYear(), b.getMonth(), b.getDate()).getTime() - new Date(a.getFullYear(), a.getMonth(), a.getDate()).getTime()) / 86_400_000);
}

/** A `dd/mm/yyyy` as the milliseconds of its midnight; `null` for anything else, partial dates too. */
export function parseDay(text: string): number | null {
  const found = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  if (!found) return null;
  const at = new Date(Number(found[3]), Number(found[2]) - 1, Number(found[1]));
  return at.getDate() === Number(found[1]) && at.getMonth() === Number(found[2]) - 1 ? at.getTime() : null;
}
