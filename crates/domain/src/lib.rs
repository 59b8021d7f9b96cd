//! People, households, visits, corrections: the rules, the text, the changes and their fold. No I/O, no clock.
