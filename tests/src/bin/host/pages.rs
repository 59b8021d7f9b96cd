//! The built screens, served from a folder under the same rules as in the product's window. Each file is read when it
//! is asked for, so that a new build shows at once. Only files below the folder, only kinds that a build holds.

use std::path::{Component, Path, PathBuf};

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What a page may load and where it may speak to: as `app.security.csp` in `src-tauri/tauri.conf.json`, only that
/// commands travel to this host. `the_browser_is_as_strict_as_the_window` compares the two.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' blob: data:; font-src 'self'; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/// Serves the folder; `/` is its `index.html`.
pub async fn serve_page(State(folder): State<PathBuf>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let Some((path, media_type)) = find_file(&folder, request.uri().path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match tokio::fs::read(path).await {
        Ok(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, media_type),
                (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
                (header::CACHE_CONTROL, "no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::REFERRER_POLICY, "no-referrer"),
            ];
            (headers, bytes).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn find_file(folder: &Path, asked: &str) -> Option<(PathBuf, &'static str)> {
    let name = match asked.trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    let relative = Path::new(name);
    let stays_below = relative.components().all(|part| matches!(part, Component::Normal(_)));
    let media_type = media_type_of(relative.extension()?.to_str()?)?;
    stays_below.then(|| (folder.join(relative), media_type))
}

fn media_type_of(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_folder_and_of_known_kinds_are_served() {
        let found = |asked| find_file(Path::new("dist"), asked);
        assert_eq!(found("/"), Some(("dist/index.html".into(), "text/html; charset=utf-8")));
        assert_eq!(found("/assets/a.css"), Some(("dist/assets/a.css".into(), "text/css; charset=utf-8")));
        for asked in ["/../secret.json", "/assets/../../secret.json", "/profile/work.db", "/no-extension"] {
            assert_eq!(found(asked), None, "{asked}");
        }
        // Whatever the number of slashes, the path is taken below the folder.
        assert_eq!(found("//etc/a.json"), Some(("dist/etc/a.json".into(), "application/json")));
    }

    #[test]
    fn the_browser_is_as_strict_as_the_window() {
        let window: serde_json::Value =
            serde_json::from_str(include_str!("../../../../src-tauri/tauri.conf.json")).unwrap();
        let window = window["app"]["security"]["csp"].as_str().unwrap();
        let rules = |policy: &str| -> Vec<String> {
            let rules = policy.split("; ").map(str::trim).filter(|rule| !rule.starts_with("connect-src"));
            rules.map(str::to_owned).collect()
        };
        assert_eq!(rules(CONTENT_SECURITY_POLICY), rules(window));
    }
}
