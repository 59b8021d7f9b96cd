//! What a screen has not saved yet, kept through a crash.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::App;
use crate::error::{AppError, Code, Result};

const MOST_KEY_BYTES: usize = 200;
const MOST_BYTES: usize = 1 << 20;

/// A draft under a key of the screen's choice.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SaveDraft {
    pub key: String,
    #[ts(type = "unknown")]
    pub value: Value,
}

pub async fn save_draft(app: &App, params: SaveDraft) -> Result<()> {
    check_key(&params.key)?;
    let json = params.value.to_string();
    if json.len() > MOST_BYTES {
        return Err(AppError::new(Code::FileTooLarge).with("limit_bytes", MOST_BYTES).with("bytes", json.len()));
    }
    app.write(move |desk| Ok(desk.store.keep_draft(&params.key, &json, desk.now_ms())?)).await
}

/// The key of a draft.
#[derive(Clone, Debug, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct DraftKey {
    pub key: String,
}

/// The draft, `null` where there is none.
#[derive(Clone, Debug, Serialize, ts_rs::TS)]
pub struct LoadedDraft {
    #[ts(type = "unknown")]
    pub value: Value,
}

pub async fn load_draft(app: &App, params: DraftKey) -> Result<LoadedDraft> {
    check_key(&params.key)?;
    app.with_desk(move |desk| {
        let json = desk.store.draft(&params.key)?;
        let value = json.and_then(|json: String| serde_json::from_str(&json).ok()).unwrap_or(Value::Null);
        Ok(LoadedDraft { value })
    })
    .await
}

pub async fn drop_draft(app: &App, params: DraftKey) -> Result<()> {
    check_key(&params.key)?;
    app.write(move |desk| Ok(desk.store.drop_draft(&params.key)?)).await
}

fn check_key(key: &str) -> Result<()> {
    match key.is_empty() || key.len() > MOST_KEY_BYTES {
        true => Err(AppError::new(Code::ValueNotAllowed).with("field", "key")),
        false => Ok(()),
    }
}
