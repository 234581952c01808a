-- The ledger. Its 29 columns stand in the order of the canonical line; times are milliseconds
-- since 1970 UTC, quantities smallest parts (pieces, mg, µL). Text compares byte by byte, so that
-- both engines order alike.
CREATE TABLE entry (
  seq                 BIGINT PRIMARY KEY CHECK (seq >= 0),
  entry_id            BYTEA    NOT NULL CHECK (length(entry_id) = 16),
  txn                 BIGINT NOT NULL CHECK (txn BETWEEN 0 AND seq),
  recorded_at         BIGINT NOT NULL,
  occurred_at         BIGINT NOT NULL
                              CHECK (occurred_at % 1000 = 0 AND occurred_at <= recorded_at),
  staff               TEXT COLLATE "C"    NOT NULL,
  role                TEXT COLLATE "C"    NOT NULL,
  action              TEXT COLLATE "C"    NOT NULL,
  session             TEXT COLLATE "C",
  client              TEXT COLLATE "C",
  product             TEXT COLLATE "C",
  lot                 TEXT COLLATE "C",
  serial              TEXT COLLATE "C",
  expiry              TEXT COLLATE "C",
  container           TEXT COLLATE "C",
  quantity            BIGINT CHECK (quantity > 0),
  unit                TEXT COLLATE "C"    CHECK (unit = 'each' OR unit = 'g' OR unit = 'ml'),
  from_place          TEXT COLLATE "C",
  to_place            TEXT COLLATE "C",
  protocol            TEXT COLLATE "C",
  step                TEXT COLLATE "C",
  area                TEXT COLLATE "C",
  field               TEXT COLLATE "C",
  old_value           TEXT COLLATE "C",
  new_value           TEXT COLLATE "C",
  reason_code         TEXT COLLATE "C",
  reason              TEXT COLLATE "C",
  corrects            BIGINT CHECK (corrects < seq),
  detail              TEXT COLLATE "C",
  occurred_offset_min BIGINT NOT NULL CHECK (occurred_offset_min BETWEEN -1439 AND 1439),
  leaf                BYTEA    NOT NULL CHECK (length(leaf) = 32)
);

CREATE UNIQUE INDEX entry_by_id       ON entry (entry_id);
CREATE INDEX        entry_by_session  ON entry (session)      WHERE session IS NOT NULL;
CREATE INDEX        entry_by_lot      ON entry (product, lot) WHERE lot IS NOT NULL;
CREATE UNIQUE INDEX entry_by_corrects ON entry (corrects)     WHERE corrects IS NOT NULL;
CREATE INDEX        entry_of_staff    ON entry (seq)
                    WHERE action = 'staff.add' OR action = 'staff.edit';

-- A second fence; the rights that `lotbook grant` gives are the first.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is never changed or cut' USING ERRCODE = 'LB001';
END $$;

CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();


-- Size and Merkle frontier of the ledger; one row.
CREATE TABLE head (
  one         BIGINT PRIMARY KEY CHECK (one = 1),
  size        BIGINT NOT NULL CHECK (size >= 0),
  frontier    BYTEA    NOT NULL,
  recorded_at BIGINT NOT NULL
);

-- The verbatim texts that entries name by their hashes.
CREATE TABLE protocol_text (
  sha256 TEXT COLLATE "C" PRIMARY KEY CHECK (length(sha256) = 64),
  text   TEXT COLLATE "C" NOT NULL
);

-- Projections: what the entries add up to. `verify` folds all entries and compares every row.
-- The `..._key` columns are the ids in lower case, unique ignoring case.
CREATE TABLE book (
  one      BIGINT PRIMARY KEY CHECK (one = 1),
  id       TEXT COLLATE "C"    NOT NULL,
  clinic   TEXT COLLATE "C"    NOT NULL,
  currency TEXT COLLATE "C"    NOT NULL,
  format   BIGINT NOT NULL,
  zone     TEXT COLLATE "C"    NOT NULL
);

CREATE TABLE staff (
  staff_key TEXT COLLATE "C" PRIMARY KEY,
  staff     TEXT COLLATE "C" NOT NULL,
  name      TEXT COLLATE "C",
  roles     TEXT COLLATE "C",
  titles    TEXT COLLATE "C"
);

CREATE TABLE qualification (
  staff_key TEXT COLLATE "C" NOT NULL REFERENCES staff (staff_key),
  field     TEXT COLLATE "C" NOT NULL,
  value     TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (staff_key, field)
);

CREATE TABLE place (
  place_key TEXT COLLATE "C" PRIMARY KEY,
  place     TEXT COLLATE "C" NOT NULL,
  kind      TEXT COLLATE "C" NOT NULL
);

CREATE TABLE product (
  product_key TEXT COLLATE "C"    PRIMARY KEY,
  product     TEXT COLLATE "C"    NOT NULL UNIQUE,
  name        TEXT COLLATE "C",
  category    TEXT COLLATE "C"    NOT NULL,
  use_kind    TEXT COLLATE "C"    NOT NULL CHECK (use_kind IN ('single', 'multi')),
  unit        TEXT COLLATE "C"    NOT NULL CHECK (unit = 'each' OR unit = 'g' OR unit = 'ml'),
  pack        BIGINT NOT NULL CHECK (pack > 0),
  dose        BIGINT CHECK (dose > 0),
  opened_life TEXT COLLATE "C",
  retired     BIGINT NOT NULL CHECK (retired IN (0, 1))
);

