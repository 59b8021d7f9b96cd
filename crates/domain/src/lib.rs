//! People, households, dwellings, visits and corrections: what they are, the changes that make them, and the fold
//! that turns changes into state.
//!
//! This room is pure: no I/O, no clock, no randomness, no async. `today`, ids and times are parameters.

pub mod change;
pub mod date;
pub mod field;
pub mod fold;
pub mod id;
pub mod id_number;
pub mod mark;
pub mod reference;
pub mod register;
pub mod role;
pub mod sex;
pub mod text;
pub mod unit;
pub mod vietnam;
