// Written by `cargo xtask codegen` from the command list in crates/app. Do not edit.

/** Every command: what it takes and what it gives. `null` stands for nothing. */
export interface Commands {
  /** What may be known of the profile: none, locked or unlocked, and how long to wait for the next try. */
  profile_status: { params: null; result: ProfileStatus };
  /** How a passphrase stands while it is typed. */
  judge_passphrase: { params: JudgePassphrase; result: PassphraseJudgement };
  /** Reads a file with address, fingerprint and code, as an operator gives it. */
  read_enrolment_file: { params: ReadEnrolmentFile; result: EnrolmentPaper };
  /** Asks a server who it is, so that a person can compare its fingerprint. Nothing is trusted yet. */
  preview_enrolment: { params: PreviewEnrolment; result: ServerPreview };
  /** Enrols this laptop with a one-time code and opens the profile. */
  enrol: { params: Enrol; result: Enrolled };
  /** Gives up an enrolment that was broken off before the server's answer. */
  discard_enrolment: { params: null; result: null };
  /** Opens the profile with its passphrase. */
  unlock: { params: Unlock; result: Enrolled };
  /** Closes the files and wipes the keys. */
  lock: { params: null; result: LockResult };
  /** Sets another passphrase. The old one opens too until the new one has opened once. */
  change_passphrase: { params: ChangePassphrase; result: null };
  /** Makes the request that two operators answer when the passphrase is lost. */
  request_recovery: { params: RequestRecovery; result: RecoveryRequested };
  /** Takes the operators' answer, sets a new passphrase and opens the profile. No other passphrase opens from then on. */
  finish_recovery: { params: FinishRecovery; result: Enrolled };
  /** Fetches the log and the register, so that work can begin. */
  download: { params: null; result: SyncSummary };
  /** Sends what waits and fetches what is new; answers when it is done. */
  sync: { params: null; result: SyncSummary };
  /** Where the exchange stands and what waits. */
  sync_status: { params: null; result: SyncStatus };
  /** Every batch and photo that waits or was sent lately, with its state. */
  list_queue: { params: ListQueue; result: QueueList };
  /** Pauses the exchange that runs, or lets it go on. */
  pause_sync: { params: PauseSync; result: null };
  /** Ends the exchange that runs; nothing is lost. */
  stop_sync: { params: null; result: null };
  /** Writes what waits to a queue file for the server. */
  write_queue_file: { params: WriteQueueFile; result: QueueFileWritten };
  /** Takes a queue file that came back from the server. */
  take_queue_file: { params: TakeQueueFile; result: QueueFileTaken };
  /** The houses of a list in walking order, with their state. */
  list_today: { params: ListToday; result: TodayList };
  /** Moves a house to another place in its alley, in the order in which this officer walks it. Stays on this laptop. */
  move_house: { params: MoveHouse; result: HouseMoved };
  /** Walks an alley by number again, or by hand as before. */
  choose_walk: { params: ChooseWalk; result: WalkChosen };
  /** Where in a list a house stands, counted from 0. */
  locate_house: { params: LocateHouse; result: number | null };
  /** Finds people and houses by name without diacritics, number, telephone or address. */
  find: { params: Find; result: SearchResults };
  /** A household with its dwelling, members, marks, visits and corrections. */
  open_household: { params: OpenHousehold; result: HouseholdView };
  /** A person with every field, marks with reasons, residences, corrections and photos. */
  open_person: { params: OpenPerson; result: OpenedPerson };
  /** A visit with its amendments. */
  open_visit: { params: OpenVisit; result: VisitView };
  /** What was said of a person, a household, a dwelling, a visit or a correction, change by change. */
  show_history: { params: ShowHistory; result: Array<HistoryEntry> };
  /** A photo's bytes; fetched from the server where it is not here and there is a line. */
  get_photo: { params: GetPhoto; result: PhotoBytes };
  /** The officers of the unit with their areas. */
  list_officers: { params: null; result: Array<OfficerView> };
  /** Corrections that wait for a decision, the riskiest first, or one's own with what became of them. */
  list_corrections: { params: ListCorrections; result: CorrectionList };
  /** A correction with its decisions, its household and the proposals that contradict it. */
  open_correction: { params: OpenCorrection; result: OpenedCorrection };
  /** The hamlets and alleys of the houses a query names, in walking order, with how far the work there is. */
  show_coverage: { params: ShowCoverage; result: Array<AreaRow> };
  /** The register edition that is held; nothing before the first download. */
  show_edition: { params: null; result: EditionView | null };
  /** Records a visit, with corrections and who is as listed, saved together or not at all. */
  record_visit: { params: Once<RecordVisit>; result: VisitSaved };
  /** Records the ordinary visit: met at the door, everyone as listed. */
  record_ordinary_visit: { params: Once<RecordOrdinaryVisit>; result: VisitSaved };
  /** Records a visit again as it should have been. */
  amend_visit: { params: Once<AmendVisit>; result: Saved };
  /** How values of one field differ, while they are typed. */
  compare_values: { params: CompareValues; result: Comparison };
  /** Proposes another value for one field of the register. */
  propose_correction: { params: Once<ProposeCorrection>; result: CorrectionSaved };
  /** Takes back one's own proposal. */
  withdraw_correction: { params: Once<WithdrawCorrection>; result: Saved };
  /** Adds a person who is in no list. */
  add_person: { params: Once<AddPerson>; result: PersonSaved };
  /** Removes a person who died, moved away, is listed twice or never lived here. */
  remove_person: { params: Once<RemovePerson>; result: Saved };
  /** Moves a person to another household of the unit. */
  move_person: { params: Once<MovePerson>; result: Saved };
  /** A temporary residence has begun. */
  begin_temporary_residence: { params: Once<BeginTemporaryResidence>; result: Saved };
  /** A temporary residence has ended. */
  end_temporary_residence: { params: Once<EndTemporaryResidence>; result: Saved };
  /** Someone is away. */
  begin_absence: { params: Once<BeginAbsence>; result: Saved };
  /** Someone came back. */
  end_absence: { params: Once<EndAbsence>; result: Saved };
  /** Adds a dwelling that is in no list. */
  add_dwelling: { params: Once<DwellingInput>; result: DwellingSaved };
  /** Adds a household that is in no list. */
  add_household: { params: Once<AddHousehold>; result: HouseholdSaved };
  /** Parts a household: some of its people now live apart. */
  split_household: { params: Once<SplitHousehold>; result: HouseholdSaved };
  /** Attaches photos of a paper, with the legal reason for taking them. */
  attach_photo: { params: Once<AttachPhoto>; result: PhotosSaved };
  /** Writes a note on a person, a household or a dwelling. */
  write_note: { params: Once<WriteNote>; result: Saved };
  /** Takes back an everyday event. */
  withdraw_event: { params: Once<WithdrawEvent>; result: Saved };
  /** Approves, returns, holds, rejects or refers a correction. */
  review_correction: { params: Once<ReviewCorrection>; result: Saved };
  /** Takes back one's own decision. */
  withdraw_review: { params: Once<WithdrawReview>; result: Saved };
  /** Marks an approved correction as typed into the register. */
  mark_entered: { params: Once<MarkEntered>; result: Saved };
  /** Hands out houses to an officer, with a date, or takes them back. */
  assign_households: { params: Once<AssignHouseholds>; result: AssignedCount };
  /** Sets the area an officer answers for. */
  set_area: { params: Once<SetArea>; result: Saved };
  /** Language, theme, text size, idle time, stick. */
  get_settings: { params: null; result: Settings };
  /** Sets them; while the profile is locked only what the lock screen shows. */
  set_settings: { params: Settings; result: Settings };
  /** Communes of before July 2025 that this unit took over, and those that an address names. */
  find_old_units: { params: FindOldUnits; result: OldUnits };
  /** Lists that are the same for everyone: fields, ethnic groups. */
  list_choices: { params: null; result: Choices };
  /** Counts, versions and codes for whoever looks for a fault; nothing of any person. */
  write_diagnostics: { params: WriteDiagnostics; result: Diagnostics };
  /** Reads every page of the profile's files and its authentication code. */
  check_files: { params: null; result: null };
  /** Keeps what a screen has not saved yet. */
  save_draft: { params: SaveDraft; result: null };
  /** What a screen had not saved. */
  load_draft: { params: DraftKey; result: LoadedDraft };
  /** Forgets what a screen had not saved. */
  drop_draft: { params: DraftKey; result: null };
  /** What this host is, where the profile lies, how its device secret is kept, and the last lock. */
  window_info: { params: null; result: WindowInfo };
  /** Someone is there: said at most every 15 seconds, after a key, a click or a movement. */
  window_activity: { params: null; result: null };
  /** The page has kept what was being typed, as the window asked it to before locking. */
  window_drafts_kept: { params: null; result: null };
  /** Asks for a file to read, in the system's own dialog. */
  window_pick_file: { params: PickFile; result: PickedPath };
  /** Asks for a folder, in the system's own dialog. */
  window_pick_folder: { params: PickFolder; result: PickedPath };
  /** Asks where to write a file, in the system's own dialog; one that is there is replaced after a question. */
  window_pick_save_path: { params: PickSavePath; result: PickedPath };
}

