-- What every service's schema has: the memory of request ids, the audit trail, the change feed.

CREATE TABLE request (
  person_id   uuid NOT NULL,
  id          uuid NOT NULL,
  method      text NOT NULL,
  fingerprint bytea NOT NULL,
  answer      bytea COMPRESSION lz4 NOT NULL DEFAULT '',
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (person_id, id)
);
CREATE INDEX request_create_time ON request (create_time);

-- One row: the last version given, and the hash that the next entry continues.
CREATE TABLE ledger_head (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  version bigint NOT NULL,
  hash    bytea NOT NULL
);
INSERT INTO ledger_head (version, hash) VALUES (0, sha256(''));

CREATE TABLE audit (
  version     bigint PRIMARY KEY,
  create_time timestamptz NOT NULL,
  person_id   uuid NOT NULL,
  person_name text NOT NULL,
  method      text NOT NULL,
  request_id  uuid NOT NULL,
  resource    text NOT NULL,
  before      text NOT NULL,
  after       text NOT NULL,
  hash        bytea NOT NULL
);

CREATE TABLE change (
  version     bigint PRIMARY KEY,
  create_time timestamptz NOT NULL,
  resource    text NOT NULL
);

-- Neither is ever changed, by whoever.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON change
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The head stays locked until the transaction ends, so that versions are without gaps and in the
-- order of commits, and the chain has no forks.
CREATE FUNCTION append_ledger(
  person uuid, name text, called text, request uuid,
  resources text[], befores text[], afters text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  last ledger_head;
  now_ timestamptz := clock_timestamp();
  written text := to_char(now_ AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US');
  chain bytea[] := '{}';
BEGIN
  SELECT * INTO last FROM ledger_head FOR UPDATE;
  FOR i IN 1 .. cardinality(resources) LOOP
    last.hash := sha256(last.hash || convert_to(concat_ws(E'\x1f', last.version + i, written,
      person, name, called, request, resources[i], befores[i], afters[i]), 'UTF8'));
    chain[i] := last.hash;
  END LOOP;
  INSERT INTO audit
  SELECT last.version + e.place, now_, person, name, called, request,
         e.resource, e.before, e.after, e.hash
    FROM unnest(resources, befores, afters, chain) WITH ORDINALITY
      AS e (resource, before, after, hash, place);
  -- What was only read stands in the audit trail alone.
  INSERT INTO change
  SELECT last.version + e.place, now_, e.resource
    FROM unnest(resources, befores, afters) WITH ORDINALITY AS e (resource, before, after, place)
   WHERE e.before <> e.after;
  UPDATE ledger_head SET version = last.version + cardinality(resources), hash = last.hash;
END $$;
