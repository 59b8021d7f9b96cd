-- The officer's own way through an alley, where he walks it otherwise than by number. It stays on this laptop: a habit,
-- not a fact of the register. A dwelling that was moved has a key of its own, which sorts among the natural keys of its
-- hamlet and alley; an edition that puts the dwelling elsewhere leaves it without effect. A natural order that was asked
-- for keeps the rows, unused, so that it can be taken back.
CREATE TABLE walk (
    dwelling BLOB PRIMARY KEY,
    hamlet   TEXT,
    alley    TEXT,
    place    BLOB NOT NULL,
    is_used  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
