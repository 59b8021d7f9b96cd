//! The one command list and what follows from it: a type per command, the dispatcher, the TypeScript types and
//! docs/commands.json. A host (window, loopback, test) forwards to it and knows no command by itself.

mod generate;
mod list;

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::App;
use crate::error::Result;

pub use generate::{GENERATED_DOCS, GENERATED_TYPES, generate_docs, generate_types};
pub use list::*;

/// What a command asks of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// It is answered at any time, and tells nothing of any person.
    Nothing,
    /// The profile is unlocked.
    Unlocked,
}

/// One command: its name on the border, what it takes and what it gives.
pub trait Command {
    const NAME: &'static str;
    const NEEDS: Needs;
    type Params: DeserializeOwned + ts_rs::TS + Send + 'static;
    type Result: Serialize + ts_rs::TS + Send + 'static;

    /// Runs the use case. `App::run` has checked what the command needs.
    fn run(app: &App, params: Self::Params) -> impl Future<Output = Result<Self::Result>> + Send;
}

/// One line of the list, as data.
#[derive(Clone, Copy, Debug)]
pub struct CommandInfo {
    pub name: &'static str,
    pub needs: Needs,
    pub description: &'static str,
}

/// Each line: `/// what it does`, `needs name Type: params => result, use case;`
macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $needs:ident $name:ident $type:ident: $params:ty => $result:ty, $case:path;)*) => {
        $(
            $(#[doc = $doc])+
            pub struct $type;

            impl $crate::command::Command for $type {
                const NAME: &'static str = stringify!($name);
                const NEEDS: $crate::command::Needs = $crate::command::Needs::$needs;
                type Params = $params;
                type Result = $result;

                async fn run(app: &$crate::App, params: $params) -> $crate::error::Result<$result> {
                    $case(app, params).await
                }
            }
        )*

        /// Every command, in the order of the list.
        pub const LIST: &[$crate::command::CommandInfo] = &[$(
            $crate::command::CommandInfo {
                name: stringify!($name),
                needs: $crate::command::Needs::$needs,
                description: concat!($($doc),+),
            },
        )*];

        /// Finds the command of a name and runs it.
        pub(crate) async fn dispatch(
            app: &$crate::App,
            name: &str,
            params: serde_json::Value,
        ) -> $crate::error::Result<serde_json::Value> {
            match name {
                // Boxed, so that the dispatcher's future is not as large as all of theirs together.
                $(stringify!($name) => Box::pin(app.run_with_json::<$type>(params)).await,)*
                _ => Err($crate::error::Code::UnknownCommand.into()),
            }
        }

        /// Shows each command's types to a visitor, in the order of the list.
        pub(crate) fn visit_types(visitor: &mut impl $crate::command::CommandTypes) {
            $(visitor.visit::<$params, $result>();)*
        }
    };
}
use commands;

/// Sees what each command takes and gives.
pub(crate) trait CommandTypes {
    fn visit<Params: ts_rs::TS + 'static, Result: ts_rs::TS + 'static>(&mut self);
}