/** Type 42. */
export type AbsenceBegun = { since: string | null, expected_return: string | null, destination: string | null,
/** Working, studying, treatment … in words. */
reason: string | null,
/** Who said so. */
told_by: string | null, phone: string | null, };

/** Type 43. */
export type AbsenceEnded = { date: string | null, note: string | null,
/** The `AbsenceBegun` that it ends; where absent, the latest before it. */
begun: ChangeId | null, };

/** A time away. */
export type AbsenceState = { change: ChangeId, author: OfficerId, since: string | null, expected_return: string | null, destination: string | null, reason: string | null, told_by: string | null, phone: string | null,
/** Set once it ended. */
ended: ChangeId | null, ended_on: string | null, };

/** A household that is in no list. */
export type AddHousehold = { dwelling: DwellingChoice,
/** Residence dossier number, where there is one. */
household_no?: string | null, };

/** Someone found at the door who is in no list. The full name is needed, everything else as far as it is known. */
export type AddPerson = { household: HouseholdId, fields: Partial<Record<Field, string>>, residence: ResidenceKind, since?: string | null, reason?: string | null, };

/** Where a household lives. All empty for one that only its visits tell of. */
export type Address = { dwelling: DwellingId | null, hamlet: string | null, alley: string | null, house_no: string | null, kind: string | null, lat_e6: number | null, lon_e6: number | null, };

/** A visit as it should have been recorded, whole. */
export type AmendVisit = { id: VisitId, visit: VisitInput, reason?: string | null, };

/** A failed command. */
export type AppError = { code: ErrorCode, params: { [key in string]: Param },
/** Empty until the error reaches the border. */
trace_id: string, };

/** A hamlet, or one alley of it. */
export type AreaPart = { hamlet: string, alley: string | null, };

/** The houses of one hamlet or alley. */
export type AreaRow = { hamlet: string | null, alley: string | null, houses: number, visited: number, done: number, assigned: number,
/** Houses whose place on the way was given by hand. */
moved: number, };

/** Type 56, on an officer: the area he answers for, whole. */
export type AreaSet = { parts: Array<AreaPart>, };

/** The latest time everyone was found as listed. */
export type AsListedState = { change: ChangeId, visit: VisitId, author: OfficerId, at_ms: number, };

/** Houses for one officer, or for nobody. */
export type AssignHouseholds = { households: Array<HouseholdId>, officer?: OfficerId | null,
/** `dd/mm/yyyy`, today or later. */
due?: string | null, note?: string | null, };

/** Type 55: a house, its owner, its date. Without an officer the house is nobody's. */
export type Assigned = { officer: OfficerId | null,
/** `dd/mm/yyyy`. */
due: string | null, note: string | null, };

/** How many houses were handed out, in one transaction. */
export type AssignedCount = { households: number, };

/** Whose work this house is. */
export type AssignmentState = { change: ChangeId, officer: OfficerId, due: string | null, note: string | null, assigned_by: OfficerId, };

/** The photos of one paper of a person, a household or a dwelling. Without a legal reason there is no photo: an officer must reuse what databases hold (Luật Cư trú as amended by Luật 118/2025). */
export type AttachPhoto = { entity: EntityRef, photos: Array<PhotoSource>,
/** `id_card`, `birth_certificate`, `household_book`, … an editable list. */
document_kind: string, document_number?: string | null, document_date?: string | null, reason?: PhotoReason | null,
/** Needed for `other`. */
reason_text?: string | null, visit?: VisitId | null, };

/** Where a batch stands. */
export type BatchStanding = "sealed" | "stored" | "forked" | "quarantined" | "replaced";

/** Someone who is away. Dates are partial dates. */
export type BeginAbsence = { person: PersonId, since?: string | null, expected_return?: string | null, destination?: string | null, reason?: string | null, told_by?: string | null, phone?: string | null, };

/** A temporary residence that has begun. Dates are partial dates. */
export type BeginTemporaryResidence = { person: PersonId, household: HouseholdId, since?: string | null, until?: string | null,
/** Whether it is registered with the police. */
registered: boolean, note?: string | null, };

/** The body of a change: names, values, notes. Everything personal is here and only here. */
export type Body = { "type": "visit_recorded" } & VisitRecorded | { "type": "visit_amended" } & VisitAmended | { "type": "everyone_as_listed" } & EveryoneAsListed | { "type": "correction_proposed" } & CorrectionProposed | { "type": "correction_withdrawn" } & CorrectionWithdrawn | { "type": "correction_reviewed" } & CorrectionReviewed | { "type": "review_withdrawn" } & ReviewWithdrawn | { "type": "correction_entered" } & CorrectionEntered | { "type": "correction_confirmed" } & CorrectionConfirmed | { "type": "person_added" } & PersonAdded | { "type": "person_removed" } & PersonRemoved | { "type": "person_moved" } & PersonMoved | { "type": "person_linked" } & PersonLinked | { "type": "dwelling_added" } & DwellingAdded | { "type": "household_added" } & HouseholdAdded | { "type": "household_split" } & HouseholdSplit | { "type": "temporary_residence_begun" } & TemporaryResidenceBegun | { "type": "temporary_residence_ended" } & TemporaryResidenceEnded | { "type": "absence_begun" } & AbsenceBegun | { "type": "absence_ended" } & AbsenceEnded | { "type": "photo_attached" } & PhotoAttached | { "type": "note_written" } & NoteWritten | { "type": "assigned" } & Assigned | { "type": "area_set" } & AreaSet | { "type": "event_withdrawn" } & EventWithdrawn | { "type": "edition_published" } & EditionPublished | { "type": "edition_undone" } & EditionUndone | { "type": "erased" } & Erased | { "type": "device_revoked" } & DeviceRevoked | { "type": "officer_listed" } & OfficerListed | { "type": "policy_set" } & PolicySet;

/** A device's sequence of batches for one unit. */
export type ChainId = string;

/** One signed fact. */
export type ChangeId = string;

