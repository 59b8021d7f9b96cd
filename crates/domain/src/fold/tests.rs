//! Named cases of the fold.
