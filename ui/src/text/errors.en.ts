/** What a failure says in English, code by code: what happened, what is safe, what to do. See `errors.vi.ts`. */
import type { ErrorCode } from "../backend";
import type { ErrorWords } from "./errors.vi";

// What is safe is often the same.
const typed = "Nothing was saved; what you typed is still on the screen.";
const unchanged = "Nothing was added; what was saved has not changed.";
const sealed = "The data on this laptop is whole and still encrypted.";
const fileUntouched = "Neither the file nor the data on this laptop has changed.";
const noPhoto = "This photo was not saved; what you typed is still on the screen.";
const receipted = "Nothing is deleted here; everything with a receipt is still at the server.";
const waiting = "Saved work is not lost; what was not sent still waits on this laptop.";
const notSent = "No data went there; saved work is still on this laptop.";
const notTaken = "That answer was not used; what was saved has not changed.";
const enrolling = "Enrolment is not finished; the passphrase you set is kept for the next try.";

export const en: Record<ErrorCode, ErrorWords> = {
  // ── the command itself ──────────────────────────────────────────────
  unknown_command: { what: "The app cannot do what this screen asked for.", safe: unchanged, todo: "Close Từng Nhà and open it again; if it happens again, give the error code to the province operator." },
  params_invalid: { what: "The app did not understand what this screen sent.", safe: unchanged, todo: "Do it once more; if it happens again, give the error code to the province operator." },
  internal: { what: "Something went wrong inside the app.", safe: "This action may not have been saved; everything saved before it is unaffected.", todo: "Check whether it was saved, then try again; if it fails again, report the error code." },
  not_enrolled: { what: "This laptop is not fully enrolled, or its data file is missing.", safe: "This action deleted and changed nothing on the laptop.", todo: "New laptop: enrol it with your paper or file. Used before: call the province operator first." },
  already_enrolled: { what: "This laptop is enrolled already.", safe: "Its data and passphrase have not changed.", todo: "Unlock it with its passphrase and go on working." },
  profile_locked: { what: "Từng Nhà is locked.", safe: "Everything saved and every kept draft is still on this laptop.", todo: "Enter the passphrase to unlock, then go on." },
  already_unlocked: { what: "Từng Nhà is unlocked already.", safe: unchanged, todo: "Just go on; if the screen does not change, close Từng Nhà and open it again." },
  profile_in_use: { what: "Another window or program has this data open.", safe: "It is never opened twice at once, so nothing gets mixed up.", todo: "Use the Từng Nhà window that is open, or close it and try again." },
  role_not_allowed: { what: "Your role on this laptop does not allow that.", safe: typed, todo: "Ask someone whose role does, usually the supervisor." },
  not_in_browser: { what: "A browser cannot do this.", safe: unchanged, todo: "Do it in the window of Từng Nhà as installed on this laptop." },
  not_found: { what: "This item is not on this laptop, or is no longer in force.", safe: unchanged, todo: "Go back to the list and open it again; synchronise when there is a line." },
  already_saved: { what: "This was saved before.", safe: "It was saved once and not a second time.", todo: "Open the house or the person again: it stands in the history." },
  change_too_large: { what: "This is more than can be saved at once.", safe: typed, todo: "Shorten the notes, or save it in two parts." },

  // ── what people type ────────────────────────────────────────────────
  field_required: { what: "“{field}” is empty.", safe: typed, todo: "Fill in or choose “{field}”, then save again." },
  value_not_allowed: { what: "“{field}” does not take this value.", safe: typed, todo: "Choose a value from the list, or correct its form." },
  text_too_long: { what: "“{field}” has {length} characters; the most is {limit}.", safe: typed, todo: "Shorten it, then save." },
  text_control_character: { what: "“{field}” has a hidden character, such as a line break or a tab.", safe: typed, todo: "Empty the field and type it again instead of pasting." },
  text_bidi_control: { what: "“{field}” has a hidden character that reverses the order of letters.", safe: typed, todo: "Empty the field and type it again instead of pasting." },
  text_invisible_character: { what: "“{field}” has a character that cannot be seen.", safe: typed, todo: "Empty the field and type it again instead of pasting." },
  text_unreadable_character: { what: "“{field}” has a broken character that no font can show.", safe: typed, todo: "Empty the field and type it again with the keyboard set to Unicode." },
  date_wrong_form: { what: "“{field}” is not written as a date.", safe: typed, todo: "Type day/month/year, as 05/03/1957; if not known, 03/1957 or 1957." },
  date_impossible: { what: "“{field}” is a date that the calendar does not have.", safe: typed, todo: "Look at the paper again; if the day is not known, type month/year or the year." },
  date_not_a_day: { what: "“{field}” needs the day, the month and the year.", safe: typed, todo: "Type it in full, as 21/11/2026." },
  date_in_future: { what: "“{field}” is in the future.", safe: typed, todo: "Enter today or an earlier date, and check the date of this laptop." },
  date_in_past: { what: "“{field}” is already past.", safe: typed, todo: "Choose today or a later day, and check the date of this laptop." },
  id_number_not_twelve_digits: { what: "“{field}” must have exactly 12 digits.", safe: typed, todo: "Compare it with the card and type it again, digits only." },
  old_cmnd_not_nine_digits: { what: "“{field}” must have exactly 9 digits.", safe: typed, todo: "Compare it with the paper and type it again, digits only." },
  visit_ends_before_it_starts: { what: "The visit ends before it begins.", safe: typed, todo: "Correct the beginning or the end, and check the clock of this laptop." },
  nobody_met: { what: "This visit does not say who was met.", safe: "The visit was not saved; what you typed is still on the screen.", todo: "Choose who was met, name someone else, or change the outcome of the visit." },
  not_of_this_household: { what: "Someone chosen is not of this household, or the new head was not chosen to move.", safe: typed, todo: "Open the household again for its latest list, and choose again." },
  correction_changes_nothing: { what: "The value proposed for “{field}” is the one in the register.", safe: typed, todo: "Change the proposed value, or drop the proposal if nothing is wrong." },
  correction_not_open: { what: "This correction is not at a step where that can be done.", safe: "Nothing was added; decisions already made stand.", todo: "Open the correction again to see where it stands." },
  not_your_own: { what: "Someone else recorded this, so you cannot change it or take it back.", safe: "Nothing was added; what they recorded stands.", todo: "Ask the person who recorded it, or talk to the supervisor." },
  own_proposal: { what: "Nobody reviews their own correction.", safe: "The correction is as it was and waits for someone else.", todo: "Leave it to another reviewer, or withdraw it if it no longer holds." },
  cannot_be_withdrawn: { what: "This cannot be taken back, or a later step stands on it.", safe: "Nothing was added; it and the steps after it stand.", todo: "Look at the history; to put it right, record something new or ask the supervisor." },
  not_absent: { what: "This person is not recorded as away.", safe: unchanged, todo: "Open the person again for the latest state." },
  already_absent: { what: "This person is already recorded as away.", safe: "Nothing was added; the absence on record stands.", todo: "Record the return first, then the new absence." },
  already_removed: { what: "This person is already recorded as having left the household.", safe: "Nothing was added; the departure on record stands.", todo: "If that was a mistake, take it back in the person's history." },
  same_household: { what: "The person already lives in the household you chose.", safe: typed, todo: "Choose another household to move to." },
  walk_elsewhere: { what: "A house is moved within its own alley only.", safe: "The walking order has not changed.", todo: "Choose another place in the alley of this house." },
  too_many: { what: "At most {limit} can be taken at once.", safe: typed, todo: "Take fewer, or do it in several goes." },

  // ── photos ──────────────────────────────────────────────────────────
  photo_empty: { what: "The photo has nothing in it.", safe: noPhoto, todo: "Take it again or choose another." },
  photo_too_large: { what: "The photo is larger than allowed.", safe: noPhoto, todo: "Take it again at a lower resolution, or choose a smaller one." },
  photo_not_an_image: { what: "This file is not a JPEG, PNG or WebP picture.", safe: noPhoto, todo: "Choose a picture of one of these kinds, or take it with this laptop." },
  photo_reason_required: { what: "The reason for photographing the paper is missing.", safe: noPhoto, todo: "Choose a reason; if it is another one, write it down." },
  photo_missing: { what: "This photo is not on this laptop and could not be fetched.", safe: "Saved records are unchanged; the laptop that took it may not have sent it yet.", todo: "Synchronise and open it later; for a correction in the making, attach it again." },
  photo_erased: { what: "This photo has been erased from the system.", safe: "The other records on this laptop have not changed.", todo: "If the evidence is still needed and there is a reason, photograph the paper again." },

  // ── files that people choose ────────────────────────────────────────
  file_not_found: { what: "The chosen file is not there.", safe: unchanged, todo: "See that the stick is still plugged in, then choose the file again." },
  file_unreadable: { what: "The chosen file cannot be read, or is not a file.", safe: fileUntouched, todo: "Unplug the stick, plug it in and choose again; if it still fails, ask for another file." },
  file_not_writable: { what: "The file could not be written or read at the chosen place.", safe: "The data here has not changed; what was not sent is still in the queue.", todo: "See that the stick is plugged in and not write-protected, or choose another place." },
  file_exists: { what: "There is a file of this name already.", safe: fileUntouched, todo: "Choose another name or folder; Từng Nhà does not replace this file." },
  path_not_allowed: { what: "That place belongs to the data of Từng Nhà.", safe: fileUntouched, todo: "Choose another folder, or the USB stick." },
  file_empty: { what: "The chosen file has nothing in it.", safe: fileUntouched, todo: "Copy it again from where it came, then choose it again." },
  file_too_large: { what: "This file or draft is larger than allowed.", safe: "The chosen file and everything saved are unchanged.", todo: "Choose the file you were given; if you are writing, shorten it and save now." },
  enrolment_file_unreadable: { what: "This is not an enrolment file, or it is damaged.", safe: fileUntouched, todo: "Choose the file you were given, or type what is on the enrolment paper." },
  enrolment_code_wrong_form: { what: "An enrolment code has 21 letters and digits, and never a U.", safe: "Nothing was sent to the server; the code can still be used.", todo: "Compare each group with the paper and type it again; dashes are optional." },
  fingerprint_wrong_form: { what: "A server fingerprint has 32 characters: letters A–Z and digits 2–7.", safe: "Nothing was sent to the server; the code can still be used.", todo: "Compare each group of four with the paper and type it again." },
  queue_file_unreadable: { what: "This is not a queue file of Từng Nhà.", safe: fileUntouched, todo: "Choose the file from the server whose name ends in .tungnha." },
  queue_file_damaged: { what: "The queue file is damaged and cannot be read.", safe: "Nothing was taken from it; the data on this laptop has not changed.", todo: "Copy it again or ask for a new one; taking a file twice does no harm." },
  queue_file_not_for_us: { what: "This queue file is not for this laptop.", safe: "Nothing was taken from it; the data on this laptop has not changed.", todo: "Choose the file the server made for your unit, not one on its way there." },
  queue_file_other_server: { what: "This queue file is of another server.", safe: "Nothing was taken from it; the data on this laptop has not changed.", todo: "Ask the province operator for a file of the server this laptop is enrolled with." },

  // ── passphrase and keys ─────────────────────────────────────────────
  wrong_passphrase: { what: "The passphrase is not right.", safe: sealed, todo: "Check Caps Lock and the input method; after 10 wrong tries you need the supervisor." },
  wait_before_retry: { what: "After several wrong passphrases there is a wait before the next try.", safe: sealed, todo: "Wait until the time is up, then type it again with an eye on Caps Lock." },
  supervisor_needed: { what: "After 10 wrong passphrases in a row this laptop takes no more tries.", safe: sealed, todo: "Tell the supervisor, then use recovery: the province operators help to set a new one." },
  passphrase_too_short: { what: "The new passphrase needs at least {minimum_chars} characters.", safe: "The passphrase in use, if there is one, has not changed.", todo: "Make it longer: four words that you remember, for example." },
  passphrase_too_common: { what: "The new passphrase is too easy to guess.", safe: "The passphrase in use, if there is one, has not changed.", todo: "Avoid sequences and familiar words; join a few words that have nothing in common." },
  passphrases_equal: { what: "The two operators gave the same passphrase.", safe: unchanged, todo: "Each of the two chooses a passphrase of their own." },
  out_of_memory: { what: "This laptop has too little free memory for that.", safe: sealed, todo: "Close other programs, then try again." },
  slot_missing: { what: "The key file that opens the data is missing on this laptop.", safe: sealed, todo: "Call the province operator; delete nothing and do not reinstall Từng Nhà." },
  slot_damaged: { what: "The key file that opens the data is damaged, or cannot be used here.", safe: sealed, todo: "Call the province operator; delete nothing and do not reinstall Từng Nhà." },
  device_secret_missing: { what: "This Windows account does not hold the laptop's own key.", safe: sealed, todo: "Sign in with the account you always use; if that does not help, use recovery." },
  device_secret_store: { what: "The system's key store does not answer.", safe: sealed, todo: "Restart the laptop and try again; if it still fails, call the province operator." },
  recovery_not_started: { what: "No recovery request is open on this laptop.", safe: sealed, todo: "Make a recovery request, send it to the province operator, then enter the answer." },
  recovery_file_damaged: { what: "This is not a recovery answer, or it is damaged.", safe: sealed, todo: "Copy the operators' answer again, then choose it again." },
  recovery_answer_wrong: { what: "The recovery answer does not fit the request of this laptop.", safe: sealed, todo: "Send the operators the request that is on this laptop, and ask for a new answer." },

  // ── the files of the profile ────────────────────────────────────────
  disk_full: { what: "The disk or the stick is full.", safe: "This was not saved; everything saved before is whole.", todo: "Delete other files and save again; leave the Từng Nhà folder alone." },
  disk_failed: { what: "The disk could not be read or written.", safe: "Nothing is half saved; everything with a receipt is still at the server.", todo: "If you still can, synchronise or write the queue to a stick, then call the operator." },
  database_busy: { what: "Something else is using the data file.", safe: unchanged, todo: "Wait a moment and try again; close other Từng Nhà windows." },
  database_damaged: { what: "The data file on this laptop is damaged.", safe: receipted, todo: "Stop and call the province operator; delete nothing and do not reinstall." },
  database_missing: { what: "A data file of Từng Nhà is missing on this laptop.", safe: receipted, todo: "Call the province operator before you reinstall or enrol again." },
  database_too_new: { what: "A newer version of Từng Nhà wrote the data on this laptop.", safe: "The data is whole; this older version changes nothing in it.", todo: "Open it with the newer version, or install the latest." },

  // ── the line ────────────────────────────────────────────────────────
  address_wrong: { what: "This is not the address of a server.", safe: notSent, todo: "Type only the server's name and port, as on the paper, without a path." },
  plain_http_refused: { what: "An http:// address is not encrypted, so it is not used.", safe: notSent, todo: "Use the https:// address on the paper." },
  fingerprint_mismatch: { what: "The server's fingerprint is not the one on the paper.", safe: "The enrolment code was not sent; the data on this laptop has not changed.", todo: "Type it again from the paper; if it still differs, stop and call the operator." },
  server_unreachable: { what: "The server cannot be reached.", safe: waiting, todo: "Check the network and try again later; visits need no line." },
  line_cut: { what: "The line was cut halfway.", safe: waiting, todo: "Try again when the line is steadier; sending goes on, not from the beginning." },
  server_timed_out: { what: "The server did not answer in time.", safe: waiting, todo: "Try again with a better line; you can go on working meanwhile." },
  certificate_wrong: { what: "Whoever answered could not prove to be your server.", safe: notSent, todo: "Try another network; if it is the same there, call the province operator." },
  certificate_name: { what: "The server's certificate names another address than the one on record.", safe: notSent, todo: "Try another network; if it is the same there, call the province operator." },
  certificate_expired: { what: "The server's certificate has expired.", safe: notSent, todo: "Ask the province operator to renew it; setting this laptop's clock does not help." },
  tls_failed: { what: "No secure connection to the server could be made.", safe: waiting, todo: "Try another network; if it is the same there, call the province operator." },
  redirect_refused: { what: "The connection was sent elsewhere instead of to the server.", safe: "It was not followed; saved work is still on this laptop.", todo: "Sign in to the network in a browser, or change networks, then try again." },
  login_page: { what: "This network wants you to sign in first.", safe: waiting, todo: "Sign in to the network in a browser, or change networks, then try again." },
  answered_html: { what: "A web page answered in place of the server.", safe: notTaken, todo: "Try another network; if it is the same there, have the operator check the address." },
  wrong_content_type: { what: "Whoever answered does not look like a Từng Nhà server.", safe: notTaken, todo: "Try another network; if it is the same there, have the operator check the address." },
  answer_too_large: { what: "The server's answer is larger than this laptop takes.", safe: notTaken, todo: "Install the latest Từng Nhà; if it still fails, report the error code to the operator." },
  answer_unreadable: { what: "The server's answer cannot be read.", safe: notTaken, todo: "Try again; if it still fails, give the error code to the province operator." },
  answer_not_signed: { what: "The answer does not bear the server's signature.", safe: notTaken, todo: "Try another network; if it is the same there, tell the province operator at once." },
  server_busy: { what: "The server is busy.", safe: waiting, todo: "Wait a little, then try again." },
  server_disk_full: { what: "The server's disk is full.", safe: waiting, todo: "Tell the province operator to make room; your work is sent by itself afterwards." },
  server_failed: { what: "The server has a fault (number {status}).", safe: waiting, todo: "Try again later; if it lasts, tell the province operator." },
  server_refused: { what: "The server did not accept this request.", safe: waiting, todo: "Tell the province operator, with this code: {server_code}." },
  sync_running: { what: "Synchronisation is already running.", safe: "The one that runs is not disturbed.", todo: "Let it finish; you can go on working meanwhile." },
  sync_stopped: { what: "Synchronisation was stopped before its end.", safe: "What was sent and received is kept; the rest still waits on this laptop.", todo: "Synchronise again when you want to go on." },
  update_needed: { what: "This Từng Nhà is too old to read what came in.", safe: "Saved data has not changed; what was not sent still waits on this laptop.", todo: "Install the latest version and do it again." },

  // ── refusals of the server ──────────────────────────────────────────
  code_refused: { what: "The server does not accept this enrolment code.", safe: enrolling, todo: "Compare it with the paper and try again; a code allows 5 wrong tries." },
  code_expired: { what: "The enrolment code is older than 7 days and has expired.", safe: enrolling, todo: "Ask the province operator for a new code, then go on with the same passphrase." },
  code_exhausted: { what: "The enrolment code is blocked after 5 wrong tries.", safe: enrolling, todo: "Ask the province operator for a new code, then go on with the same passphrase." },
  code_used: { what: "This enrolment code has been used.", safe: enrolling, todo: "Ask the province operator for a new code; if you never used it, tell them at once." },
  device_revoked: { what: "This laptop's permission has been withdrawn.", safe: "Saved work is still here; batches that were sent are kept at the server for review.", todo: "Call the supervisor or the province operator; delete nothing on this laptop." },
  device_unknown: { what: "The server does not know this laptop.", safe: waiting, todo: "Ask the province operator to look into it; do not enrol again before that." },
  unit_forbidden: { what: "This laptop has no permission for that unit.", safe: waiting, todo: "Ask the province operator to check the unit of this laptop." },
  role_forbidden: { what: "The role given to this laptop may not read the unit's data.", safe: waiting, todo: "Ask the province operator to check the role of this laptop." },
  edition_missing: { what: "The server has no extract of this unit yet.", safe: waiting, todo: "Ask the province operator to import the latest extract, then download again." },
};
