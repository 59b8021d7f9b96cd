//! Wire types, canonical bytes, signatures, planning as data. No socket, no database.