/** The outcome of one change. */
export type ChangeOutcome = { change: ChangeId, outcome: Outcome, };

/** The passphrase that opens now, and the one that shall. */
export type ChangePassphrase = { old: Secret, new: Secret, };

/** Lists that are the same for everyone. */
export type Choices = { fields: Array<FieldInfo>, ethnic_groups: Array<EthnicGroupInfo>, };

/** A hamlet and alley, and whether it is walked as it was ordered by hand or by number. */
export type ChooseWalk = { hamlet?: string | null, alley?: string | null, by_hand: boolean, };

/** Values of one field from two or three sources. */
export type CompareValues = { field: Field, register_value?: string | null, paper_value?: string | null, statement_value?: string | null, proposed_value?: string | null, };

/** How each stands to the register, and what is wrong with the proposed one. */
export type Comparison = { paper: Difference, statement: Difference, proposed: Difference,
/** Why the proposed value would be refused, if it would. */
refusal: AppError | null, };

/** The latest meeting or call. */
export type ContactState = { at_ms: number, by: OfficerId, kind: VisitKind, };

/** Type 15: a later edition shows the proposed value. */
export type CorrectionConfirmed = { edition: number, };

/** Type 14: someone typed it into the register. */
export type CorrectionEntered = {
/** `dd/mm/yyyy`. */
entered_on: string | null, note: string | null, };

/** How far corrections have come. */
export type CorrectionFilter = "open" | "approved" | "entered" | "returned" | "referred" | "unsettled" | "settled";

/** A proposal to change one field of the register. */
export type CorrectionId = string;

/** Corrections, the riskiest first. */
export type CorrectionList = { count: number, corrections: Array<CorrectionRow>, };

/** Type 10. The base is what the officer saw: `register_value` of the header's edition. */
export type CorrectionProposed = { subject: Subject, subject_id: EntityId,
/** The household at whose door it was found. */
household: HouseholdId | null, field: Field, register_value: string | null, paper_value: string | null, statement_value: string | null,
/** `None` proposes an empty column. */
proposed_value: string | null, reason: string | null, evidence: Array<Evidence>, visit: VisitId | null, };

/** Which corrections. An absent part asks for all. */
export type CorrectionQuery = { only: CorrectionFilter | null, proposed_by: OfficerId | null, household: HouseholdId | null,
/** A person, a household or a dwelling. */
subject: EntityId | null, };

/** Type 12. */
export type CorrectionReviewed = { decision: Decision,
/** Required for `return` and `reject`. */
reason: string | null,
/** Required for `refer`. */
office: string | null,
/** `dd/mm/yyyy`, for `refer`. */
answer_by: string | null,
/** The register value that the reviewer saw. */
register_value: string | null, };

/** One correction in a list. */
export type CorrectionRow = { correction: CorrectionId, state: CorrectionState, proposed_by_name: string | null,
/** The person whom it is about, where it is about one. */
subject_name: string | null, subject_id_number: string | null, address: Address,
/** What the register says today. */
register_value: string | null,
/** The register says something else than what its proposer saw. */
register_moved: boolean,
/** How what the register says today differs from what is proposed; `null` while the proposal has not arrived. */
difference: Difference | null,
/** Photos of its evidence that are not on this laptop yet. */
photos_missing: number,
/** Open proposals for the same field with another value. */
conflicts: number, needs_two_people: boolean, };

/** A proposal with its change. */
export type CorrectionSaved = { change: ChangeId, proposed: Proposed, };

/** A correction as it stands. */
export type CorrectionState = { stage: Stage,
/** `None` where it has not arrived or was erased. */
proposal: CorrectionProposed | null, proposed_by: OfficerId | null, proposed_on: DeviceId | null, proposed_ms: number | null, proposed_at: Position | null,
/** Edition and log index that its author had. */
base_edition: number, base_seen: number, reviews: Array<ReviewState>, withdrawal_reason: string | null, entered_by: OfficerId | null, confirmed_edition: number | null, outcomes: Array<ChangeOutcome>, };

/** Type 11, by its author. */
export type CorrectionWithdrawn = { reason: string | null, };

/** What a supervisor decides. */
export type Decision = "approve" | "return" | "hold" | "reject" | "refer";

/** One installation of the server. */
export type DeploymentId = string;

/** One enrolled profile on one laptop, or the server itself. */
export type DeviceId = string;

/** Type 73, on the device. */
export type DeviceRevoked = {
/** `lost`, `replaced`, `transferred`, `left`, `other`. */
cause: string,
/** Its chains as they stood: what stands at or below them is never late. */
chains: Array<RevokedChain> | null, };

/** Where the device secret lies. */
export type DeviceSecretPlace = "os_keystore" | "key_file";

/** What helps to find a fault, and nothing of any person: counts, versions, codes. */
export type Diagnostics = { made_ms: number, app_version: string, built_ms: number, system: string, architecture: string, unit_code: string, device: DeviceId, role: Role, device_secret_in_keystore: boolean, is_syncing: boolean, last_sync: LastSync | null, queue: QueueStatus, work_file_bytes: number, photo_file_bytes: number, schema_version: number, };

/** The class of a difference, mildest first. */
export type Difference = "both_empty" | "identical" | "case" | "encoding" | "tone_placement" | "less_precise" | "missing_in_register" | "only_in_register" | "diacritics_only" | "spelling" | "different";

/** The key of a draft. */
export type DraftKey = { key: string, };

/** Type 30. */
export type DwellingAdded = { hamlet: string, alley: string | null, house_no: string | null,
/** `house`, `rented_room`, `apartment`, `workplace` or `other`. */
kind: string | null,
/** WGS 84, millionths of a degree. */
lat_e6: number | null,
/** WGS 84, millionths of a degree. */
lon_e6: number | null, };

/** Where a new household lives. */
export type DwellingChoice = { "known": DwellingId } | { "new": DwellingInput };

/** A dwelling: a place people live in. */
export type DwellingId = string;

/** A place people live in. Coordinates are WGS 84 in millionths of a degree. */
export type DwellingInput = { hamlet: string, alley?: string | null, house_no?: string | null,
/** `house`, `rented_room`, `apartment`, `workplace` or `other`. */
kind?: string | null, lat_e6?: number | null, lon_e6?: number | null, };

/** A dwelling that is in no list. */
export type DwellingSaved = { dwelling: DwellingId, change: ChangeId, };

/** A dwelling as it stands. */
export type DwellingState = {
/** Whether the edition holds it. */
in_register: boolean, hamlet: string, alley: string | null, house_no: string | null, kind: string | null, lat_e6: number | null, lon_e6: number | null, notes: Array<NoteState>, photos: Array<PhotoState>, outcomes: Array<ChangeOutcome>, };

/** Type 70, on the unit. */
export type EditionPublished = {
/** Dense per unit from 1. */
edition: number, label: string, people: number, };

/** Type 71, on the unit: an import taken back; the edition before it holds again. */
export type EditionUndone = { edition: number, };

/** The edition that is held. */
export type EditionView = { edition: number, label: string, people: number, households: number, dwellings: number, made_ms: number, taken_ms: number, };

/** Someone who came back. */
export type EndAbsence = { person: PersonId, date?: string | null, note?: string | null, };

/** The end of a temporary residence: of the one that `begun` began, or of the register's. */
export type EndTemporaryResidence = { person: PersonId, begun?: ChangeId | null, date?: string | null, };

/** What stands on the paper, compared by a person, and the passphrase that will open this laptop. */
export type Enrol = { server: string, fingerprint: string, code: string, passphrase: Secret, };

/** The profile that is open from now on. */
export type Enrolled = { profile: ProfileView, server: string, };

