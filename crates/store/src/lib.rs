//! The laptop's encrypted files and the one door to them: transact(changes).