CREATE TABLE gtin (
  gtin    TEXT COLLATE "C"    PRIMARY KEY CHECK (length(gtin) = 14),
  product TEXT COLLATE "C"    NOT NULL REFERENCES product (product),
  packs   BIGINT NOT NULL CHECK (packs > 0)
);

CREATE TABLE attribute (
  product TEXT COLLATE "C" NOT NULL REFERENCES product (product),
  field   TEXT COLLATE "C" NOT NULL,
  value   TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (product, field)
);

CREATE TABLE client (
  client TEXT COLLATE "C" PRIMARY KEY
);

CREATE TABLE lot (
  product    TEXT COLLATE "C"    NOT NULL REFERENCES product (product),
  lot        TEXT COLLATE "C"    NOT NULL,
  expiry     TEXT COLLATE "C",
  status     TEXT COLLATE "C"    NOT NULL CHECK (status = 'released' OR status = 'held'
                                OR status = 'recalled' OR status = 'disposed'),
  status_seq BIGINT,
  first_seq  BIGINT NOT NULL,
  receipts   BIGINT NOT NULL CHECK (receipts >= 0),
  PRIMARY KEY (product, lot)
);

-- One row for each lot in each real place and each opened container that holds any of it.
CREATE TABLE balance (
  product  TEXT COLLATE "C"    NOT NULL,
  lot      TEXT COLLATE "C"    NOT NULL,
  place    TEXT COLLATE "C"    NOT NULL,
  quantity BIGINT NOT NULL CHECK (quantity >= 0),
  PRIMARY KEY (product, lot, place),
  FOREIGN KEY (product, lot) REFERENCES lot (product, lot)
);

-- Where each serial number is: a place's name, or the session or waste that ended its life. It is
-- known while the entry stands that named it first.
CREATE TABLE serial (
  product   TEXT COLLATE "C" NOT NULL REFERENCES product (product),
  serial    TEXT COLLATE "C" NOT NULL,
  lot       TEXT COLLATE "C" NOT NULL,
  place     TEXT COLLATE "C" NOT NULL,
  known_seq BIGINT NOT NULL,
  PRIMARY KEY (product, serial)
);

CREATE TABLE container (
  number     BIGINT PRIMARY KEY CHECK (number > 0),
  product    TEXT COLLATE "C"    NOT NULL,
  lot        TEXT COLLATE "C"    NOT NULL,
  opened_seq BIGINT NOT NULL,
  opened_at  BIGINT NOT NULL,
  offset_min BIGINT NOT NULL,
  discard_by TEXT COLLATE "C",
  undone     BIGINT NOT NULL CHECK (undone IN (0, 1)),
  FOREIGN KEY (product, lot) REFERENCES lot (product, lot)
);

CREATE TABLE session (
  number           BIGINT PRIMARY KEY CHECK (number > 0),
  client           TEXT COLLATE "C"    NOT NULL REFERENCES client (client),
  protocol         TEXT COLLATE "C"    NOT NULL,
  sha256           TEXT COLLATE "C"    NOT NULL,
  area             TEXT COLLATE "C",
  place            TEXT COLLATE "C",
  pen              TEXT COLLATE "C",
  staff            TEXT COLLATE "C"    NOT NULL,
  started_at       BIGINT NOT NULL,
  started_offset   BIGINT NOT NULL,
  ended_at         BIGINT,
  ended_offset     BIGINT,
  state            TEXT COLLATE "C"    NOT NULL CHECK (state = 'open' OR state = 'finished'
                                          OR state = 'stopped' OR state = 'voided'),
  reason_code      TEXT COLLATE "C"
);
CREATE INDEX session_open      ON session (staff) WHERE state = 'open';
CREATE INDEX session_by_client ON session (client);

CREATE TABLE protocol (
  protocol TEXT COLLATE "C"    PRIMARY KEY,
  sha256   TEXT COLLATE "C"    NOT NULL,
  seq      BIGINT NOT NULL
);

-- The ledger readable to any SQL tool.
CREATE VIEW entry_text AS
SELECT seq,
       encode(entry_id, 'hex') AS entry_id,
       txn,
       to_char(to_timestamp(recorded_at / 1000.0) AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS recorded_at,
       to_char(to_timestamp(occurred_at / 1000 + occurred_offset_min * 60) AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS')
         || CASE WHEN occurred_offset_min < 0 THEN '-' ELSE '+' END
         || lpad((abs(occurred_offset_min) / 60)::text, 2, '0') || ':'
         || lpad((abs(occurred_offset_min) % 60)::text, 2, '0') AS occurred_at,
       staff, role, action, session, client, product, lot, serial, expiry, container,
       CASE unit WHEN 'each' THEN quantity::numeric ELSE quantity / 1000.0 END AS quantity,
       unit, from_place, to_place, protocol, step, area, field, old_value, new_value,
       reason_code, reason, corrects, detail, encode(leaf, 'hex') AS leaf
  FROM entry;
