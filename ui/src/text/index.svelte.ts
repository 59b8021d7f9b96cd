/**
 * The words of the chosen language, and what is made of several of them. `t()` is read where it is shown, so that a
 * change of language shows at once.
 */
import type { ErrorCode, Problem } from "../backend";
import { en } from "./en";
import { clock, count, day, daysBetween, decimal } from "./form";
import { vi, type Texts } from "./vi";

/** Every language there is, by the name that the settings hold. */
export const languages: Record<string, Texts> = { vi, en };

const chosen = $state({ language: "vi" });

/** The words of the chosen language. */
export function t(): Texts {
  return languages[chosen.language] ?? vi;
}

/** Chooses a language; an unknown name is Vietnamese. */
export function setLanguage(language: string): void {
  chosen.language = language in languages ? language : "vi";
  document.documentElement.lang = t().tag;
}

/** A count in the chosen language. */
export function number(value: number): string {
  return count(value, t().tag);
}

/** A moment, as one says it today: `08:05`, `hôm qua 17:26`, `12/10/2026`. */
export function moment(ms: number, now: number = Date.now()): string {
  const days = daysBetween(ms, now);
  if (days === 0) return `${t().common.today} ${clock(ms)}`;
  if (days === 1) return `${t().common.yesterday} ${clock(ms)}`;
  return `${day(ms)} ${clock(ms)}`;
}

/** A moment in little room: only the time for today, only the day before. */
export function shortMoment(ms: number, now: number = Date.now()): string {
  const days = daysBetween(ms, now);
  if (days === 0) return clock(ms);
  if (days === 1) return t().common.yesterday;
  return day(ms);
}

/** Bytes in the largest unit that leaves a number above one. */
export function bytes(value: number): string {
  const units = t().common.bytes;
  const tag = t().tag;
  if (value < 1000) return `${count(value, tag)} ${units.b}`;
  if (value < 1_000_000) return `${decimal(value / 1000, tag)} ${units.kb}`;
  if (value < 1_000_000_000) return `${decimal(value / 1_000_000, tag)} ${units.mb}`;
  return `${decimal(value / 1_000_000_000, tag)} ${units.gb}`;
}

/** How long something takes. */
export function duration(ms: number): string {
  const words = t().common.duration;
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return words.seconds(seconds);
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? words.minutes(minutes) : words.hours(Math.floor(minutes / 60), minutes % 60);
}

/** What a failure says to a person: what happened, what is safe, what to do. */
export interface ErrorWords {
  what: string;
  safe: string;
  todo: string;
}

/** The words of a failure, with its parameters put in. */
export function wordsOf(problem: Problem): ErrorWords {
  const known = t().errors[problem.code as ErrorCode] ?? t().errors.internal;
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = problem.params[name];
    if (value === undefined) return "";
    if (name === "field") return (t().fields as Record<string, string>)[String(value)] ?? (t().inputs as Record<string, string>)[String(value)] ?? String(value);
    return typeof value === "number" ? count(value, t().tag) : value || whole;
  });
  return { what: fill(known.what), safe: fill(known.safe), todo: fill(known.todo) };
}