/** What stands in it, for the parameters of `enrol`. */
export type EnrolmentPaper = { server: string, fingerprint: string, code: string, };

/** The bare id of any entity, read together with its `EntityKind`. */
export type EntityId = string;

/** What an entity id names. */
export type EntityKind = "person" | "household" | "dwelling" | "visit" | "correction" | "officer" | "device" | "unit" | { "other": number };

/** One entity. */
export type EntityRef = { kind: EntityKind, id: EntityId, };

/** Type 72: these bodies and photos are gone for ever, and with `register_rows` what the register said of these people. Holds ids only, and is itself never erased. */
export type Erased = { basis: ErasureBasis, changes: Array<ChangeId>, photos: Array<PhotoHash>,
/** People whose register rows go too. */
register_rows: Array<PersonId>, };

/** Why something was erased. */
export type ErasureBasis = "retention_ended" | "resident_request" | "wrong_person";

/** Every way a command can fail, and the only place where they are named. Grown when a caller needs one; never renamed, for each has words in every language. */
export type ErrorCode = "unknown_command" | "params_invalid" | "internal" | "not_enrolled" | "already_enrolled" | "profile_locked" | "already_unlocked" | "profile_in_use" | "role_not_allowed" | "not_in_browser" | "not_found" | "already_saved" | "change_too_large" | "field_required" | "value_not_allowed" | "text_too_long" | "text_control_character" | "text_bidi_control" | "text_invisible_character" | "text_unreadable_character" | "date_wrong_form" | "date_impossible" | "date_not_a_day" | "date_in_future" | "date_in_past" | "id_number_not_twelve_digits" | "old_cmnd_not_nine_digits" | "visit_ends_before_it_starts" | "nobody_met" | "not_of_this_household" | "correction_changes_nothing" | "correction_not_open" | "not_your_own" | "own_proposal" | "cannot_be_withdrawn" | "not_absent" | "already_absent" | "already_removed" | "same_household" | "walk_elsewhere" | "too_many" | "photo_empty" | "photo_too_large" | "photo_not_an_image" | "photo_reason_required" | "photo_missing" | "photo_erased" | "file_not_found" | "file_unreadable" | "file_not_writable" | "file_exists" | "path_not_allowed" | "file_empty" | "file_too_large" | "enrolment_file_unreadable" | "enrolment_code_wrong_form" | "fingerprint_wrong_form" | "queue_file_unreadable" | "queue_file_damaged" | "queue_file_not_for_us" | "queue_file_other_server" | "wrong_passphrase" | "wait_before_retry" | "supervisor_needed" | "passphrase_too_short" | "passphrase_too_common" | "passphrases_equal" | "out_of_memory" | "slot_missing" | "slot_damaged" | "device_secret_missing" | "device_secret_store" | "recovery_not_started" | "recovery_file_damaged" | "recovery_answer_wrong" | "disk_full" | "disk_failed" | "database_busy" | "database_damaged" | "database_missing" | "database_too_new" | "address_wrong" | "plain_http_refused" | "fingerprint_mismatch" | "server_unreachable" | "line_cut" | "server_timed_out" | "certificate_wrong" | "certificate_name" | "certificate_expired" | "tls_failed" | "redirect_refused" | "login_page" | "answered_html" | "wrong_content_type" | "answer_too_large" | "answer_unreadable" | "answer_not_signed" | "server_busy" | "server_disk_full" | "server_failed" | "server_refused" | "sync_running" | "sync_stopped" | "update_needed" | "code_refused" | "code_expired" | "code_exhausted" | "code_used" | "device_revoked" | "device_unknown" | "unit_forbidden" | "role_forbidden" | "edition_missing";

/** One of the state's list of ethnic groups. */
export type EthnicGroupInfo = { code: string, name: string, };

/** Type 60: takes back an everyday event of the same entity (a removal, a move, an absence, a note, a photo …). Corrections and reviews have their own. */
export type EventWithdrawn = { change: ChangeId, reason: string | null,
/** Every entity that the withdrawn change touched: they are folded again without it. */
touched: Array<EntityRef>, };

/** Type 3: each person is present and every core field was said to be right, in a meeting. */
export type EveryoneAsListed = { visit: VisitId, persons: Array<PersonId>, };

/** What proves a value: a paper seen, and where there is one its photo and the rectangle of it. */
export type Evidence = { paper: PaperRef, photo: PhotoHash | null,
/** `[left, top, width, height]` in ten-thousandths of the photo's sides. */
rectangle: [number, number, number, number] | null,
/** The crop, a photo of its own. */
crop: PhotoHash | null, };

/** A paper that proves the value, and where it was photographed the photo and the rectangle of it. */
export type EvidenceInput = { paper: PaperInput,
/** Attached before, with its legal reason. */
photo?: PhotoHash | null,
/** `[left, top, width, height]` in ten-thousandths of the photo's sides. */
rectangle?: [number, number, number, number] | null,
/** The crop, a picture of its own: it travels before the whole photo. */
crop?: PhotoSource | null, };

/** One field of the register. Numbers are wire: do not modify, only add. */
export type Field = "id_number" | "old_cmnd" | "full_name" | "other_name" | "birth_date" | "sex" | "ethnic_group" | "religion" | "nationality" | "blood_group" | "marital_status" | "birth_place" | "birth_registration_place" | "hometown" | "father_name" | "mother_name" | "spouse_name" | "relationship_to_head" | "permanent_address" | "card_issued" | "card_expires" | "eid_level" | "phone" | "death_date" | "residence_kind" | "residence_since" | "residence_until" | "household_no" | "hamlet" | "alley" | "house_no" | "dwelling_kind" | "latitude" | "longitude";

/** A field that can be corrected. */
export type FieldInfo = { field: Field, subject: Subject,
/** Its column in the register's extract. */
column: string,
/** Unless the unit's policy says otherwise. */
needs_two_people: boolean, };

/** Kinds of files that are offered, in the screen's own words. */
export type FileKind = { name: string,
/** Without dots: `json`, `tnq`. */
extensions: Array<string>, };

/** What stands in the search box. */
export type Find = { text: string, limit: number, };

/** An address as a paper or the register writes it. */
export type FindOldUnits = { address?: string | null, };

/** The operators' answer, as a file or as base64, and the new passphrase. */
export type FinishRecovery = { path?: string | null, answer_base64?: string | null, new_passphrase: Secret, };

/** The photo. */
export type GetPhoto = { photo: PhotoHash, };

/** One change in a history. */
export type HistoryEntry = { change: ChangeId,
/** A number of `domain::change::kind`. */
kind: number, entity: EntityRef, author: OfficerId, author_name: string | null, device: DeviceId,
/** The author's clock. */
at_ms: number,
/** The server's, once it was received. */
received_ms: number | null, position: Position,
/** `None` once erased, or where only a later version can read it. */
body: Body | null,
/** Why it does not count, where the fold says so. */
outcome: Outcome | null,
/** The number of the verdict by which the server refused it. */
verdict: number | null, };

/** Where the work on a house stands. */
export type HouseFilter = "to_do" | "done" | "never_visited" | "unassigned";

/** A house found. */
export type HouseHit = { household: HouseholdId, household_no: string | null, address: Address, head_name: string | null, people: number, };

/** The four marks of a house: of each the worst among those who live there. */
export type HouseMarks = { correct: MarkState, complete: MarkState, clean: MarkState, alive: MarkState, };

/** The house stands there now, with every household of its dwelling. */
export type HouseMoved = {
/** Where it stood: what takes the move back. */
was: WalkPlace, };

