-- Who there is: organisations over time, people, roles, keys, certificates.

CREATE TABLE organization (
  id           uuid PRIMARY KEY,
  code         text NOT NULL,
  display_name text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('MINISTRY', 'PROVINCE', 'DISTRICT', 'SCHOOL')),
  parent_id    uuid REFERENCES organization,
  levels       text[] NOT NULL DEFAULT '{}',
  valid_from   date NOT NULL,
  valid_to     date CHECK (valid_to >= valid_from),
  version      bigint NOT NULL DEFAULT 1,
  CHECK ((kind = 'MINISTRY') = (parent_id IS NULL)),
  -- A code may come back, but names one unit at a time.
  CONSTRAINT organization_code
    EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX organization_by_code ON organization (code);
CREATE INDEX organization_parent ON organization (parent_id);

CREATE TABLE person (
  id            uuid PRIMARY KEY,
  login         text NOT NULL CONSTRAINT person_login UNIQUE,
  display_name  text NOT NULL,
  staff_code    text NOT NULL DEFAULT '',
  personal_id   text NOT NULL DEFAULT '',
  email         text NOT NULL DEFAULT '',
  disabled      boolean NOT NULL DEFAULT false,
  -- Argon2id in its own encoding; empty: cannot sign in yet.
  password_hash text NOT NULL DEFAULT '',
  version       bigint NOT NULL DEFAULT 1
);

CREATE TABLE role (
  id              uuid PRIMARY KEY,
  person_id       uuid NOT NULL REFERENCES person,
  kind            text NOT NULL,
  organization_id uuid NOT NULL REFERENCES organization,
  start_date      date NOT NULL,
  end_date        date CHECK (end_date >= start_date)
);
CREATE INDEX role_person ON role (person_id);
CREATE INDEX role_organization ON role (organization_id);

-- Passwords tried since the last right one, by SHA-256 of the login, whether anybody has it or not.
CREATE TABLE password_attempt (
  login        bytea PRIMARY KEY,
  count        int NOT NULL,
  locked_until timestamptz NOT NULL
);
CREATE INDEX password_attempt_locked_until ON password_attempt (locked_until);

-- Keys of access tokens. A key signs from start_time to sign_until and is trusted to expire_time.
CREATE TABLE token_key (
  key_id      text PRIMARY KEY,
  private_key text NOT NULL,
  x           text NOT NULL,
  y           text NOT NULL,
  start_time  timestamptz NOT NULL,
  sign_until  timestamptz NOT NULL,
  expire_time timestamptz NOT NULL
);

CREATE TABLE certificate (
  id              uuid PRIMARY KEY,
  person_id       uuid REFERENCES person,
  organization_id uuid REFERENCES organization,
  der             bytea NOT NULL,
  fingerprint     bytea NOT NULL CONSTRAINT certificate_fingerprint UNIQUE,
  subject         text NOT NULL,
  issuer          text NOT NULL,
  start_time      timestamptz NOT NULL,
  expire_time     timestamptz NOT NULL,
  retire_time     timestamptz,
  CHECK (num_nonnulls(person_id, organization_id) = 1)
);
CREATE INDEX certificate_person ON certificate (person_id);
CREATE INDEX certificate_organization ON certificate (organization_id);

CREATE VIEW published_organization AS
  SELECT id, parent_id, code, display_name, kind, levels, valid_from, valid_to FROM organization;
CREATE VIEW published_token_key AS
  SELECT key_id, x, y, expire_time FROM token_key;
CREATE VIEW published_person AS
  SELECT id, display_name, staff_code FROM person;
CREATE VIEW published_certificate AS
  SELECT id, person_id, organization_id, der, expire_time, retire_time FROM certificate;

GRANT SELECT ON published_organization, published_token_key
  TO hocba_records, hocba_signing, hocba_reporting;
GRANT SELECT ON published_person, published_certificate TO hocba_signing;
