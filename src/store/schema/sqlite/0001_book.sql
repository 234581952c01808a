-- The ledger. Its 29 columns stand in the order of the canonical line; times are milliseconds
-- since 1970 UTC, quantities smallest parts (pieces, mg, µL). A CHECK compares with OR, because
-- SQLite builds a table for every IN list of three or more, anew for every row.
CREATE TABLE entry (
  seq                 INTEGER PRIMARY KEY CHECK (seq >= 0),
  entry_id            BLOB    NOT NULL CHECK (length(entry_id) = 16),
  txn                 INTEGER NOT NULL CHECK (txn BETWEEN 0 AND seq),
  recorded_at         INTEGER NOT NULL,
  occurred_at         INTEGER NOT NULL
                              CHECK (occurred_at % 1000 = 0 AND occurred_at <= recorded_at),
  staff               TEXT    NOT NULL,
  role                TEXT    NOT NULL,
  action              TEXT    NOT NULL,
  session             TEXT,
  client              TEXT,
  product             TEXT,
  lot                 TEXT,
  serial              TEXT,
  expiry              TEXT,
  container           TEXT,
  quantity            INTEGER CHECK (quantity > 0),
  unit                TEXT    CHECK (unit = 'each' OR unit = 'g' OR unit = 'ml'),
  from_place          TEXT,
  to_place            TEXT,
  protocol            TEXT,
  step                TEXT,
  area                TEXT,
  field               TEXT,
  old_value           TEXT,
  new_value           TEXT,
  reason_code         TEXT,
  reason              TEXT,
  corrects            INTEGER CHECK (corrects < seq),
  detail              TEXT,
  occurred_offset_min INTEGER NOT NULL CHECK (occurred_offset_min BETWEEN -1439 AND 1439),
  leaf                BLOB    NOT NULL CHECK (length(leaf) = 32)
) STRICT;

-- No unique constraint besides the key: INSERT OR REPLACE would delete the row that it meets.
CREATE INDEX entry_by_id       ON entry (entry_id);
CREATE INDEX entry_by_session  ON entry (session)      WHERE session IS NOT NULL;
CREATE INDEX entry_by_lot      ON entry (product, lot) WHERE lot IS NOT NULL;
CREATE INDEX entry_by_corrects ON entry (corrects)     WHERE corrects IS NOT NULL;
CREATE INDEX entry_of_staff    ON entry (seq)          WHERE action IN ('staff.add', 'staff.edit');

CREATE TRIGGER entry_append_only_insert BEFORE INSERT ON entry
BEGIN
  SELECT RAISE(ABORT, 'the ledger only grows at its end: seq must be the next')
   WHERE new.seq IS NOT (SELECT coalesce(max(seq) + 1, 0) FROM entry);
  SELECT RAISE(ABORT, 'the ledger holds this entry_id already')
   WHERE EXISTS (SELECT 1 FROM entry WHERE entry_id = new.entry_id);
  SELECT RAISE(ABORT, 'the ledger corrects an entry only once')
   WHERE new.corrects IS NOT NULL
     AND EXISTS (SELECT 1 FROM entry WHERE corrects = new.corrects);
END;

CREATE TRIGGER entry_append_only_update BEFORE UPDATE ON entry
BEGIN
  SELECT RAISE(ABORT, 'the ledger is never changed');
END;

CREATE TRIGGER entry_append_only_delete BEFORE DELETE ON entry
BEGIN
  SELECT RAISE(ABORT, 'the ledger is never cut');
END;

