-- photos.db, the photos of one profile by the SHA-256 of their bytes. A photo is written here before the change that
-- names it, since two files do not commit together; one that no change and no draft names is collected after a week.

-- Whole photos.
CREATE TABLE photo (
    hash       BLOB PRIMARY KEY,
    media_type TEXT NOT NULL,
    kept_ms    INTEGER NOT NULL,
    bytes      BLOB NOT NULL
) STRICT;

-- A photo that is being fetched, in stretches of bytes that join up.
CREATE TABLE photo_piece (
    hash       BLOB NOT NULL,
    byte_start INTEGER NOT NULL,
    bytes      BLOB NOT NULL,
    PRIMARY KEY (hash, byte_start)
) STRICT;
