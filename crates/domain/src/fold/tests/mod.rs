//! Named cases of the fold, and the property that delivery order never matters.

mod build;
mod corrections;
mod people;
mod places;
mod property;
mod world;
