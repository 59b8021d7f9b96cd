/** The fields of one person, or of the house, as rows of a table: what is in dispute first, what is quiet last. */
import type { CorrectionRow, Field, HouseholdView, PersonView, ProposeCorrection, Reason, Stage, Subject } from "../../backend";

/** One field with everything that is said of it. */
export interface FieldRow {
  field: Field;
  subject: Subject;
  subjectId: string;
  /** What the register says; for someone found at the door, what was noted there. */
  value: string | null;
  /** Proposals that still count for something, the latest first. */
  corrections: CorrectionRow[];
  /** Noted during the visit that goes on, saved with it. */
  pending: ProposeCorrection | null;
  reasons: Reason[];
  /** Nothing is to be done about it. */
  isQuiet: boolean;
}

export const personFields: Field[] = [
  "id_number", "full_name", "birth_date", "sex", "old_cmnd", "other_name", "ethnic_group", "religion", "nationality", "blood_group", "marital_status", "birth_place",
  "birth_registration_place", "hometown", "father_name", "mother_name", "spouse_name", "relationship_to_head", "permanent_address", "card_issued", "card_expires", "eid_level",
  "phone", "death_date", "residence_kind", "residence_since", "residence_until",
];
export const dwellingFields: Field[] = ["hamlet", "alley", "house_no", "dwelling_kind", "latitude", "longitude"];

const OVER: Stage[] = ["withdrawn", "rejected", "confirmed"];

/** Whether a proposal still matters for what its field shall say. */
export function isUnsettled(row: CorrectionRow): boolean {
  return !OVER.includes(row.state.stage);
}

/** The fields a finding speaks of. */
export function fieldsOf(reason: Reason): Field[] {
  switch (reason.code) {
    case "dates_out_of_order": return [reason.params.earlier, reason.params.later];
    case "id_number_not_twelve_digits": case "id_number_sex_mismatch": case "id_number_birth_year_mismatch": case "id_number_province_unknown": case "id_number_province_mismatch": case "id_number_shared": return ["id_number"];
    case "old_cmnd_not_nine_digits": return ["old_cmnd"];
    case "birth_too_long_ago": return ["birth_date"];
    case "phone_wrong_form": return ["phone"];
    case "met_after_death": return ["death_date"];
    case "never_met": case "met_too_long_ago": return [];
    default: return [reason.params.field];
  }
}

const MISSING: Reason["code"][] = ["field_missing"];
const UNCONFIRMED: Reason["code"][] = ["core_field_unconfirmed"];

/** What most needs doing comes first: disputes, then what is wrong, then what is unconfirmed, then what is missing. */
function rank(row: FieldRow): number {
  if (row.pending || row.corrections.length > 0) return 0;
  if (row.isQuiet) return 4;
  if (row.reasons.some((reason) => !MISSING.includes(reason.code) && !UNCONFIRMED.includes(reason.code))) return 1;
  return row.reasons.some((reason) => UNCONFIRMED.includes(reason.code)) ? 2 : 3;
}

function sorted(rows: FieldRow[]): FieldRow[] {
  return rows.map((row, at) => ({ row, at })).sort((a, b) => rank(a.row) - rank(b.row) || a.at - b.at).map(({ row }) => row);
}

function row(field: Field, subject: Subject, subjectId: string, value: string | null | undefined, all: CorrectionRow[], pending: ProposeCorrection[], reasons: Reason[]): FieldRow {
  const corrections = all
    .filter((one) => one.state.proposal?.subject_id === subjectId && one.state.proposal.field === field && isUnsettled(one))
    .sort((a, b) => (b.state.proposed_ms ?? 0) - (a.state.proposed_ms ?? 0));
  const here = pending.find((one) => one.subject_id === subjectId && one.field === field) ?? null;
  const found = reasons.filter((reason) => fieldsOf(reason).includes(field));
  return { field, subject, subjectId, value: value || null, corrections, pending: here, reasons: found, isQuiet: corrections.length === 0 && !here && found.length === 0 };
}

/** The rows of a person. */
export function personRows(person: PersonView, all: CorrectionRow[], pending: ProposeCorrection[]): FieldRow[] {
  const { marks, state } = person;
  const reasons = [...marks.correct.reasons, ...marks.complete.reasons, ...marks.clean.reasons, ...marks.alive.reasons];
  return sorted(personFields.map((field) => row(field, "person", person.person, state.fields[field], all, pending, reasons)));
}

/** Degrees as the register writes them. */
export function degrees(e6: number | null | undefined): string | null {
  return e6 === null || e6 === undefined ? null : (e6 / 1e6).toFixed(6);
}

/** The rows of a household and its dwelling. */
export function houseRows(view: HouseholdView, pending: ProposeCorrection[]): FieldRow[] {
  const place = view.dwelling;
  const rows = [row("household_no", "household", view.household, view.state.household_no, view.corrections, pending, [])];
  const id = view.state.dwelling;
  if (place && id) {
    const values: Partial<Record<Field, string | null>> = { hamlet: place.hamlet, alley: place.alley, house_no: place.house_no, dwelling_kind: place.kind, latitude: degrees(place.lat_e6), longitude: degrees(place.lon_e6) };
    rows.push(...dwellingFields.map((field) => row(field, "dwelling", id, values[field], view.corrections, pending, [])));
  }
  return sorted(rows);
}
