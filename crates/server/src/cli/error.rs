//! Errors of the command line.

use tungnha_server::error::{Code, ServerError, has_no_room};

use super::words::sentence;

/// A longer parameter is for the JSON alone.
const MAX_SHOWN_CHARS: usize = 200;

#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error(transparent)]
    Server(#[from] ServerError),
    #[error("{0}")]
    Usage(&'static str),
    #[error("{step} {path}")]
    File { step: &'static str, path: String, source: std::io::Error },
}

impl From<vault::VaultError> for CliError {
    fn from(error: vault::VaultError) -> Self {
        Self::Server(error.into())
    }
}

impl CliError {
    /// For `map_err` of file calls.
    pub fn file(step: &'static str, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::File { step, path, source }
    }

    /// The stable word for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Server(error) => error.code(),
            Self::Usage(_) => "usage",
            Self::File { source, .. } if has_no_room(source) => Code::DiskFull.as_str(),
            Self::File { .. } => "file_failed",
        }
    }

    pub fn params(&self) -> Vec<(String, String)> {
        match self {
            Self::Server(ServerError::Refused(refusal)) => {
                refusal.params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
            }
            Self::Server(ServerError::Extract(error)) => match error.params() {
                serde_json::Value::Object(params) => {
                    params.into_iter().map(|(name, value)| (name, value.to_string())).collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// For the person at the keyboard: the code with what is short of its parameters, a sentence, and every cause.
    pub fn explain(&self) -> String {
        let mut text = format!("error: {}", self.code());
        for (name, value) in self.params().into_iter().filter(|(_, value)| value.chars().count() <= MAX_SHOWN_CHARS) {
            text.push_str(&format!(" {name}={value}"));
        }
        if let Some(sentence) = sentence(self.code()) {
            text.push_str(&format!("\n  {sentence}"));
        }
        // A refusal is its code and nothing else.
        let is_refusal = matches!(self, Self::Server(ServerError::Refused(_)));
        let mut cause: Option<&dyn std::error::Error> = if is_refusal { None } else { Some(self) };
        while let Some(error) = cause {
            text.push_str(&format!("\n  {error}"));
            cause = error.source();
        }
        text
    }
}

/// A command line that cannot be read, for scripts that asked for JSON.
pub fn usage_json(error: &clap::Error) -> serde_json::Value {
    let text = error.render().to_string();
    serde_json::json!({"error": {"code": "usage", "params": {"text": text.lines().next().unwrap_or_default()}}})
}
