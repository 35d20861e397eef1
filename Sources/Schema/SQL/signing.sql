-- What is signed. Intents come before any key is used; documents and files are never changed.

CREATE TABLE signing_policy (
  id         text PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('MARK_SHEET', 'TRANSCRIPT')),
  roles      text[] NOT NULL,
  valid_from date NOT NULL,
  valid_to   date
);
INSERT INTO signing_policy VALUES
  ('bang-diem/1', 'MARK_SHEET', '{subject-teacher}', '2022-08-18', NULL),
  ('hoc-ba/1', 'TRANSCRIPT', '{class-teacher,principal,seal}', '2022-08-18', NULL);

-- One version of one source: a mark sheet, or the transcript of a pupil and year.
CREATE TABLE document (
  school_id      uuid NOT NULL,
  id             uuid NOT NULL,
  source         text NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('MARK_SHEET', 'TRANSCRIPT')),
  revision       int NOT NULL CHECK (revision >= 1),
  policy         text NOT NULL REFERENCES signing_policy,
  school_year    text NOT NULL,
  class_id       uuid NOT NULL,
  subject        text,
  term           int,
  student_id     uuid,
  payload_digest text NOT NULL,
  PRIMARY KEY (school_id, id),
  CONSTRAINT document_revision UNIQUE (school_id, source, revision),
  CHECK ((kind = 'MARK_SHEET') = (subject IS NOT NULL AND term IS NOT NULL AND student_id IS NULL)),
  CHECK ((kind = 'TRANSCRIPT') = (student_id IS NOT NULL))
);
CREATE INDEX document_class ON document (school_id, class_id, kind);

-- The file after each signature; the last one of the policy makes it issued.
CREATE TABLE signed_file (
  school_id      uuid NOT NULL,
  document_id    uuid NOT NULL,
  step           int NOT NULL CHECK (step >= 1),
  role           text NOT NULL,
  signer         text NOT NULL,
  person_id      uuid NOT NULL,
  certificate_id uuid NOT NULL,
  signing_time   timestamptz NOT NULL,
  content        bytea COMPRESSION lz4 NOT NULL,
  content_digest text NOT NULL,
  create_time    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (school_id, document_id, step),
  FOREIGN KEY (school_id, document_id) REFERENCES document
);
CREATE INDEX signed_file_digest ON signed_file (content_digest);

-- What somebody was given to sign. `prepared` is all that is needed to complete it.
CREATE TABLE intent (
  school_id      uuid NOT NULL,
  id             uuid NOT NULL,
  document_id    uuid NOT NULL,
  step           int NOT NULL,
  role           text NOT NULL,
  person_id      uuid NOT NULL,
  certificate_id uuid NOT NULL,
  prepared       bytea COMPRESSION lz4 NOT NULL,
  signing_time   timestamptz NOT NULL,
  expire_time    timestamptz NOT NULL,
  complete_time  timestamptz,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, document_id) REFERENCES document
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['document', 'signed_file', 'intent'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    -- Compared as uuid, so that the policy finds the rows by their keys.
    EXECUTE format('CREATE POLICY one_school ON %I USING (school_id = NULLIF(current_setting(''hocba.school'', true), '''')::uuid)', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['document', 'signed_file'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t);
  END LOOP;
END $$;

-- A document with its signatures in order, and whether a newer revision is issued. Rows are those that
-- the caller may see: row-level security is the caller's.
CREATE VIEW document_state WITH (security_invoker = true) AS
  SELECT d.school_id, d.id, d.source, d.kind, d.revision, d.policy, d.school_year, d.class_id,
         d.payload_digest, cardinality(p.roles) AS required_steps, s.*,
         EXISTS (SELECT FROM document n JOIN signed_file nf
                   ON nf.school_id = n.school_id AND nf.document_id = n.id
                  AND nf.step = cardinality(p.roles)
                 WHERE n.school_id = d.school_id AND n.source = d.source AND n.revision > d.revision
                ) AS superseded
    FROM document d
    JOIN signing_policy p ON p.id = d.policy
   CROSS JOIN LATERAL (
     SELECT coalesce(max(f.step), 0) AS steps,
            array_agg(f.role ORDER BY f.step) AS roles,
            array_agg(f.signer ORDER BY f.step) AS signers,
            array_agg(extract(epoch FROM f.signing_time)::bigint ORDER BY f.step) AS signing_times,
            coalesce((array_agg(f.content_digest ORDER BY f.step DESC))[1], '') AS content_digest,
            extract(epoch FROM max(f.create_time))::bigint AS last_signed_at
       FROM signed_file f WHERE f.school_id = d.school_id AND f.document_id = d.id) s;

-- Whether a file was issued here, for public verification: digests only, of all schools.
CREATE VIEW register AS
  SELECT f.content_digest, f.step = cardinality(p.roles) AS issued,
         EXISTS (SELECT FROM document n JOIN signed_file nf
                   ON nf.school_id = n.school_id AND nf.document_id = n.id
                  AND nf.step = cardinality(p.roles)
                 WHERE n.school_id = d.school_id AND n.source = d.source AND n.revision > d.revision
                ) AS superseded
    FROM signed_file f
    JOIN document d ON d.school_id = f.school_id AND d.id = f.document_id
    JOIN signing_policy p ON p.id = d.policy;

-- Every document with how far it is signed.
CREATE VIEW published_document AS
  SELECT d.school_id, d.id, d.source, d.kind, d.revision, d.school_year, d.class_id, d.subject,
         d.term, d.student_id, d.payload_digest,
         (SELECT max(f.step) FROM signed_file f
           WHERE f.school_id = d.school_id AND f.document_id = d.id) AS steps,
         (SELECT f.signer FROM signed_file f
           WHERE f.school_id = d.school_id AND f.document_id = d.id AND f.step = 1) AS first_signer,
         cardinality(p.roles) AS required_steps
    FROM document d JOIN signing_policy p ON p.id = d.policy;

GRANT SELECT ON published_document TO hocba_records, hocba_reporting;