/** How far the work on some houses is. */
export type HouseProgress = { houses: number, done: number, visited: number,
/** Assigned, due before today and not done. */
overdue: number, };

/** Which houses. An absent part asks for all. */
export type HouseQuery = { officer: OfficerId | null,
/** An empty text asks for houses that have none. */
hamlet: string | null,
/** An empty text asks for houses that have none. */
alley: string | null, only: HouseFilter | null, };

/** One house in a list. */
export type HouseRow = { household: HouseholdId, household_no: string | null, address: Address, head_name: string | null, people: number, officer: OfficerId | null,
/** `dd/mm/yyyy`. */
due: string | null, assignment_note: string | null,
/** Visits without meeting anyone since the last one that met someone. */
attempts: number, last_outcome: VisitOutcome | null, last_visit_ms: number | null,
/** `dd/mm/yyyy`. */
next_visit: string | null, open_corrections: number, returned_corrections: number, marks: HouseMarks,
/** Its place on the way was given by hand. */
is_moved: boolean, };

/** Type 31. */
export type HouseholdAdded = { dwelling: DwellingId, household_no: string | null, };

/** A household. */
export type HouseholdId = string;

/** The household that was saved and its dwelling. */
export type HouseholdSaved = { household: HouseholdId, dwelling: DwellingId, change: ChangeId, };

/** Type 32, on the new household: these people now live apart from the old one. */
export type HouseholdSplit = { from: HouseholdId, dwelling: DwellingId, persons: Array<PersonId>, head: PersonId | null, household_no: string | null, };

/** A household as it stands. */
export type HouseholdState = {
/** Whether the edition holds it. */
in_register: boolean,
/** `None` for one that the register dropped and nobody founded: its visits stay to be read. */
dwelling: DwellingId | null,
/** The head that a split named. */
head: PersonId | null, household_no: string | null,
/** The household it was split from. */
split_from: HouseholdId | null, assignment: AssignmentState | null,
/** By the time they ended, oldest first. */
visits: Array<HouseholdVisit>, as_listed: AsListedState | null, notes: Array<NoteState>, photos: Array<PhotoState>, outcomes: Array<ChangeOutcome>, };

/** One household as a screen shows it. */
export type HouseholdView = { household: HouseholdId, state: HouseholdState, dwelling: DwellingState | null,
/** Other households of the same dwelling. */
neighbours: Array<HouseholdId>,
/** The head first, then who lives there by age, then who left. */
members: Array<PersonView>,
/** The latest first. */
visits: Array<VisitView>,
/** Found at this door, or of one who lives here; the riskiest first. */
corrections: Array<CorrectionRow>, };

/** One visit, in short. */
export type HouseholdVisit = { visit: VisitId, author: OfficerId, outcome: VisitOutcome, ended_ms: number, next_visit: string | null, };

/** A passphrase while it is typed. */
export type JudgePassphrase = { passphrase: Secret, };

/** So many changes of one type. */
export type KindCount = { kind: number, changes: number, };

/** How the last exchange ended. */
export type LastSync = { ended_ms: number, summary: SyncSummary | null, error: AppError | null, };

/** The law that a finding rests on; the screens hold its words. */
export type LawKey = "nd_137_2015" | "luat_26_2023" | "luat_68_2020";

/** Which corrections, and which stretch of the list. */
export type ListCorrections = { query: CorrectionQuery, offset: number, limit: number, };

/** Which stretch of the batches. */
export type ListQueue = { offset: number, limit: number, };

/** Which houses, and which stretch of the list. */
export type ListToday = { query: HouseQuery, offset: number, limit: number, };

/** The draft, `null` where there is none. */
export type LoadedDraft = { value: unknown, };

/** A house among those of a list. */
export type LocateHouse = { query: HouseQuery, household: HouseholdId, };

/** Why the profile was locked. */
export type LockCause = "asked" | "idle" | "sleep";

/** The profile is locked, whatever stands here. */
export type LockResult = {
/** The queue file that was written, where a stick folder is set and there was unsent work. */
stick_file: string | null, stick_error: AppError | null, };

/** A lock that has happened since the window opened. */
export type Locked = { cause: LockCause, at_ms: number,
/** What was written to the stick; `null` where the files did not close in order, as after a failing disk. */
result: LockResult | null, };

/** One mark. `reasons` is empty exactly where the mark is lit. */
export type Mark = { state: MarkState, reasons: Array<Reason>, };

/** Someone typed an approved correction into the register. */
export type MarkEntered = { correction: CorrectionId,
/** `dd/mm/yyyy`, not later than today. */
entered_on?: string | null, note?: string | null, };

/** What the marks of a person rest on beside his own record. */
export type MarkFacts = {
/** Fields of which the register is said to be wrong, and nothing has settled it. */
open_discrepancies: Array<Field>,
/** Fields whose present value a meeting or a paper confirmed. */
confirmed: Array<Field>, others_with_same_id_number: number, last_met_ms: number | null, };

/** Whether a mark is lit, and if not, what kind of work would light it. */
export type MarkState = "lit" | "incomplete" | "wrong";

/** The four marks of one person on one day. */
export type Marks = {
/** Đúng: no open discrepancy, and the core fields confirmed by a paper or a meeting. */
correct: Mark,
/** Đủ: every applicable column filled ([`need_of`]). */
complete: Mark,
/** Sạch: no impossible or contradictory value, no other person with the same number. */
clean: Mark,
/** Sống: met in person or by phone within the unit's number of days. */
alive: Mark, };

/** Which house, and where it shall stand. A neighbour must be in the same hamlet and alley. */
export type MoveHouse = { household: HouseholdId, to: WalkPlace, };

/** Someone who moved from one household of the unit to another. */
export type MovePerson = { person: PersonId, to: HouseholdId, date?: string | null, };

/** A note as it stands. */
export type NoteState = { change: ChangeId, author: OfficerId, written_ms: number, text: string, };

/** Type 51. */
export type NoteWritten = { text: string, };

/** A person who works with the system; never a resident. */
export type OfficerId = string;

/** Type 74, on the officer: who works in this unit. */
export type OfficerListed = { name: string, role: Role, active: boolean, };

/** An officer as the unit's log knows him. */
export type OfficerState = { name: string | null, role: Role | null, active: boolean, area: Array<AreaPart>, };

/** One officer. */
export type OfficerView = { officer: OfficerId, state: OfficerState, assigned_houses: number, };

/** A commune of before July 2025, and which of today took it over: the largest part first. */
export type OldUnit = {
/** With its kind: `Xã Tân Phước`. */
name: string, district: string, province: string,
/** With its province: `Xã Đồng Tâm, Tỉnh Đồng Nai`. */
today: Array<string>, };

/** Old communes, by the state's list of successions. */
export type OldUnits = {
/** Of which this unit took over all or part. */
of_this_unit: Array<OldUnit>,
/** Which the address names: several where it does not say its district, none where it is in today's names. */
named: Array<OldUnit>, };

/** The parameters of a command that makes something. Asked again with the same `once`, it saves nothing more and gives the same answer. */
export type Once<P> = P & { once?: ChangeId | null, };

/** The correction. */
export type OpenCorrection = { correction: CorrectionId, };

/** The household. */
export type OpenHousehold = { household: HouseholdId, };

/** The person. */
export type OpenPerson = { person: PersonId, };

/** The visit. */
export type OpenVisit = { visit: VisitId, };

/** A correction with what a decision needs beside it. */
export type OpenedCorrection = { correction: CorrectionRow,
/** Where it was found, or where its person lives. */
household: HouseholdView | null,
/** Other proposals for the same field of the same subject. */
rivals: Array<CorrectionRow>, };

