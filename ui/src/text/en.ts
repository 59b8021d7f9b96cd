/** Every word on the screens, in English. */
import { en as errors } from "./errors.en";
import { count, fixed } from "./form";
import type { Texts } from "./vi";

const n = (value: number) => count(value, "en");
const many = (value: number, one: string, more = `${one}s`) => `${n(value)} ${value === 1 ? one : more}`;

export const en: Texts = {
  name: "English",
  tag: "en",
  product: "Từng Nhà",

  // ── words of the field ──────────────────────────────────────────────
  fields: {
    id_number: "Personal ID number", old_cmnd: "Old CMND number", full_name: "Full name", other_name: "Other name", birth_date: "Date of birth", sex: "Sex",
    ethnic_group: "Ethnic group", religion: "Religion", nationality: "Nationality", blood_group: "Blood group", marital_status: "Marital status", birth_place: "Place of birth",
    birth_registration_place: "Place of birth registration", hometown: "Hometown", father_name: "Father's name", mother_name: "Mother's name", spouse_name: "Spouse's name",
    relationship_to_head: "Relationship to head", permanent_address: "Permanent address", card_issued: "Card issued", card_expires: "Card expires", eid_level: "e-ID level",
    phone: "Telephone", death_date: "Date of death", residence_kind: "Kind of residence", residence_since: "Resident since", residence_until: "Resident until", household_no: "Residence dossier number",
    hamlet: "Hamlet", alley: "Alley, road", house_no: "House number", dwelling_kind: "Kind of dwelling", latitude: "Latitude", longitude: "Longitude",
  },
  differences: {
    both_empty: "both empty", identical: "identical", case: "case", encoding: "encoding", tone_placement: "tone placement", less_precise: "less precise",
    missing_in_register: "not in register", only_in_register: "only in register", diacritics_only: "diacritics", spelling: "spelling", different: "different",
  },
  marks: { correct: "Correct", complete: "Complete", clean: "Clean", alive: "Alive", lit: "lit", incomplete: "incomplete", wrong: "wrong", all: "Correct · Complete · Clean · Alive", short: "C·C·C·A", why: "Why" },
  reasons: {
    discrepancy_open: (field) => `${field}: an open discrepancy`,
    core_field_unconfirmed: (field) => `${field}: not confirmed by a paper or a meeting`,
    field_missing: (field) => `${field}: empty`,
    id_number_not_twelve_digits: (length) => `The ID number has ${n(length)} characters, not 12 digits`,
    id_number_sex_mismatch: (says, recorded) => `The ID number says ${says}, the register ${recorded}`,
    id_number_birth_year_mismatch: (says, recorded) => `The ID number says born ${fixed(says)}, the register ${fixed(recorded)}`,
    id_number_province_unknown: (code) => `Province code ${code} in the ID number is in no list`,
    id_number_province_mismatch: (code, before, now) => `Code ${code} in the ID number is ${before}${now && now !== before ? ` (now ${now})` : ""}, not the place of birth registration`,
    id_number_shared: (others) => `${many(others, "other person has", "other people have")} this ID number`,
    old_cmnd_not_nine_digits: (length) => `The CMND has ${n(length)} characters, not 9 digits`,
    field_date_wrong_form: (field) => `${field}: not a date`,
    field_date_impossible: (field) => `${field}: no such day`,
    date_in_future: (field) => `${field}: in the future`,
    dates_out_of_order: (earlier, later) => `${earlier} is after ${later}`,
    birth_too_long_ago: (years) => `Born ${n(years)} years ago with no date of death`,
    digit_in_name: (field) => `${field}: has a digit`,
    symbol_in_name: (field, sign) => `${field}: has an unusual character (${sign})`,
    value_unknown: (field) => `${field}: the value is in no list`,
    phone_wrong_form: "The telephone number has a wrong form",
    never_met: "Never met, neither in person nor by phone",
    met_too_long_ago: (days, limit) => `Last met ${n(days)} days ago, more than ${n(limit)}`,
    met_after_death: "Recorded as met after the date of death",
  },
  laws: { nd_137_2015: "Decree 137/2015", luat_26_2023: "Identity Law 26/2023", luat_68_2020: "Residence Law 68/2020" },
  sexes: { male: "male", female: "female" },
  presence: { listed: "listed", added_at_door: "added at the door", linked: "joined to the register", removed: "left the household", gone: "no longer in the extract" },
  residence: { permanent: "permanent", temporary: "temporary", current: "current place", absent: "temporarily absent", short_stay: "short stay" },
  dwelling: { house: "house", rented_room: "rented room", apartment: "apartment", workplace: "workplace", other: "other" },
  outcomes: { met: "Met", partial: "Partly met", nobody_home: "Nobody home", refused: "Refused", moved_away: "Moved away", not_found: "Not found", vacant: "Vacant" },
  visitKinds: { at_the_door: "At the door", by_phone: "By phone", at_the_station: "At the station" },
  stages: {
    waiting: "waits for an earlier change", proposed: "waits for review", first_approval: "first approval", held: "on hold", referred: "referred", approved: "approved",
    returned: "returned", rejected: "rejected", withdrawn: "withdrawn", entered: "entered in the register", confirmed: "confirmed by the register",
  },
  decisions: { approve: "Approve", return: "Return", hold: "Hold", reject: "Reject", refer: "Refer" },
  roles: { officer: "Officer", supervisor: "Supervisor", operator: "Province operator", auditor: "Auditor", server: "Server" },
  photoReasons: { discrepancy: "Differs from the national register", missing_in_register: "Missing in the register", resident_request: "The resident asks for it", other: "Another reason" },
  papers: { id_card: "Identity card", birth_certificate: "Birth certificate", marriage_certificate: "Marriage certificate", death_certificate: "Death certificate", household_book: "Old household book", residence_confirmation: "Confirmation of residence", passport: "Passport", driving_licence: "Driving licence", other: "Another paper" },
  removals: { died: "Died", moved_away: "Moved away", duplicate: "Listed twice", never_lived_here: "Never lived here" },
  noName: "(no name yet)",
  noNumber: "no ID number",
  empty: "empty",
  none: "none",
  yearOld: (age) => `aged ${n(age)}`,
  people: (value) => many(value, "person", "people"),
  houses: (value) => many(value, "house"),
  noAlley: "No alley",
  noHouseNo: "no number",
  noHead: "(head not known)",
  nobodyListed: "(nobody listed)",

  // ── words of every screen ───────────────────────────────────────────
  common: {
    cancel: "Cancel", close: "Close", save: "Save", back: "Back", undo: "Undo", retry: "Try again", loading: "Reading…", more: "Show more", yes: "Yes", no: "No",
    today: "today", yesterday: "yesterday", tomorrow: "tomorrow", now: "just now",
    saved: "Saved", undone: "Undone", technical: (code) => `Code for support: ${code}`, required: "Needed", optional: "optional",
    bytes: { b: "B", kb: "KB", mb: "MB", gb: "GB" },
    duration: { seconds: (s) => `${n(s)} s`, minutes: (m) => `${n(m)} min`, hours: (h, m) => `${n(h)} h ${n(m)} min` },
    weekdays: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  },
  shell: {
    nav: { today: "Today", search: "Find", queue: "Queue", review: "Review", assign: "Assign", mine: "My proposals", settings: "Settings" },
    navLabel: "Screens", skip: "To the content", find: "Find a person, ID number, house…", lock: "Lock", help: "Help", lockedIdle: "Locked because nobody was at work.", lockedSleep: "Locked when the laptop slept.",
    keysTitle: "Keys", keysEverywhere: "Everywhere", keysHere: "On this screen", keysNote: "Single letters do nothing while you type in a field; Telex and VNI are left alone.",
    online: "On line", offline: "Off line", offlineSince: (time) => `Off line since ${time}`, neverSynced: "Never synchronised", syncing: "Synchronising", paused: "Synchronisation paused",
    waiting: (batches, photos, bytes) => photos > 0 ? `${many(batches, "batch", "batches")} · ${many(photos, "photo")} (${bytes}) to send` : `${many(batches, "batch", "batches")} to send`,
    changesWaiting: (changes) => `${many(changes, "change")} not yet sealed`,
    nothingWaiting: "Nothing to send", refused: (value) => `${n(value)} refused`,
    lastReceipt: (time, index) => `Last receipt: ${time}, no. ${n(index)}`, noReceipt: "No receipt yet", safe: "Saved on this laptop; safe when it goes off",
  },

  search: {
    none: (text) => `Nothing for “${text}”. Try without diacritics, the last digits, or a house number.`,
    more: (shown) => `Only the first ${n(shown)} are shown; type more to narrow it down.`,
  },

  // ── Today ───────────────────────────────────────────────────────────
  today: {
    title: (weekday, date) => `${weekday} ${date}`, mine: "Assigned to me", all: "Whole unit", scope: "Whose houses", filter: "Filter", hamlet: "Hamlet", everyHamlet: "Every hamlet",
    only: "State", onlyAll: "All houses", onlyToDo: "Still to visit", onlyDone: "Done", onlyNever: "Never visited", onlyUnassigned: "Assigned to nobody",
    sub: (houses) => `${many(houses, "house")} · by alley, house numbers rising`, met: (done, all) => `${n(done)} / ${n(all)} houses met`, overdue: (value) => `${n(value)} overdue`,
    next: "Next house", number: "#", houseNo: "House", head: "Head", people: "People", state: "State", due: "Due", group: (houses, left) => `${many(houses, "house")}, ${n(left)} left`,
    list: "Houses in walking order", notYet: "Not yet", metAt: (time) => `Met · ${time}`, partialAt: (time) => `Partly met · ${time}`, absentTimes: (times) => `Absent ${n(times)}×`, absentBack: (times, day) => `Absent ${n(times)}× · back ${day}`,
    back: (day) => `Back ${day}`, discrepancies: (value) => many(value, "discrepancy", "discrepancies"), returned: (value) => `${n(value)} returned`, lateBy: (days) => `${many(days, "day")} overdue`,
    start: "Begin the visit", asListed: "Everyone as listed", absent: "Nobody home", comeBack: "Come back…", open: "Open household", moveUp: "Move up", moveDown: "Move down", orderReset: "Back to walking order",
    asListedDone: (house) => `Recorded: ${house}, everyone as listed`, absentDone: (house) => `Recorded: nobody home at ${house}`, comeBackDone: (house, day) => `${house}: back on ${day}`,
    comeBackTitle: "Come back", comeBackDay: "Day", comeBackNote: "Note", comeBackHint: "day/month/year, today or later",
    address: "Address", before2025: "Before 7/2025", dossier: "Dossier no.", lastVisit: "Last visit", never: "never", phone: "Telephone", note: "Assignment note",
    noneTitle: "No houses here", noneMine: "No houses are assigned to you yet. They appear after the supervisor assigns them and you synchronise; or look at the whole unit.", noneFilter: "Take some of the filter away to see houses.", showAll: "Show the whole unit",
    noRegisterTitle: "The register of the commune is not here yet", noRegister: "Download it once with a line; afterwards everything works without one.", download: "Download",
    pickTitle: "Choose a house", pick: "Arrow keys walk the list; Enter opens the household.", allDone: "No house is left to visit in this list.",
  },
  errors,
};
