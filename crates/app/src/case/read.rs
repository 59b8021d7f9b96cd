//! What screens show. Whoever is looked at is written into the access log before anything is shown.

use data_encoding::BASE64;
use domain::change::{EntityKind, EntityRef};
use domain::id::{CorrectionId, HouseholdId, PersonId, PhotoHash, VisitId};
use serde::{Deserialize, Serialize};
use store::{
    AreaRow, CorrectionQuery, CorrectionRow, EditionView, HistoryEntry, HouseProgress, HouseQuery, HouseRow,
    HouseholdView, OfficerView, PersonView, QueueBatch, QueueStatus, SearchResults, VisitView, Window,
};
use sync::message::{AccessAction, AccessDetail};

use super::Desk;
use crate::App;
use crate::error::{AppError, Code, Result};
use crate::transport::Download;

/// No list is longer than this at once.
const MOST_ROWS: u32 = 500;
/// What a search box shows.
const MOST_HITS: u32 = 100;

fn window(offset: u32, limit: u32) -> Window {
    Window { offset, limit: limit.min(MOST_ROWS) }
}

/// Which houses, and which stretch of the list.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ListToday {
    pub query: HouseQuery,
    pub offset: u32,
    pub limit: u32,
}

/// Houses in walking order.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct TodayList {
    /// `dd/mm/yyyy`.
    pub today: String,
    pub progress: HouseProgress,
    pub houses: Vec<HouseRow>,
}

pub async fn list_today(app: &App, params: ListToday) -> Result<TodayList> {
    // Counting alone shows nobody, and must not be taken for the look that follows it.
    let is_new_list = params.limit > 0 && app.session().await?.begins_list("houses", app.now_ms());
    app.with_desk(move |desk| {
        let today = desk.today();
        let houses = desk.store.houses(&params.query, window(params.offset, params.limit), today)?;
        if is_new_list && !houses.is_empty() {
            desk.log_access(AccessAction::Searched, None, Some(AccessDetail::Count(houses.len() as u64)))?;
        }
        Ok(TodayList {
            today: domain::date::PartialDate::of_day(today).to_string(),
            progress: desk.store.house_progress(&params.query, today)?,
            houses,
        })
    })
    .await
}

/// What stands in the search box.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Find {
    pub text: String,
    pub limit: u32,
}

pub async fn find(app: &App, params: Find) -> Result<SearchResults> {
    let is_new_search = app.session().await?.begins_search(&params.text, app.now_ms());
    app.with_desk(move |desk| {
        let found = desk.store.search(&params.text, params.limit.min(MOST_HITS))?;
        if is_new_search {
            let shown = found.people.len() + found.houses.len();
            desk.log_access(AccessAction::Searched, None, Some(AccessDetail::Count(shown as u64)))?;
        }
        Ok(found)
    })
    .await
}

/// The household.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct OpenHousehold {
    pub household: HouseholdId,
}

pub async fn open_household(app: &App, params: OpenHousehold) -> Result<HouseholdView> {
    app.with_desk(move |desk| {
        let view = desk.household(params.household)?;
        opened(desk, EntityRef::new(EntityKind::Household, params.household))?;
        Ok(view)
    })
    .await
}

fn opened(desk: &Desk, entity: EntityRef) -> Result<()> {
    desk.log_access(AccessAction::Opened, Some(entity), None)
}

/// The person.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct OpenPerson {
    pub person: PersonId,
}

/// A person with what is in dispute.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct OpenedPerson {
    pub view: PersonView,
    pub corrections: Vec<CorrectionRow>,
}

pub async fn open_person(app: &App, params: OpenPerson) -> Result<OpenedPerson> {
    app.with_desk(move |desk| {
        let view = desk.store.person(params.person, desk.today())?.ok_or_else(|| AppError::not_found("person"))?;
        let query = CorrectionQuery { subject: Some(params.person.into()), ..CorrectionQuery::default() };
        let corrections = desk.store.corrections(&query, Window::first(MOST_ROWS))?;
        opened(desk, EntityRef::new(EntityKind::Person, params.person))?;
        Ok(OpenedPerson { view, corrections })
    })
    .await
}

/// The visit.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct OpenVisit {
    pub visit: VisitId,
}

pub async fn open_visit(app: &App, params: OpenVisit) -> Result<VisitView> {
    app.with_desk(move |desk| {
        let state = desk.visit(params.visit)?;
        let author_name = desk.officer_state(state.author)?.and_then(|officer| officer.name);
        opened(desk, EntityRef::new(EntityKind::Visit, params.visit))?;
        Ok(VisitView { visit: params.visit, state, author_name })
    })
    .await
}

/// Of what, and which stretch.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ShowHistory {
    pub entity: EntityRef,
    pub offset: u32,
    pub limit: u32,
}

pub async fn show_history(app: &App, params: ShowHistory) -> Result<Vec<HistoryEntry>> {
    app.with_desk(move |desk| {
        let history = desk.store.history(params.entity, window(params.offset, params.limit))?;
        opened(desk, params.entity)?;
        Ok(history)
    })
    .await
}

/// The photo.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct GetPhoto {
    pub photo: PhotoHash,
}

/// A photo's bytes.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct PhotoBytes {
    pub media_type: String,
    pub base64: String,
}

pub async fn get_photo(app: &App, params: GetPhoto) -> Result<PhotoBytes> {
    let photo = params.photo;
    if let Some(found) = look_at_photo(app, photo).await? {
        return Ok(found);
    }
    fetch_photo(app, photo).await?;
    look_at_photo(app, photo).await?.ok_or_else(|| Code::PhotoMissing.into())
}

