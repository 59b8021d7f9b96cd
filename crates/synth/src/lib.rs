//! A seeded commune with planted, labelled errors. Knows nothing of the domain's rules.
