/** Words made of the register's own types, where several screens say the same. */
import type { Address, HouseMarks, HouseRow, Marks, PersonView, Reason } from "../backend";
import { day, daysBetween, parseDay } from "../text/form";
import { shortMoment, t } from "../text/index.svelte";
import type { Tone } from "../kit/tone";

/** `12/3, Ngõ 12, Ấp 3`: from near to far, without what is empty. */
export function addressLine(address: Address): string {
  return [address.house_no, address.alley, address.hamlet].filter(Boolean).join(", ") || t().empty;
}

/** The name of a house in a sentence: its number, or its head. */
export function houseName(row: { address: Address; head_name: string | null }): string {
  return [row.address.house_no, row.head_name].filter(Boolean).join(" · ") || t().noHouseNo;
}

/** Full years at a day, from a birth date of any precision; `null` where it cannot be said. */
export function ageOf(birth: string | null | undefined, now: number = Date.now()): number | null {
  const [year, month, date] = (birth ?? "").split("/").reverse();
  if (!/^\d{4}$/.test(year ?? "")) return null;
  const [thisYear, thisMonth, thisDate] = day(now).split("/").reverse();
  const isBeforeBirthday = date !== undefined && `${thisMonth}${thisDate}` < `${month}${date}`;
  const age = Number(thisYear) - Number(year) - (isBeforeBirthday ? 1 : 0);
  return age >= 0 && age < 140 ? age : null;
}

/** Whether someone still lives here. */
export function livesHere(person: PersonView): boolean {
  return person.state.presence !== "removed" && person.state.presence !== "gone" && person.state.presence !== "linked" && !person.state.removal;
}

/** Who someone is to the head, and how old. */
export function memberWords(member: PersonView): string {
  const age = ageOf(member.state.fields.birth_date);
  return [member.state.fields.relationship_to_head, age === null ? null : t().yearOld(age)].filter(Boolean).join(" · ");
}

/** The states of a person's marks, as a row of signs takes them. */
export function statesOf(marks: Marks): HouseMarks {
  return { correct: marks.correct.state, complete: marks.complete.state, clean: marks.clean.state, alive: marks.alive.state };
}

/** What most needs to be known of a house in a list, in one chip. */
export function houseState(row: HouseRow, now: number = Date.now()): { text: string; tone: Tone } {
  const words = t().today;
  if (row.returned_corrections > 0) return { text: words.returned(row.returned_corrections), tone: "blue" };
  const isDone = row.last_outcome === "met";
  const due = row.due ? parseDay(row.due) : null;
  if (!isDone && due !== null && daysBetween(due, now) > 0) return { text: words.lateBy(daysBetween(due, now)), tone: "red" };
  if (isDone && row.open_corrections > 0) return { text: words.discrepancies(row.open_corrections), tone: "amber" };
  const at = row.last_visit_ms === null ? "" : shortMoment(row.last_visit_ms, now);
  switch (row.last_outcome) {
    case "met": return { text: words.metAt(at), tone: "green" };
    case "partial": return { text: words.partialAt(at), tone: "amber" };
    case "nobody_home": return { text: row.next_visit ? words.absentBack(row.attempts, shortDay(row.next_visit, now)) : words.absentTimes(row.attempts), tone: "amber" };
    case null: return row.next_visit ? { text: words.back(shortDay(row.next_visit, now)), tone: "amber" } : { text: words.notYet, tone: "plain" };
    default: return { text: t().outcomes[row.last_outcome], tone: "plain" };
  }
}

/** `hôm nay`, `ngày mai`, `30/11`, or the whole day where the year is another. */
export function shortDay(text: string, now: number = Date.now()): string {
  const at = parseDay(text);
  if (at === null) return text;
  const days = daysBetween(now, at);
  if (days === 0) return t().common.today;
  if (days === 1) return t().common.tomorrow;
  return text.slice(6) === day(now).slice(6) ? text.slice(0, 5) : text;
}

/** Why a mark is not lit, in a sentence. */
export function reasonWords(reason: Reason): string {
  const words = t().reasons;
  const field = (name: keyof ReturnType<typeof t>["fields"]) => t().fields[name];
  switch (reason.code) {
    case "discrepancy_open": return words.discrepancy_open(field(reason.params.field));
    case "core_field_unconfirmed": return words.core_field_unconfirmed(field(reason.params.field));
    case "field_missing": return words.field_missing(field(reason.params.field));
    case "id_number_not_twelve_digits": return words.id_number_not_twelve_digits(reason.params.length);
    case "id_number_sex_mismatch": return words.id_number_sex_mismatch(t().sexes[reason.params.number_says], t().sexes[reason.params.recorded]);
    case "id_number_birth_year_mismatch": return words.id_number_birth_year_mismatch(reason.params.number_says, reason.params.recorded);
    case "id_number_province_unknown": return words.id_number_province_unknown(reason.params.province_code);
    case "id_number_province_mismatch": return words.id_number_province_mismatch(reason.params.province_code, reason.params.name_before, reason.params.name);
    case "id_number_shared": return words.id_number_shared(reason.params.others);
    case "old_cmnd_not_nine_digits": return words.old_cmnd_not_nine_digits(reason.params.length);
    case "field_date_wrong_form": return words.field_date_wrong_form(field(reason.params.field));
    case "field_date_impossible": return words.field_date_impossible(field(reason.params.field));
    case "date_in_future": return words.date_in_future(field(reason.params.field));
    case "dates_out_of_order": return words.dates_out_of_order(field(reason.params.earlier), field(reason.params.later));
    case "birth_too_long_ago": return words.birth_too_long_ago(reason.params.years);
    case "digit_in_name": return words.digit_in_name(field(reason.params.field));
    case "symbol_in_name": return words.symbol_in_name(field(reason.params.field), reason.params.code_point);
    case "value_unknown": return words.value_unknown(field(reason.params.field));
    case "phone_wrong_form": return words.phone_wrong_form;
    case "never_met": return words.never_met;
    case "met_too_long_ago": return words.met_too_long_ago(reason.params.days, reason.params.limit);
    case "met_after_death": return words.met_after_death;
  }
}
