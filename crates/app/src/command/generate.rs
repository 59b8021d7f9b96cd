//! What is generated from the list: TypeScript types for the screens, and a description for people and scripts.

use std::any::TypeId;
use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::{Config, TS, TypeVisitor};

use super::{CommandTypes, LIST, Needs, visit_types};
use crate::error::{AppError, Code};
use crate::window::{WINDOW_LIST, visit_window_types};

/// Where the TypeScript types lie, from the top of the repository.
pub const GENERATED_TYPES: &str = "ui/src/backend/generated.ts";
/// Where the description lies, from the top of the repository.
pub const GENERATED_DOCS: &str = "docs/commands.json";

/// The text of `GENERATED_TYPES`.
pub fn generate_types() -> String {
    let types = Types::collect();
    let mut text = String::from(
        "// Written by `cargo xtask codegen` from the command list in crates/app. Do not edit.\n\n\
         /** Every command: what it takes and what it gives. `null` stands for nothing. */\n\
         export interface Commands {\n",
    );
    let commands = LIST.iter().map(|info| (info.name, info.description));
    for ((name, description), (params, result)) in commands.chain(WINDOW_LIST.iter().copied()).zip(&types.commands) {
        text += &format!("  /** {} */\n", description.trim());
        text += &format!("  {name}: {{ params: {params}; result: {result} }};\n");
    }
    text += "}\n";
    for declaration in types.declarations.values() {
        text += &format!("\n{}export {}\n", declaration.docs, declaration.text);
    }
    text
}

/// The text of `GENERATED_DOCS`.
pub fn generate_docs() -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        name: &'a str,
        description: &'a str,
        needs: Needs,
        params: &'a str,
        result: &'a str,
    }
    #[derive(Serialize)]
    struct Docs<'a> {
        commands: Vec<Line<'a>>,
        /// Carried out by the window, not by the application.
        window: Vec<Line<'a>>,
        types: BTreeMap<&'a str, &'a str>,
        error_codes: Vec<&'static str>,
    }
    let types = Types::collect();
    let commands = LIST.iter().zip(&types.commands).map(|(info, (params, result))| Line {
        name: info.name,
        description: info.description.trim(),
        needs: info.needs,
        params,
        result,
    });
    let window = WINDOW_LIST.iter().zip(&types.commands[LIST.len()..]);
    let window = window.map(|((name, description), (params, result))| Line {
        name,
        description: description.trim(),
        needs: Needs::Nothing,
        params,
        result,
    });
    let docs = Docs {
        commands: commands.collect(),
        window: window.collect(),
        types: types.declarations.iter().map(|(name, found)| (name.as_str(), found.definition())).collect(),
        error_codes: Code::ALL.iter().map(|code| code.as_str()).collect(),
    };
    serde_json::to_string_pretty(&docs).expect("texts are always JSON") + "\n"
}

struct Declaration {
    id: TypeId,
    docs: String,
    /// `type Name = …;`
    text: String,
}

impl Declaration {
    fn definition(&self) -> &str {
        self.text.split_once(" = ").map_or(self.text.as_str(), |(_, definition)| definition.trim_end_matches(';'))
    }
}

/// The types of the list and everything they are made of, each once.
struct Types {
    config: Config,
    /// Params and result of each command, in the order of the list, then of what the window carries out.
    commands: Vec<(String, String)>,
    declarations: BTreeMap<String, Declaration>,
}

impl Types {
    fn collect() -> Self {
        let config = Config::new().with_large_int("number");
        let mut types = Self { config, commands: Vec::new(), declarations: BTreeMap::new() };
        visit_types(&mut types);
        visit_window_types(&mut types);
        TypeVisitor::visit::<AppError>(&mut types);
        types
    }
}

impl CommandTypes for Types {
    fn visit<Params: TS + 'static, Result: TS + 'static>(&mut self) {
        self.commands.push((Params::name(&self.config), Result::name(&self.config)));
        TypeVisitor::visit::<Params>(self);
        TypeVisitor::visit::<Result>(self);
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        T::visit_generics(self);
        // Only a named type has a path of its own; the others are spelled out where they stand.
        if T::output_path().is_none() {
            return T::visit_dependencies(self);
        }
        let name = T::ident(&self.config);
        if let Some(known) = self.declarations.get(&name) {
            assert!(known.id == TypeId::of::<T::WithoutGenerics>(), "two types are called {name} in TypeScript");
            return;
        }
        let declaration = Declaration {
            id: TypeId::of::<T::WithoutGenerics>(),
            docs: tidy(&T::docs().unwrap_or_default()),
            text: tidy(&T::decl(&self.config)),
        };
        self.declarations.insert(name, declaration);
        T::visit_dependencies(self);
    }
}

/// A comment on one line, and what it is about on the next.
fn tidy(text: &str) -> String {
    let text = text.replace("/**\n * ", "/** ").replace("\n */\n", " */\n").replace("\n * ", " ");
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + if text.ends_with('\n') { "\n" } else { "" }
}