/** A person with what is in dispute. */
export type OpenedPerson = { view: PersonView, corrections: Array<CorrectionRow>, };

/** Why a change does or does not count. A change without an entry counts. */
export type Outcome = "counted" | "overruled" | "own_proposal" | "same_person" | "not_allowed" | "withdrawn" | "waits";

/** A paper that was seen. */
export type PaperInput = {
/** `id_card`, `birth_certificate`, … an editable list. */
kind: string, number?: string | null, date?: string | null, };

/** The paper a value was read from. */
export type PaperRef = { kind: string, number: string | null,
/** Partial date as text. */
date: string | null, };

/** A parameter of an error. */
export type Param = number | string;

/** How it stands and whether it would be taken. */
export type PassphraseJudgement = { strength: Strength, is_accepted: boolean, minimum_chars: number, };

/** Whether the exchange that runs is to wait. */
export type PauseSync = { paused: boolean, };

/** Type 20: found at the door and in no list. The id is random; `PersonLinked` may join it to the register's later. */
export type PersonAdded = { household: HouseholdId, fields: Partial<Record<Field, string>>, residence: ResidenceKind, since: string | null,
/** Born, moved in, never registered … in words. */
reason: string | null, };

/** A person found. */
export type PersonHit = { person: PersonId, full_name: string | null, birth_date: string | null, sex: string | null, id_number: string | null, presence: Presence, is_head: boolean, household: HouseholdId | null, address: Address, };

/** A person, given once by the server at import, or at random at the door. */
export type PersonId = string;

/** Type 23, on the person found at the door: the register now holds him under this id. */
export type PersonLinked = { register_person: PersonId, };

/** Type 22: between two households of the unit. */
export type PersonMoved = { from: HouseholdId, to: HouseholdId, date: string | null, };

/** Type 21. */
export type PersonRemoved = { cause: RemovalCause, date: string | null, destination: string | null, duplicate_of: PersonId | null, note: string | null, };

/** The person's id: random, until the register knows the person. */
export type PersonSaved = { person: PersonId, change: ChangeId, };

/** A person as it stands. */
export type PersonState = { presence: Presence, in_register: boolean,
/** Where the person lives now; `None` for one who is gone. */
household: HouseholdId | null, fields: Partial<Record<Field, string>>, residences: Array<ResidenceState>, removal: RemovalState | null,
/** The id the register gave him. */
linked_to: PersonId | null,
/** Oldest first; the last one is open where `ended` is `None`. */
absences: Array<AbsenceState>, last_contact: ContactState | null,
/** When the core fields were last said to be right, in a meeting. */
confirmed_ms: number | null, notes: Array<NoteState>, photos: Array<PhotoState>, outcomes: Array<ChangeOutcome>, };

/** One person as a screen shows him. */
export type PersonView = { person: PersonId, state: PersonState,
/** Columns of the extract that the product does not name, `[column, value]`. */
others: Array<[string, string]>,
/** Ids given at the door that the register knows by this one. */
given_at_door: Array<PersonId>, facts: MarkFacts, marks: Marks, };

/** Type 50: the photos that the header names, of one paper of this entity. */
export type PhotoAttached = {
/** `id_card`, `birth_certificate`, `household_book`, … an editable list. */
document_kind: string, document_number: string | null, document_date: string | null, reason: PhotoReason, reason_text: string | null, visit: VisitId | null, };

/** A photo's bytes. */
export type PhotoBytes = { media_type: string, base64: string, };

/** SHA-256 of a photo's bytes: its name everywhere. */
export type PhotoHash = string;

/** Why a paper was photographed (Luật Cư trú as amended by Luật 118/2025: reuse what databases hold; a photo needs a recorded reason). */
export type PhotoReason = "discrepancy" | "missing_in_register" | "resident_request" | "other";

/** A photo that a change names: content hash, size in bytes, media type. */
export type PhotoRef = { hash: PhotoHash, bytes: number,
/** `image/jpeg`, `image/png` or `image/webp`. */
media_type: string, };

/** Where a photo comes from. */
export type PhotoSource = { "path": string } | { "base64": string };

/** The photos of one paper as they stand. */
export type PhotoState = { change: ChangeId, author: OfficerId, attached_ms: number, photos: Array<PhotoRef>, paper: PhotoAttached, };

/** The photos that were saved, in the order in which they were given. */
export type PhotosSaved = { change: ChangeId, photos: Array<PhotoRef>, };

/** Asks a person for a file to read. The words are the screen's. */
export type PickFile = { title: string, kinds: Array<FileKind>, };

/** Asks a person for a folder. */
export type PickFolder = { title: string, };

/** Asks a person where to write a file. */
export type PickSavePath = { title: string,
/** Offered as the file's name. */
file_name: string, kinds: Array<FileKind>, };

/** What was chosen; `null` where the person thought better of it. */
export type PickedPath = { path: string | null, };

/** Type 75, on the unit: holds from its place in the log on. */
export type PolicySet = {
/** Fields whose correction needs two approvals. */
two_people: Array<Field>,
/** Days after which a person counts as not seen. */
alive_days: number, };

/** The order that counts: the log first, by index and sequence; then this device's own pending changes. */
export type Position = { "logged": { index: number, sequence: number, } } | { "pending": { sequence: number, } };

/** Where a person stands. */
export type Presence = "listed" | "added_at_door" | "linked" | "removed" | "gone";

/** Where a server is said to be. */
export type PreviewEnrolment = { server: string, };

/** How far the profile of this folder is. */
export type ProfileState = "none" | "enrolment_begun" | "locked" | "unlocked";

/** What may be known of the profile. While it is locked: nothing of anyone. */
export type ProfileStatus = { state: ProfileState,
/** How long the next try at the passphrase has to wait; 0 for not at all. */
wait_ms: number,
/** Too many wrong passphrases: only a recovery opens it. */
supervisor_needed: boolean, device_secret: DeviceSecretPlace, minimum_passphrase_chars: number, app_version: string,
/** While it is unlocked. */
profile: ProfileView | null, server: string | null, };

/** What screens show of a profile. */
export type ProfileView = { device: DeviceId, unit: Unit, unit_name: string, officer: OfficerId, officer_name: string, role: Role, };

/** A proposal to change one field. What the register says is read here, not taken from the screen. */
export type ProposeCorrection = { subject: Subject, subject_id: EntityId, field: Field, paper_value?: string | null, statement_value?: string | null,
/** Empty or absent proposes an empty column. */
proposed_value?: string | null, reason?: string | null, evidence?: Array<EvidenceInput>, household?: HouseholdId | null, visit?: VisitId | null, };

/** The proposal that was saved. */
export type Proposed = { correction: CorrectionId, register_value: string | null, difference: Difference,
/** The unit's policy asks for two approvals. */
needs_two_people: boolean, };

/** One own batch. */
export type QueueBatch = { chain: ChainId, first_sequence: number, last_sequence: number,
/** What is in it, the most frequent first. */
kinds: Array<KindCount>, standing: BatchStanding, sealed_ms: number, transfer_bytes: number | null, log_index: number | null, receipted_ms: number | null, refused: Array<RefusedChange>, };

/** What was in it and what it did. */
export type QueueFileTaken = { receipts: number, log_entries_read: number,
/** The register edition that was taken in. */
edition: number | null, erased: number,
/** Photos that the server said it holds. */
photos_stored: number,
/** Lines of the access log that the server said it holds. */
access_entries_stored: number,
/** The server was restored from a backup: the next queue file carries everything that is held here. Write it, hand it in, and take the file that comes back. */
server_restored: boolean,
/** Another laptop goes by this device's name, or this one was set back: a new chain was opened, nothing was lost. */
chain_renewed: boolean,
/** Batches that the server misses before others that it was given: the next queue file carries them again. */
batches_missing: boolean,
/** Parts that did not hold or did not fit; the rest was taken. */
refused_parts: number, whole_parts: number,
/** Nothing of what was written is missing. */
is_complete: boolean, };