async fn look_at_photo(app: &App, hash: PhotoHash) -> Result<Option<PhotoBytes>> {
    app.with_desk(move |desk| {
        let Some(photo) = desk.store.photo(hash)? else { return Ok(None) };
        desk.log_access(AccessAction::ViewedPhoto, None, Some(AccessDetail::Photo(hash)))?;
        Ok(Some(PhotoBytes { media_type: photo.media_type, base64: BASE64.encode(&photo.bytes) }))
    })
    .await
}

/// Fetches a photo that some change names, from where it was left off.
async fn fetch_photo(app: &App, hash: PhotoHash) -> Result<()> {
    let session = app.session().await?;
    let now_ms = app.now_ms();
    let wanted = app.with_desk(move |desk| Ok(desk.store.photo_download(hash)?)).await?;
    let wanted = wanted.ok_or(Code::PhotoMissing)?;
    let token = session.token(now_ms).await?;
    let unit = &session.profile.unit;
    let Download { bytes, cut } =
        session.line.photo(&token, unit, &hash, wanted.held, wanted.bytes - wanted.held).await;
    if !bytes.is_empty() {
        app.with_desk(move |desk| Ok(desk.store.take_photo_piece(hash, wanted.held, &bytes, now_ms)?)).await?;
    }
    match cut {
        Some(error) if error.refusal() == Some("photo_unknown") => Err(Code::PhotoMissing.into()),
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

pub async fn list_officers(app: &App, (): ()) -> Result<Vec<OfficerView>> {
    app.with_desk(|desk| Ok(desk.store.officers()?)).await
}

/// Of which houses.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ShowCoverage {
    pub query: HouseQuery,
}

pub async fn show_coverage(app: &App, params: ShowCoverage) -> Result<Vec<AreaRow>> {
    app.with_desk(move |desk| Ok(desk.store.areas(&params.query)?)).await
}

pub async fn show_edition(app: &App, (): ()) -> Result<Option<EditionView>> {
    app.with_desk(|desk| Ok(desk.store.edition()?)).await
}

/// Which corrections, and which stretch of the list.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ListCorrections {
    pub query: CorrectionQuery,
    pub offset: u32,
    pub limit: u32,
}

/// Corrections, the riskiest first.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct CorrectionList {
    pub count: u32,
    pub corrections: Vec<CorrectionRow>,
}

pub async fn list_corrections(app: &App, params: ListCorrections) -> Result<CorrectionList> {
    app.with_desk(move |desk| {
        let count = desk.store.count_corrections(&params.query)?;
        let corrections = desk.store.corrections(&params.query, window(params.offset, params.limit))?;
        if !corrections.is_empty() {
            desk.log_access(AccessAction::Opened, None, Some(AccessDetail::Corrections))?;
        }
        Ok(CorrectionList { count, corrections })
    })
    .await
}

/// The correction.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct OpenCorrection {
    pub correction: CorrectionId,
}

/// A correction with what a decision needs beside it.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct OpenedCorrection {
    pub correction: CorrectionRow,
    /// Where it was found, or where its person lives.
    pub household: Option<HouseholdView>,
    /// Other proposals for the same field of the same subject.
    pub rivals: Vec<CorrectionRow>,
}

pub async fn open_correction(app: &App, params: OpenCorrection) -> Result<OpenedCorrection> {
    app.with_desk(move |desk| {
        let correction = desk.correction_row(params.correction)?;
        let mut household = None;
        let mut rivals = Vec::new();
        if let Some(proposal) = &correction.state.proposal {
            let lives_in = match proposal.household {
                Some(household) => Some(household),
                None if proposal.subject == domain::field::Subject::Person => {
                    desk.person(proposal.subject_id.into())?.household
                }
                None => None,
            };
            if let Some(home) = lives_in {
                household = desk.store.household(home, desk.today())?;
            }
            let query = CorrectionQuery { subject: Some(proposal.subject_id), ..CorrectionQuery::default() };
            rivals = desk.store.corrections(&query, Window::first(MOST_ROWS))?;
            let field = proposal.field;
            rivals.retain(|rival| {
                rival.correction != params.correction
                    && rival.state.proposal.as_ref().is_some_and(|proposal| proposal.field == field)
            });
        }
        opened(desk, EntityRef::new(EntityKind::Correction, params.correction))?;
        Ok(OpenedCorrection { correction, household, rivals })
    })
    .await
}

/// Which stretch of the batches.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ListQueue {
    pub offset: u32,
    pub limit: u32,
}

/// A photo that the server has not got yet.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct WaitingPhoto {
    pub photo: PhotoHash,
    pub bytes: u64,
    pub needed_by_reviewers: bool,
}

/// What waits and what came back.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct QueueList {
    pub status: QueueStatus,
    /// The latest first.
    pub batches: Vec<QueueBatch>,
    pub photos: Vec<WaitingPhoto>,
}

pub async fn list_queue(app: &App, params: ListQueue) -> Result<QueueList> {
    app.with_desk(move |desk| {
        let photos = desk.store.waiting_photos()?.into_iter().take(MOST_ROWS as usize).map(|photo| WaitingPhoto {
            photo: PhotoHash(photo.hash),
            bytes: photo.bytes,
            needed_by_reviewers: photo.needed_by_reviewers,
        });
        Ok(QueueList {
            status: desk.store.queue_status()?,
            batches: desk.store.queue_batches(window(params.offset, params.limit))?,
            photos: photos.collect(),
        })
    })
    .await
}