-- Size and Merkle frontier of the ledger; one row.
CREATE TABLE head (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  size        INTEGER NOT NULL CHECK (size >= 0),
  frontier    BLOB    NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;

-- The verbatim texts that entries name by their hashes.
CREATE TABLE protocol_text (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  text   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Projections: what the entries add up to. `verify` folds all entries and compares every row.
-- The `..._key` columns are the ids in lower case, unique ignoring case.
CREATE TABLE book (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  id       TEXT    NOT NULL,
  clinic   TEXT    NOT NULL,
  currency TEXT    NOT NULL,
  format   INTEGER NOT NULL,
  zone     TEXT    NOT NULL
) STRICT;

CREATE TABLE staff (
  staff_key TEXT PRIMARY KEY,
  staff     TEXT NOT NULL,
  name      TEXT,
  roles     TEXT,
  titles    TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE qualification (
  staff_key TEXT NOT NULL REFERENCES staff (staff_key),
  field     TEXT NOT NULL,
  value     TEXT NOT NULL,
  PRIMARY KEY (staff_key, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE place (
  place_key TEXT PRIMARY KEY,
  place     TEXT NOT NULL,
  kind      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
  product_key TEXT    PRIMARY KEY,
  product     TEXT    NOT NULL UNIQUE,
  name        TEXT,
  category    TEXT    NOT NULL,
  use_kind    TEXT    NOT NULL CHECK (use_kind IN ('single', 'multi')),
  unit        TEXT    NOT NULL CHECK (unit = 'each' OR unit = 'g' OR unit = 'ml'),
  pack        INTEGER NOT NULL CHECK (pack > 0),
  dose        INTEGER CHECK (dose > 0),
  opened_life TEXT,
  retired     INTEGER NOT NULL CHECK (retired IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE gtin (
  gtin    TEXT    PRIMARY KEY CHECK (length(gtin) = 14),
  product TEXT    NOT NULL REFERENCES product (product),
  packs   INTEGER NOT NULL CHECK (packs > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE attribute (
  product TEXT NOT NULL REFERENCES product (product),
  field   TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY (product, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE client (
  client TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE lot (
  product    TEXT    NOT NULL REFERENCES product (product),
  lot        TEXT    NOT NULL,
  expiry     TEXT,
  status     TEXT    NOT NULL CHECK (status = 'released' OR status = 'held'
                                OR status = 'recalled' OR status = 'disposed'),
  status_seq INTEGER,
  first_seq  INTEGER NOT NULL,
  receipts   INTEGER NOT NULL CHECK (receipts >= 0),
  PRIMARY KEY (product, lot)
) STRICT, WITHOUT ROWID;

-- One row for each lot in each real place and each opened container that holds any of it.
CREATE TABLE balance (
  product  TEXT    NOT NULL,
  lot      TEXT    NOT NULL,
  place    TEXT    NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  PRIMARY KEY (product, lot, place),
  FOREIGN KEY (product, lot) REFERENCES lot (product, lot)
) STRICT, WITHOUT ROWID;

-- Where each serial number is: a place's name, or the session or waste that ended its life. It is
-- known while the entry stands that named it first.
CREATE TABLE serial (
  product   TEXT    NOT NULL REFERENCES product (product),
  serial    TEXT    NOT NULL,
  lot       TEXT    NOT NULL,
  place     TEXT    NOT NULL,
  known_seq INTEGER NOT NULL,
  PRIMARY KEY (product, serial)
) STRICT, WITHOUT ROWID;

CREATE TABLE container (
  number     INTEGER PRIMARY KEY CHECK (number > 0),
  product    TEXT    NOT NULL,
  lot        TEXT    NOT NULL,
  opened_seq INTEGER NOT NULL,
  opened_at  INTEGER NOT NULL,
  offset_min INTEGER NOT NULL,
  discard_by TEXT,
  undone     INTEGER NOT NULL CHECK (undone IN (0, 1)),
  FOREIGN KEY (product, lot) REFERENCES lot (product, lot)
) STRICT;

CREATE TABLE session (
  number           INTEGER PRIMARY KEY CHECK (number > 0),
  client           TEXT    NOT NULL REFERENCES client (client),
  protocol         TEXT    NOT NULL,
  sha256           TEXT    NOT NULL,
  area             TEXT,
  place            TEXT,
  pen              TEXT,
  staff            TEXT    NOT NULL,
  started_at       INTEGER NOT NULL,
  started_offset   INTEGER NOT NULL,
  ended_at         INTEGER,
  ended_offset     INTEGER,
  state            TEXT    NOT NULL CHECK (state = 'open' OR state = 'finished'
                                          OR state = 'stopped' OR state = 'voided'),
  reason_code      TEXT
) STRICT;
CREATE INDEX session_open      ON session (staff) WHERE state = 'open';
CREATE INDEX session_by_client ON session (client);

CREATE TABLE protocol (
  protocol TEXT    PRIMARY KEY,
  sha256   TEXT    NOT NULL,
  seq      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The ledger readable to any SQL tool.
CREATE VIEW entry_text AS
SELECT seq,
       lower(hex(entry_id)) AS entry_id,
       txn,
       strftime('%Y-%m-%dT%H:%M:%f', recorded_at / 1000.0, 'unixepoch') || 'Z' AS recorded_at,
       strftime('%Y-%m-%dT%H:%M:%S', occurred_at / 1000 + occurred_offset_min * 60, 'unixepoch')
         || CASE WHEN occurred_offset_min < 0 THEN '-' ELSE '+' END
         || printf('%02d:%02d', abs(occurred_offset_min) / 60, abs(occurred_offset_min) % 60)
         AS occurred_at,
       staff, role, action, session, client, product, lot, serial, expiry, container,
       CASE unit WHEN 'each' THEN quantity ELSE quantity / 1000.0 END AS quantity,
       unit, from_place, to_place, protocol, step, area, field, old_value, new_value,
       reason_code, reason, corrects, detail, lower(hex(leaf)) AS leaf
  FROM entry;