/** What is in it. */
export type QueueFileWritten = { path: string, batches: number, photos: number, bytes: number, };

/** What waits and what came back. */
export type QueueList = { status: QueueStatus,
/** The latest first. */
batches: Array<QueueBatch>, photos: Array<WaitingPhoto>, };

/** The status line: what waits, and when the last receipt came. */
export type QueueStatus = {
/** Changes that no receipt answers yet. */
changes_waiting: number, batches_waiting: number, photos_waiting: number, photo_bytes_waiting: number, access_waiting: number,
/** By the server's clock. */
last_receipt_ms: number | null, last_receipt_index: number | null,
/** Own changes that the server refused. */
refused: number, quarantined_batches: number,
/** Changes of later versions, which wait for the upgrade. */
not_understood: number,
/** What was erased is out of every list, and not yet out of the files: the disk had no room for it. */
erasure_unfinished: boolean, feed_index: number, log_head: number, edition: number, edition_in_force: number, };

/** A file that an operator gave. */
export type ReadEnrolmentFile = { path: string, };

/** A finding with the law it rests on, where it rests on one. In JSON `{code, params, source}`. */
export type Reason = { source: LawKey | null, } & ({ "code": "discrepancy_open", "params": { field: Field, } } | { "code": "core_field_unconfirmed", "params": { field: Field, } } | { "code": "field_missing", "params": { field: Field, } } | { "code": "id_number_not_twelve_digits", "params": { length: number, } } | { "code": "id_number_sex_mismatch", "params": { number_says: Sex, recorded: Sex, } } | { "code": "id_number_birth_year_mismatch", "params": { number_says: number, recorded: number, } } | { "code": "id_number_province_unknown", "params": { province_code: string, } } | { "code": "id_number_province_mismatch", "params": { province_code: string, name_before: string, name: string, } } | { "code": "id_number_shared", "params": { others: number, } } | { "code": "old_cmnd_not_nine_digits", "params": { length: number, } } | { "code": "field_date_wrong_form", "params": { field: Field, } } | { "code": "field_date_impossible", "params": { field: Field, } } | { "code": "date_in_future", "params": { field: Field, } } | { "code": "dates_out_of_order", "params": { earlier: Field, later: Field, } } | { "code": "birth_too_long_ago", "params": { years: number, } } | { "code": "digit_in_name", "params": { field: Field, } } | { "code": "symbol_in_name", "params": { field: Field, code_point: string, } } | { "code": "value_unknown", "params": { field: Field, } } | { "code": "phone_wrong_form" } | { "code": "never_met" } | { "code": "met_too_long_ago", "params": { days: number, limit: number, } } | { "code": "met_after_death" });

/** The ordinary visit in one key: met at the door, everyone who lives here is as listed. */
export type RecordOrdinaryVisit = { household: HouseholdId, started_ms: number, };

/** A visit with what was found at it, saved together or not at all. */
export type RecordVisit = { visit: VisitInput,
/** People who are present and whose core fields were said to be right, in this meeting. */
as_listed?: Array<PersonId>, corrections?: Array<ProposeCorrection>, };

/** The request for the operators. It holds no secret; its fingerprint is compared by voice. */
export type RecoveryRequested = { request_base64: string, path: string | null, fingerprint: string, };

/** An own change that the server refused, and why. */
export type RefusedChange = { change: ChangeId, kind: number,
/** The number of the verdict on the wire. */
verdict: number, entity: EntityRef,
/** Whom it is about, where someone here is. */
person: PersonId | null,
/** The house that it leads to, where it is here. */
household: HouseholdId | null, };

/** Why a person is no longer of the household. */
export type RemovalCause = "died" | "moved_away" | "duplicate" | "never_lived_here";

/** Why and how a person left. */
export type RemovalState = { change: ChangeId, author: OfficerId, cause: RemovalCause, date: string | null, destination: string | null, duplicate_of: PersonId | null, note: string | null, };

/** Someone who is no longer of the household: died, moved away, listed twice, or never lived here. */
export type RemovePerson = { person: PersonId, cause: RemovalCause, date?: string | null, destination?: string | null,
/** Needed for a duplicate: the person who stays. */
duplicate_of?: PersonId | null, note?: string | null, };

/** Where the request goes; without a path it comes back as base64. */
export type RequestRecovery = { path?: string | null, };

/** The kind of a dated tie of a person to a place. */
export type ResidenceKind = "permanent" | "temporary" | "current" | "absent" | "short_stay";

/** One dated tie to a place. */
export type ResidenceState = {
/** The change that tells of it; absent where the register does. */
change: ChangeId | null, kind: ResidenceKind, household: HouseholdId, since: string | null, until: string | null, relationship_to_head: string | null,
/** Whether it is registered, where an officer said so. */
registered: boolean | null, note: string | null,
/** The change that ended it. */
ended: ChangeId | null, };

/** A decision on a correction. Returning and rejecting need a reason, referring an office. */
export type ReviewCorrection = { correction: CorrectionId, decision: Decision, reason?: string | null, office?: string | null,
/** `dd/mm/yyyy`. */
answer_by?: string | null, };

/** One decision and what became of it. */
export type ReviewState = { change: ChangeId, author: OfficerId, decided_ms: number, review: CorrectionReviewed, outcome: Outcome, };

/** Type 13, by the reviewer. */
export type ReviewWithdrawn = {
/** The `CorrectionReviewed` that is taken back. */
review: ChangeId, reason: string | null, };

/** The head of a revoked device's chain. */
export type RevokedChain = { chain: ChainId, last_sequence: number, head: Array<number>, };

/** What a certificate allows its device to be. */
export type Role = "officer" | "supervisor" | "operator" | "auditor" | "server" | "other";

/** A draft under a key of the screen's choice. */
export type SaveDraft = { key: string, value: unknown, };

/** The change that was saved. */
export type Saved = { change: ChangeId, };

/** What a search found. People by a number stand in the order of that number, by a name in Vietnamese order; houses as one walks past them. */
export type SearchResults = { people: Array<PersonHit>,
/** There are more than the limit. */
more_people: boolean, houses: Array<HouseHit>, more_houses: boolean, };

/** A passphrase on its way in. The text is moved here from the parameters, not copied. */
export type Secret = string;

/** Who answers there. Nothing is trusted yet: a person compares the fingerprint with the one on paper. */
export type ServerPreview = { server: string, fingerprint: string, deployment: DeploymentId, is_encrypted: boolean, };

/** The hamlets and alleys an officer answers for, whole. */
export type SetArea = { officer: OfficerId, parts: Array<AreaPart>, };

/** Everything that can be set. */
export type Settings = {
/** `vi`, `en`, or the name of another file of texts. */
language: string, theme: Theme,
/** 80 to 200. */
text_size_percent: number,
/** 1 to 15: a screen locks after at most a quarter of an hour (TCVN 14423:2026, level 3). */
idle_minutes: number,
/** A folder, usually on a stick: at locking, work that was not sent is written there, sealed to the server. */
stick_folder: string | null, };

/** `Nam` or `Nữ`; an empty field is `None` around it. */
export type Sex = "male" | "female";

/** Of which houses. */
export type ShowCoverage = { query: HouseQuery, };

