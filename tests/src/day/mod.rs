//! One day in a made-up commune, played on real parts.

pub mod findings;
