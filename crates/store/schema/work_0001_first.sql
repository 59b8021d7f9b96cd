-- work.db, the working file of one profile. Never edited once released; what changes comes as the next number.
--
-- Two kinds of tables. What was said: `setting`, `chain`, `batch`, `certificate`, `change`, `touch`, `edition`, and the
-- `base` column of people, households and dwellings. It is written once, and only an erasure takes from it. What follows
-- from it: all other columns and tables about people and places. They are what lists are found, sorted and counted by.
-- The fold keeps them, in the transaction of the change that moves them; they could be made again at any time. What one
-- screen shows of one person or house is folded when it is read, from its base and its few changes, so that no folded
-- state has to be carried from one version of the product to the next.
--
-- Ids are 16 bytes. Times are Unix milliseconds. Numbers of kinds, roles, fields and verdicts are those of the wire.

-- One value for each name: who this profile is, its wrapped secrets, where it stands in the log, what its clock said.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------------------------------------------ the log

-- The chains that were met, this device's own among them. At most one is open: new changes take their place in it.
CREATE TABLE chain (
    n                INTEGER PRIMARY KEY,
    id               BLOB NOT NULL UNIQUE,
    device           BLOB NOT NULL,
    is_own           INTEGER NOT NULL,
    is_open          INTEGER NOT NULL,
    last_sequence    INTEGER NOT NULL,   -- of the last change built here, or read
    sealed_sequence  INTEGER NOT NULL,   -- of the last change that stands in a sealed batch
    sealed_head      BLOB NOT NULL,      -- hash after it
    replaces         BLOB                -- CBOR of the chain it replaces; goes into its first batch
) STRICT;
CREATE UNIQUE INDEX chain_open ON chain (is_open) WHERE is_open;