/** Of what, and which stretch. */
export type ShowHistory = { entity: EntityRef, offset: number, limit: number, };

/** Some people of a household who now live apart. */
export type SplitHousehold = { from: HouseholdId, dwelling: DwellingChoice, persons: Array<PersonId>,
/** One of them. */
head?: PersonId | null, household_no?: string | null, };

/** How far a correction has come. */
export type Stage = "waiting" | "proposed" | "first_approval" | "held" | "referred" | "approved" | "returned" | "rejected" | "withdrawn" | "entered" | "confirmed";

/** How a passphrase stands. */
export type Strength = "too_short" | "too_common" | "fair" | "good" | "strong";

/** What a field belongs to. */
export type Subject = "person" | "household" | "dwelling";

/** What the exchange is doing. */
export type SyncPhase = "idle" | "connecting" | "sending_changes" | "sending_photos" | "refilling_server" | "reading_log" | "fetching_register" | "taking_register" | "fetching_photos" | "sending_access_log" | "waiting" | "paused";

/** How far an exchange is. Bytes are as they travel. */
export type SyncProgress = { phase: SyncPhase, batches_sent: number, batches_left: number, photos_sent: number, photos_left: number, bytes_sent: number, bytes_received: number,
/** Of what is being sent or fetched now, without what is not known yet. */
bytes_left: number,
/** Bytes of the register edition that are here, and in all. */
register_bytes: number, register_bytes_total: number,
/** Records of the register that are taken in, and in all. */
records_taken: number, records_total: number,
/** By the pace so far. */
remaining_ms: number | null,
/** When the next try begins, while waiting. */
retry_at_ms: number | null,
/** Failures that were gone over, with no person's help. */
interruptions: number, };

/** Where the exchange stands, and what waits. */
export type SyncStatus = { is_running: boolean, progress: SyncProgress,
/** The last one since the program was started. */
last: LastSync | null,
/** What waits, and when the server last signed something. */
queue: QueueStatus, };

/** What an exchange did. */
export type SyncSummary = { batches_sent: number, photos_sent: number, photos_fetched: number, log_entries_read: number,
/** The register edition that was taken in. */
edition: number | null, erased: number,
/** Changes that stand in the log and are refused. */
changes_refused: number,
/** Batches that wait at the server for a supervisor. */
batches_quarantined: number,
/** This laptop's chain was continued in a new one. */
chain_renewed: boolean,
/** The server had been restored and was offered everything held here. */
server_refilled: boolean, access_entries_sent: number, bytes_sent: number, bytes_received: number, interruptions: number,
/** Photos that the server has no use for yet. */
photos_not_wanted: number, };

/** The file that came back. */
export type TakeQueueFile = { path: string, };

/** Type 40. */
export type TemporaryResidenceBegun = { household: HouseholdId, since: string | null, until: string | null,
/** Whether it is registered with the police. */
registered: boolean, note: string | null, };

/** Type 41. */
export type TemporaryResidenceEnded = {
/** The `TemporaryResidenceBegun` that it ends; absent where the register brought the residence. */
begun: ChangeId | null, date: string | null, };

/** How the screens are coloured. */
export type Theme = "system" | "light" | "dark";

/** Houses in walking order. */
export type TodayList = {
/** `dd/mm/yyyy`. */
today: string, progress: HouseProgress, houses: Array<HouseRow>, };

/** `[code, unit-list date]`, e.g. `["25390", "2025-07-01"]`. The routing, permission and sharding key everywhere. */
export type Unit = {
/** Five digits. */
code: string,
/** `yyyy-mm-dd`. */
list_date: string, };

/** The passphrase. */
export type Unlock = { passphrase: Secret, };

/** Type 2: the whole record again, as it should have been. */
export type VisitAmended = { visit: VisitRecord, reason: string | null, };

/** One knock at a door. */
export type VisitId = string;

/** What was seen and heard at one door. Times are Unix milliseconds. */
export type VisitInput = { household: HouseholdId, kind: VisitKind, outcome: VisitOutcome,
/** Members who were met; someone has to be, or `met_other`, where the outcome says met or partial. */
met?: Array<PersonId>,
/** Someone met who is in no list. */
met_other?: string | null, started_ms: number, ended_ms: number,
/** `dd/mm/yyyy`, today or later. */
next_visit?: string | null, note?: string | null,
/** Who interpreted, where someone did. */
interpreter?: string | null, };

/** How the officer and the household met. */
export type VisitKind = "at_the_door" | "by_phone" | "at_the_station";

/** How a visit ended. */
export type VisitOutcome = "met" | "partial" | "nobody_home" | "refused" | "moved_away" | "not_found" | "vacant";

/** What is known of one visit. */
export type VisitRecord = { household: HouseholdId, kind: VisitKind, outcome: VisitOutcome,
/** Members of the commune who were met. */
met: Array<PersonId>,
/** Someone met who is in no list. */
met_other: string | null, started_ms: number, ended_ms: number,
/** `dd/mm/yyyy`. */
next_visit: string | null, note: string | null, interpreter: string | null, };

/** Type 1. */
export type VisitRecorded = { visit: VisitRecord, };

/** The visit that was recorded. */
export type VisitSaved = { visit: VisitId, change: ChangeId,
/** In the order in which they were given. */
corrections: Array<Proposed>, };

/** A visit as it stands after its amendments. */
export type VisitState = { change: ChangeId, author: OfficerId, device: DeviceId, visit: VisitRecord, recorded_ms: number,
/** Amendments that counted, oldest first. */
amendments: Array<ChangeId>, outcomes: Array<ChangeOutcome>, };

/** One visit. */
export type VisitView = { visit: VisitId, state: VisitState, author_name: string | null, };

/** A photo that the server has not got yet. */
export type WaitingPhoto = { photo: PhotoHash, bytes: number, needed_by_reviewers: boolean, };

/** How many dwellings went to another place. */
export type WalkChosen = { dwellings: number, };

/** Where a house stands on the way, beside another of the same hamlet and alley. */
export type WalkPlace = "natural" | { "before": HouseholdId } | { "after": HouseholdId };

/** Where the screens are shown. */
export type WindowHost = "desktop" | "browser";

/** What is asked when an error is reported, and on the screen of settings. Nothing of anyone. */
export type WindowInfo = { host: WindowHost, app_version: string, built_ms: number,
/** `linux`, `windows`, `macos`. */
system: string, architecture: string,
/** The version of the engine that draws the screens, where it is known. */
webview: string | null, device_secret: DeviceSecretPlace, profile_folder: string,
/** The last lock since the window opened: the page that knew of it is gone. */
locked: Locked | null, };

/** Takes back one's own proposal while nothing has settled it. */
export type WithdrawCorrection = { correction: CorrectionId, reason?: string | null, };

/** Takes back an everyday event: a removal, a move, an absence, a note, a photo, an entering into the register … Visits are amended, proposals and decisions have their own. One's own, or as a supervisor anyone's. */
export type WithdrawEvent = {
/** On what it stands. */
entity: EntityRef, change: ChangeId, reason?: string | null, };

/** Takes back one's own decision while nothing later stands on it. */
export type WithdrawReview = { correction: CorrectionId, review: ChangeId, reason?: string | null, };

/** Where the diagnostics go; without a path they only come back. */
export type WriteDiagnostics = { path?: string | null, };

/** A note on a person, a household or a dwelling. */
export type WriteNote = { entity: EntityRef, text: string, };

/** Where the file goes. Its name ends in `.tungnha`; a queue file that is there is replaced. */
export type WriteQueueFile = { path: string,
/** Without them the file is small; they go the next time. */
with_photos: boolean, };
