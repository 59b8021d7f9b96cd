//! The list. One line for each command; everything else follows from it.

use super::commands;
use crate::case::{correction, draft, people, place, profile, read, remark, review, stick, sync, system, visit, walk};
use crate::once::Once;
use crate::settings::Settings;
use crate::syncing::SyncSummary;

commands! {
    // The profile.
    /// What may be known of the profile: none, locked or unlocked, and how long to wait for the next try.
    Nothing profile_status ProfileStatus: () => profile::ProfileStatus, profile::profile_status;
    /// How a passphrase stands while it is typed.
    Nothing judge_passphrase JudgePassphrase: profile::JudgePassphrase => profile::PassphraseJudgement, profile::judge_passphrase;
    /// Reads a file with address, fingerprint and code, as an operator gives it.
    Nothing read_enrolment_file ReadEnrolmentFile: profile::ReadEnrolmentFile => profile::EnrolmentPaper, profile::read_enrolment_file;
    /// Asks a server who it is, so that a person can compare its fingerprint. Nothing is trusted yet.
    Nothing preview_enrolment PreviewEnrolment: profile::PreviewEnrolment => profile::ServerPreview, profile::preview_enrolment;
    /// Enrols this laptop with a one-time code and opens the profile.
    Nothing enrol Enrol: profile::Enrol => profile::Enrolled, profile::enrol;
    /// Gives up an enrolment that was broken off before the server's answer.
    Nothing discard_enrolment DiscardEnrolment: () => (), profile::discard_enrolment;
    /// Opens the profile with its passphrase.
    Nothing unlock Unlock: profile::Unlock => profile::Enrolled, profile::unlock;
    /// Closes the files and wipes the keys.
    Nothing lock Lock: () => profile::LockResult, profile::lock;
    /// Sets another passphrase. The old one opens too until the new one has opened once.
    Unlocked change_passphrase ChangePassphrase: profile::ChangePassphrase => (), profile::change_passphrase;
    /// Makes the request that two operators answer when the passphrase is lost.
    Nothing request_recovery RequestRecovery: profile::RequestRecovery => profile::RecoveryRequested, profile::request_recovery;
    /// Takes the operators' answer, sets a new passphrase and opens the profile. No other passphrase opens from then on.
    Nothing finish_recovery FinishRecovery: profile::FinishRecovery => profile::Enrolled, profile::finish_recovery;

    // The exchange with the server.
    /// Fetches the log and the register, so that work can begin.
    Unlocked download Download: () => SyncSummary, sync::download;
    /// Sends what waits and fetches what is new; answers when it is done.
    Unlocked sync Sync: () => SyncSummary, sync::sync;
    /// Where the exchange stands and what waits.
    Unlocked sync_status SyncStatus: () => sync::SyncStatus, sync::sync_status;
    /// Every batch and photo that waits or was sent lately, with its state.
    Unlocked list_queue ListQueue: read::ListQueue => read::QueueList, read::list_queue;
    /// Pauses the exchange that runs, or lets it go on.
    Unlocked pause_sync PauseSync: sync::PauseSync => (), sync::pause_sync;
    /// Ends the exchange that runs; nothing is lost.
    Unlocked stop_sync StopSync: () => (), sync::stop_sync;
    /// Writes what waits to a queue file for the server.
    Unlocked write_queue_file WriteQueueFile: stick::WriteQueueFile => stick::QueueFileWritten, stick::write_queue_file;
    /// Takes a queue file that came back from the server.
    Unlocked take_queue_file TakeQueueFile: stick::TakeQueueFile => stick::QueueFileTaken, stick::take_queue_file;

    // Looking.
    /// The houses of a list in walking order, with their state.
    Unlocked list_today ListToday: read::ListToday => read::TodayList, read::list_today;
    /// Moves a house to another place in its alley, in the order in which this officer walks it. Stays on this laptop.
    Unlocked move_house MoveHouse: walk::MoveHouse => walk::HouseMoved, walk::move_house;
    /// Walks an alley by number again, or by hand as before.
    Unlocked choose_walk ChooseWalk: walk::ChooseWalk => walk::WalkChosen, walk::choose_walk;
    /// Where in a list a house stands, counted from 0.
    Unlocked locate_house LocateHouse: walk::LocateHouse => Option<u32>, walk::locate_house;
    /// Finds people and houses by name without diacritics, number, telephone or address.
    Unlocked find Find: read::Find => store::SearchResults, read::find;
    /// A household with its dwelling, members, marks, visits and corrections.
    Unlocked open_household OpenHousehold: read::OpenHousehold => store::HouseholdView, read::open_household;
    /// A person with every field, marks with reasons, residences, corrections and photos.
    Unlocked open_person OpenPerson: read::OpenPerson => read::OpenedPerson, read::open_person;
    /// A visit with its amendments.
    Unlocked open_visit OpenVisit: read::OpenVisit => store::VisitView, read::open_visit;
    /// What was said of a person, a household, a dwelling, a visit or a correction, change by change.
    Unlocked show_history ShowHistory: read::ShowHistory => Vec<store::HistoryEntry>, read::show_history;
    /// A photo's bytes; fetched from the server where it is not here and there is a line.
    Unlocked get_photo GetPhoto: read::GetPhoto => read::PhotoBytes, read::get_photo;
    /// The officers of the unit with their areas.
    Unlocked list_officers ListOfficers: () => Vec<store::OfficerView>, read::list_officers;
    /// Corrections that wait for a decision, the riskiest first, or one's own with what became of them.
    Unlocked list_corrections ListCorrections: read::ListCorrections => read::CorrectionList, read::list_corrections;
    /// A correction with its decisions, its household and the proposals that contradict it.
    Unlocked open_correction OpenCorrection: read::OpenCorrection => read::OpenedCorrection, read::open_correction;
    /// The hamlets and alleys of the houses a query names, in walking order, with how far the work there is.
    Unlocked show_coverage ShowCoverage: read::ShowCoverage => Vec<store::AreaRow>, read::show_coverage;
    /// The register edition that is held; nothing before the first download.
    Unlocked show_edition ShowEdition: () => Option<store::EditionView>, read::show_edition;

    // At the door.
    /// Records a visit, with corrections and who is as listed, saved together or not at all.
    Unlocked record_visit RecordVisit: Once<visit::RecordVisit> => visit::VisitSaved, visit::record_visit;
    /// Records the ordinary visit: met at the door, everyone as listed.
    Unlocked record_ordinary_visit RecordOrdinaryVisit: Once<visit::RecordOrdinaryVisit> => visit::VisitSaved, visit::record_ordinary_visit;
    /// Records a visit again as it should have been.
    Unlocked amend_visit AmendVisit: Once<visit::AmendVisit> => crate::case::Saved, visit::amend_visit;
    /// How values of one field differ, while they are typed.
    Unlocked compare_values CompareValues: correction::CompareValues => correction::Comparison, correction::compare_values;
    /// Proposes another value for one field of the register.
    Unlocked propose_correction ProposeCorrection: Once<correction::ProposeCorrection> => correction::CorrectionSaved, correction::propose_correction;
    /// Takes back one's own proposal.
    Unlocked withdraw_correction WithdrawCorrection: Once<correction::WithdrawCorrection> => crate::case::Saved, correction::withdraw_correction;
    /// Adds a person who is in no list.
    Unlocked add_person AddPerson: Once<people::AddPerson> => people::PersonSaved, people::add_person;
    /// Removes a person who died, moved away, is listed twice or never lived here.
    Unlocked remove_person RemovePerson: Once<people::RemovePerson> => crate::case::Saved, people::remove_person;
    /// Moves a person to another household of the unit.
    Unlocked move_person MovePerson: Once<people::MovePerson> => crate::case::Saved, people::move_person;
    /// A temporary residence has begun.
    Unlocked begin_temporary_residence BeginTemporaryResidence: Once<people::BeginTemporaryResidence> => crate::case::Saved, people::begin_temporary_residence;
    /// A temporary residence has ended.
    Unlocked end_temporary_residence EndTemporaryResidence: Once<people::EndTemporaryResidence> => crate::case::Saved, people::end_temporary_residence;
    /// Someone is away.
    Unlocked begin_absence BeginAbsence: Once<people::BeginAbsence> => crate::case::Saved, people::begin_absence;
    /// Someone came back.
    Unlocked end_absence EndAbsence: Once<people::EndAbsence> => crate::case::Saved, people::end_absence;
    /// Adds a dwelling that is in no list.
    Unlocked add_dwelling AddDwelling: Once<place::DwellingInput> => place::DwellingSaved, place::add_dwelling;
    /// Adds a household that is in no list.
    Unlocked add_household AddHousehold: Once<place::AddHousehold> => place::HouseholdSaved, place::add_household;
    /// Parts a household: some of its people now live apart.
    Unlocked split_household SplitHousehold: Once<place::SplitHousehold> => place::HouseholdSaved, place::split_household;
    /// Attaches photos of a paper, with the legal reason for taking them.
    Unlocked attach_photo AttachPhoto: Once<remark::AttachPhoto> => remark::PhotosSaved, remark::attach_photo;
    /// Writes a note on a person, a household or a dwelling.
    Unlocked write_note WriteNote: Once<remark::WriteNote> => crate::case::Saved, remark::write_note;
    /// Takes back an everyday event.
    Unlocked withdraw_event WithdrawEvent: Once<remark::WithdrawEvent> => crate::case::Saved, remark::withdraw_event;

    // Supervision.
    /// Approves, returns, holds, rejects or refers a correction.
    Unlocked review_correction ReviewCorrection: Once<review::ReviewCorrection> => crate::case::Saved, review::review_correction;
    /// Takes back one's own decision.
    Unlocked withdraw_review WithdrawReview: Once<review::WithdrawReview> => crate::case::Saved, review::withdraw_review;
    /// Marks an approved correction as typed into the register.
    Unlocked mark_entered MarkEntered: Once<review::MarkEntered> => crate::case::Saved, review::mark_entered;
    /// Hands out houses to an officer, with a date, or takes them back.
    Unlocked assign_households AssignHouseholds: Once<review::AssignHouseholds> => review::AssignedCount, review::assign_households;
    /// Sets the area an officer answers for.
    Unlocked set_area SetArea: Once<review::SetArea> => crate::case::Saved, review::set_area;

    // This laptop.
    /// Language, theme, text size, idle time, stick.
    Nothing get_settings GetSettings: () => Settings, system::get_settings;
    /// Sets them; while the profile is locked only what the lock screen shows.
    Nothing set_settings SetSettings: Settings => Settings, system::set_settings;
    /// Communes of before July 2025 that this unit took over, and those that an address names.
    Unlocked find_old_units FindOldUnits: system::FindOldUnits => system::OldUnits, system::find_old_units;
    /// Lists that are the same for everyone: fields, ethnic groups.
    Nothing list_choices ListChoices: () => system::Choices, system::list_choices;
    /// Counts, versions and codes for whoever looks for a fault; nothing of any person.
    Unlocked write_diagnostics WriteDiagnostics: system::WriteDiagnostics => system::Diagnostics, system::write_diagnostics;
    /// Reads every page of the profile's files and its authentication code.
    Unlocked check_files CheckFiles: () => (), system::check_files;
    /// Keeps what a screen has not saved yet.
    Unlocked save_draft SaveDraft: draft::SaveDraft => (), draft::save_draft;
    /// What a screen had not saved.
    Unlocked load_draft LoadDraft: draft::DraftKey => draft::LoadedDraft, draft::load_draft;
    /// Forgets what a screen had not saved.
    Unlocked drop_draft DropDraft: draft::DraftKey => (), draft::drop_draft;
}
