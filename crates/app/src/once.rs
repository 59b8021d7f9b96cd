//! A command that makes something may be asked again: its answer may have been lost on the way to a screen. With an id of
//! the caller's own it is then the same command, saved once and answered alike.

use domain::id::ChangeId;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use ts_rs::{Config, TS, TypeVisitor};

/// The parameters of a command that makes something, and beside them `once`: an id that the caller made, fresh for each
/// thing. It becomes the id of the change. Asked again with the same one, the command saves nothing more and gives the
/// same answer, for a week; without one, each call is another thing.
#[derive(Clone, Debug)]
pub struct Once<P> {
    pub params: P,
    pub once: Option<ChangeId>,
}

impl<P> From<P> for Once<P> {
    fn from(params: P) -> Self {
        Self { params, once: None }
    }
}

impl<'de, P: DeserializeOwned> Deserialize<'de> for Once<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value = Value::deserialize(deserializer)?;
        let once = value.as_object_mut().and_then(|map| map.remove("once")).unwrap_or(Value::Null);
        let once = serde_json::from_value(once).map_err(D::Error::custom)?;
        let params = serde_json::from_value(value).map_err(D::Error::custom)?;
        Ok(Self { params, once })
    }
}

impl<P: TS + 'static> TS for Once<P> {
    type WithoutGenerics = Once<ts_rs::Dummy>;
    type OptionInnerType = Self;

    fn docs() -> Option<String> {
        Some(
            "/** The parameters of a command that makes something. Asked again with the same `once`, it saves nothing more \
             and gives the same answer. */\n"
                .to_owned(),
        )
    }

    fn name(config: &Config) -> String {
        format!("Once<{}>", P::name(config))
    }

    fn decl(config: &Config) -> String {
        format!("type Once<P> = P & {{ once?: {} | null, }};", ChangeId::name(config))
    }

    fn inline(config: &Config) -> String {
        Self::name(config)
    }

    /// It has a declaration of its own.
    fn output_path() -> Option<std::path::PathBuf> {
        Some("Once.ts".into())
    }

    fn visit_dependencies(visitor: &mut impl TypeVisitor)
    where
        Self: 'static,
    {
        visitor.visit::<ChangeId>();
    }

    fn visit_generics(visitor: &mut impl TypeVisitor)
    where
        Self: 'static,
    {
        P::visit_generics(visitor);
        visitor.visit::<P>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Note {
        text: String,
    }

    fn read(json: Value) -> Result<Once<Note>, serde_json::Error> {
        serde_json::from_value(json)
    }

    #[test]
    fn the_id_stands_beside_the_parameters_and_nothing_else_does() {
        let id = "0193e6a0-0000-7000-8000-000000000001";
        assert!(read(serde_json::json!({"text": "a", "once": id})).unwrap().once.is_some());
        assert!(read(serde_json::json!({"text": "a", "once": null})).unwrap().once.is_none());
        assert!(read(serde_json::json!({"text": "a"})).unwrap().once.is_none());
        for wrong in [serde_json::json!({"text": "a", "once": 7}), serde_json::json!({"text": "a", "other": 1})] {
            assert!(read(wrong).is_err());
        }
    }
}