-- Certificates of those whose batches were read, by key id.
CREATE TABLE certificate (
    kid      BLOB PRIMARY KEY,
    envelope BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Sealed batches, own and others'. The envelope is the bytes as their author sealed them; the bodies that travel beside
-- it lie in `change`. Rows stay: a restored server is refilled from them.
-- state: 1 sealed, waits for its receipt · 2 stored in the log · 3 forked · 4 quarantined · 5 replaced by a later chain
CREATE TABLE batch (
    n              INTEGER PRIMARY KEY,
    chain          INTEGER NOT NULL REFERENCES chain (n),
    first_sequence INTEGER NOT NULL,
    last_sequence  INTEGER NOT NULL,
    hash_after     BLOB NOT NULL,
    envelope       BLOB NOT NULL,
    state          INTEGER NOT NULL,
    is_offered     INTEGER NOT NULL,     -- waits to be sent: own and without receipt, or any after the log began anew
    log_index      INTEGER,              -- as the receipt or the feed said, in the present log
    transfer_hash  BLOB,                 -- of the bytes that travel; NULL where they are to be computed again
    transfer_bytes INTEGER,
    sealed_ms      INTEGER NOT NULL,
    receipt        BLOB,                 -- as received
    receipted_ms   INTEGER,              -- by the server's clock
    UNIQUE (chain, first_sequence, hash_after)
) STRICT;
CREATE INDEX batch_offered ON batch (n) WHERE is_offered;
CREATE UNIQUE INDEX batch_log ON batch (log_index) WHERE log_index IS NOT NULL;

-- Every change of the unit that is here. `header` is the exact bytes that are hashed and signed.
-- state: 1 counts · 2 of a type or version this build does not know: the inbox, asked again after an upgrade ·
--        3 refused by the server, for `verdict` · 4 the same change stands elsewhere in the log ·
--        5 of a batch that the log did not take, another standing at its place
CREATE TABLE change (
    n           INTEGER PRIMARY KEY,
    id          BLOB NOT NULL,
    chain       INTEGER NOT NULL REFERENCES chain (n),
    sequence    INTEGER NOT NULL,
    log_index   INTEGER,                 -- NULL: made here and not yet in the log
    received_ms INTEGER,                 -- when the server took it in, by its clock
    state       INTEGER NOT NULL,
    verdict     INTEGER,
    kind        INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    entity_kind INTEGER NOT NULL,
    entity      BLOB NOT NULL,
    role        INTEGER NOT NULL,        -- of the author's certificate
    device      BLOB NOT NULL,
    header      BLOB NOT NULL,
    body        BLOB                     -- salted; NULL once erased
) STRICT;
CREATE INDEX change_place ON change (chain, sequence);
CREATE INDEX change_id ON change (id);
CREATE INDEX change_inbox ON change (n) WHERE state = 2;
CREATE INDEX change_refused ON change (n) WHERE state = 3;

-- Answers of commands whose caller gave them an id, by the change that they made: asked again, after the answer was lost
-- on its way, they give the same. Kept for a week, and emptied by an erasure: they hold values.
CREATE TABLE answer (
    change  BLOB PRIMARY KEY,
    made_ms INTEGER NOT NULL,
    json    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which entities a change takes part in: what is folded again when it arrives, is refused or is erased.
CREATE TABLE touch (
    entity_kind INTEGER NOT NULL,
    entity      BLOB NOT NULL,
    change      INTEGER NOT NULL REFERENCES change (n),
    PRIMARY KEY (entity_kind, entity, change)
) STRICT, WITHOUT ROWID;

-- Changes that an erasure in the log names: a body that comes by another way is not kept.
CREATE TABLE erased_change (
    id BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- People whose register rows were erased, with the edition then in force: pieces of it, or of an older one, that are
-- still on the way do not bring them back.
CREATE TABLE erased_person (
    person  BLOB PRIMARY KEY,
    edition INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Ids given at the door that the register now knows by another. Kept by the fold of the door's id.
CREATE TABLE person_alias (
    door     BLOB PRIMARY KEY,
    register BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX person_alias_register ON person_alias (register);

-- ------------------------------------------------------------------------------------------------- the register

-- Editions that were taken in; the last taken one is in force.
CREATE TABLE edition (
    n          INTEGER PRIMARY KEY,
    edition    INTEGER NOT NULL,
    label      TEXT NOT NULL,
    people     INTEGER NOT NULL,
    households INTEGER NOT NULL,
    dwellings  INTEGER NOT NULL,
    made_ms    INTEGER NOT NULL,
    taken_ms   INTEGER NOT NULL
) STRICT;

-- The edition that is being fetched: its manifest under `setting`, here its pieces as they come, in stretches of bytes
-- that join up. Emptied when it is applied.
CREATE TABLE edition_piece (
    hash       BLOB NOT NULL,
    byte_start INTEGER NOT NULL,
    bytes      BLOB NOT NULL,
    PRIMARY KEY (hash, byte_start)
) STRICT;

-- ------------------------------------------------------------------------------------------ people and places

CREATE TABLE dwelling (
    n        INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    hamlet   TEXT,                        -- NULL where only a household names the dwelling so far
    alley    TEXT,
    house_no TEXT,
    kind     TEXT,
    lat_e6   INTEGER,
    lon_e6   INTEGER,
    base     BLOB
) STRICT;

CREATE TABLE household (
    n             INTEGER PRIMARY KEY,
    id            BLOB NOT NULL UNIQUE,
    dwelling      BLOB,                   -- NULL for one that only its visits tell of
    household_no  TEXT,
    head          BLOB,                   -- whom a split named
    officer       BLOB,                   -- whose work it is
    due           TEXT,
    due_day       INTEGER,                -- yyyymmdd
    work_note     TEXT,
    attempts      INTEGER NOT NULL DEFAULT 0,
    last_outcome  INTEGER,
    last_visit_ms INTEGER,
    next_visit    TEXT,
    base          BLOB
) STRICT;
CREATE INDEX household_dwelling ON household (dwelling);
CREATE INDEX household_officer ON household (officer) WHERE officer IS NOT NULL;

CREATE TABLE person (
    n               INTEGER PRIMARY KEY,
    id              BLOB NOT NULL UNIQUE,
    household       BLOB,                 -- where he lives now
    presence        INTEGER NOT NULL,     -- 1 listed, 2 added at the door, 3 linked, 4 removed, 5 gone
    is_head         INTEGER NOT NULL,
    full_name       TEXT,
    other_name      TEXT,
    birth_date      TEXT,
    sex             TEXT,
    id_number       TEXT,
    old_cmnd        TEXT,
    phone           TEXT,                 -- digits alone
    base            BLOB
) STRICT;
CREATE INDEX person_household ON person (household, is_head) WHERE household IS NOT NULL;
CREATE INDEX person_id_number ON person (id_number) WHERE id_number IS NOT NULL;
CREATE INDEX person_old_cmnd ON person (old_cmnd) WHERE old_cmnd IS NOT NULL;
CREATE INDEX person_phone ON person (phone) WHERE phone IS NOT NULL;

-- Search. The row ids of both indexes are ranks: numbers with gaps between them, in Vietnamese order of names and in the
-- order in which one walks past houses. So a search that stops after fifty hits has found the first fifty.
CREATE TABLE person_name (
    rank     INTEGER PRIMARY KEY,
    target   INTEGER NOT NULL UNIQUE,     -- person.n
    sort_key BLOB NOT NULL,
    folded   TEXT NOT NULL                -- name and other name
) STRICT;
CREATE VIRTUAL TABLE person_search USING fts5 (
    folded, content = 'person_name', content_rowid = 'rank',
    columnsize = 0, detail = 'none', tokenize = 'ascii', prefix = '1 2 3 4 5 6'
);
CREATE TABLE house_name (
    rank     INTEGER PRIMARY KEY,
    target   INTEGER NOT NULL UNIQUE,     -- household.n
    sort_key BLOB NOT NULL,               -- hamlet, alley, house number
    folded   TEXT NOT NULL                -- these and the household's number
) STRICT;
CREATE VIRTUAL TABLE house_search USING fts5 (
    folded, content = 'house_name', content_rowid = 'rank',
    columnsize = 0, detail = 'none', tokenize = "ascii tokenchars '/-.'", prefix = '1 2 3 4 5 6'
);
-- What is deleted from an index is taken out of its pages at once, not marked.
INSERT INTO person_search (person_search, rank) VALUES ('secure-delete', 1);
INSERT INTO house_search (house_search, rank) VALUES ('secure-delete', 1);

-- ------------------------------------------------------------------------------------------------ what was done

CREATE TABLE visit (
    id        BLOB PRIMARY KEY,
    household BLOB NOT NULL,
    author    BLOB NOT NULL,
    outcome   INTEGER NOT NULL,
    ended_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_household ON visit (household, ended_ms);

CREATE TABLE correction (
    id             BLOB PRIMARY KEY,
    stage          INTEGER NOT NULL,      -- 0 waits for its proposal · 1 proposed · 2 first approval · 3 held ·
                                          -- 4 referred · 5 approved · 6 returned · 7 rejected · 8 withdrawn ·
                                          -- 9 entered · 10 confirmed
    is_open        INTEGER NOT NULL,      -- a decision may still be taken: 1 to 4
    is_unsettled   INTEGER NOT NULL,      -- the register still disagrees
    subject_kind   INTEGER,               -- NULL while the proposal has not arrived
    subject        BLOB,
    household      BLOB,
    field          INTEGER,
    proposed_value TEXT,
    proposed_by    BLOB,
    proposed_ms    INTEGER,
    risk           INTEGER NOT NULL       -- order of the queue: small first
) STRICT, WITHOUT ROWID;
CREATE INDEX correction_queue ON correction (stage, risk, proposed_ms);
CREATE INDEX correction_subject ON correction (subject, field);
CREATE INDEX correction_household ON correction (household) WHERE household IS NOT NULL;

CREATE TABLE officer (
    id   BLOB PRIMARY KEY,
    name TEXT
) STRICT, WITHOUT ROWID;

-- Photos that some change names. Their bytes lie in photos.db, or are still to be fetched.
-- upload: 0 not ours to send · 1 waits · 2 the server has it
CREATE TABLE photo (
    hash       BLOB PRIMARY KEY,
    bytes      INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    is_here    INTEGER NOT NULL,
    is_erased  INTEGER NOT NULL DEFAULT 0,
    upload     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_upload ON photo (upload, bytes) WHERE upload = 1;
-- Which changes name a photo, in their header or as evidence.
CREATE TABLE photo_use (
    hash    BLOB NOT NULL,
    change  INTEGER NOT NULL REFERENCES change (n),
    is_crop INTEGER NOT NULL,             -- the crop that proves one field, rather than the whole picture
    PRIMARY KEY (hash, change)
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_use_change ON photo_use (change);

-- ------------------------------------------------------------------------------------------------ this laptop

-- Who looked at whom. Uploaded apart from the changes, in chains of its own; rows stay for the auditors. In the open chain
-- new lines take their place; another is opened where a copy of this laptop is found to go by its name.
CREATE TABLE access_chain (
    n              INTEGER PRIMARY KEY,
    id             BLOB NOT NULL UNIQUE,
    is_open        INTEGER NOT NULL,
    stored_through INTEGER NOT NULL      -- the server has said, with its hash, that it holds the lines up to here
) STRICT;
CREATE UNIQUE INDEX access_chain_open ON access_chain (is_open) WHERE is_open;
CREATE TABLE access (
    chain       INTEGER NOT NULL REFERENCES access_chain (n),
    sequence    INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    officer     BLOB NOT NULL,
    action      INTEGER NOT NULL,
    entity_kind INTEGER,
    entity      BLOB,
    detail      TEXT,
    hash        BLOB NOT NULL,           -- of the chain after this line
    PRIMARY KEY (chain, sequence)
) STRICT, WITHOUT ROWID;

-- What a screen has not saved yet, as JSON: a visit half typed in survives a dead battery.
CREATE TABLE draft (
    key      TEXT PRIMARY KEY,
    json     TEXT NOT NULL,
    saved_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
