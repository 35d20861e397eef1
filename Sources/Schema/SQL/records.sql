-- What schools record. Every table of a school begins its key with school_id, so that it can be
-- distributed by it, and shows rows of one school only: the one that the transaction is set to.

CREATE TABLE school_year (
  name             text PRIMARY KEY,
  start_date       date NOT NULL,
  second_term_date date NOT NULL,
  end_date         date NOT NULL
);
INSERT INTO school_year
  SELECT y || '-' || y + 1, make_date(y, 9, 5), make_date(y + 1, 1, 16), make_date(y + 1, 5, 31)
    FROM generate_series(2020, 2030) AS y;

-- The office's roll-out of 18 August 2022: grades with electronic transcripts.
CREATE TABLE rollout (
  school_year text PRIMARY KEY REFERENCES school_year,
  grades      int[] NOT NULL
);
INSERT INTO rollout VALUES
  ('2022-2023', '{1,6}'), ('2023-2024', '{1,2,6,7}'), ('2024-2025', '{1,2,3,6,7,8}'),
  ('2025-2026', '{1,2,3,4,6,7,8,9}'), ('2026-2027', '{1,2,3,4,5,6,7,8,9}'),
  ('2027-2028', '{1,2,3,4,5,6,7,8,9}'), ('2028-2029', '{1,2,3,4,5,6,7,8,9}'),
  ('2029-2030', '{1,2,3,4,5,6,7,8,9}'), ('2030-2031', '{1,2,3,4,5,6,7,8,9}');

CREATE TABLE staff (
  school_id    uuid NOT NULL,
  code         text NOT NULL,
  display_name text NOT NULL,
  birth_date   date,
  sex          text NOT NULL,
  personal_id  text NOT NULL,
  position     text NOT NULL,
  email        text NOT NULL,
  PRIMARY KEY (school_id, code)
);

CREATE TABLE class (
  school_id     uuid NOT NULL,
  id            uuid NOT NULL,
  school_year   text NOT NULL REFERENCES school_year,
  name          text NOT NULL,
  grade         int NOT NULL CHECK (grade BETWEEN 1 AND 9),
  class_teacher text NOT NULL,
  PRIMARY KEY (school_id, id),
  UNIQUE (school_id, school_year, name),
  FOREIGN KEY (school_id, class_teacher) REFERENCES staff
);

-- The id is the pupil's for life, at every school; the row is the school's.
CREATE TABLE student (
  school_id    uuid NOT NULL,
  id           uuid NOT NULL,
  code         text NOT NULL,
  display_name text NOT NULL,
  birth_date   date NOT NULL,
  sex          text NOT NULL,
  ethnicity    text NOT NULL,
  birthplace   text NOT NULL,
  personal_id  text NOT NULL,
  guardian     text NOT NULL,
  phone        text NOT NULL,
  address      text NOT NULL,
  status       text NOT NULL,
  PRIMARY KEY (school_id, id),
  UNIQUE (school_id, code)
);

CREATE TABLE enrolment (
  school_id   uuid NOT NULL,
  student_id  uuid NOT NULL,
  school_year text NOT NULL,
  class_id    uuid NOT NULL,
  PRIMARY KEY (school_id, student_id, school_year),
  FOREIGN KEY (school_id, student_id) REFERENCES student,
  FOREIGN KEY (school_id, class_id) REFERENCES class
);
CREATE INDEX enrolment_class ON enrolment (school_id, class_id);

CREATE TABLE assignment (
  school_id    uuid NOT NULL,
  class_id     uuid NOT NULL,
  subject      text NOT NULL,
  display_name text NOT NULL,
  teacher      text NOT NULL,
  PRIMARY KEY (school_id, class_id, subject),
  FOREIGN KEY (school_id, class_id) REFERENCES class,
  FOREIGN KEY (school_id, teacher) REFERENCES staff
);

-- A pupil's row in a mark sheet: its comment, and the version that a change must name.
CREATE TABLE mark_row (
  school_id  uuid NOT NULL,
  class_id   uuid NOT NULL,
  subject    text NOT NULL,
  term       int NOT NULL CHECK (term IN (1, 2)),
  student_id uuid NOT NULL,
  comment    text NOT NULL DEFAULT '',
  version    bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (school_id, class_id, subject, term, student_id),
  FOREIGN KEY (school_id, student_id) REFERENCES student,
  FOREIGN KEY (school_id, class_id) REFERENCES class
);

-- One mark is one row, and says exactly one thing: a score in tenths, a level, or why there is none.
-- A mark that nobody has entered has no row.
CREATE TABLE mark (
  school_id  uuid NOT NULL,
  class_id   uuid NOT NULL,
  subject    text NOT NULL,
  term       int NOT NULL,
  student_id uuid NOT NULL,
  slot       text NOT NULL,
  ordinal    int NOT NULL,
  score      int CHECK (score BETWEEN 0 AND 100),
  level      text,
  absence    text,
  PRIMARY KEY (school_id, class_id, subject, term, student_id, slot, ordinal),
  FOREIGN KEY (school_id, class_id, subject, term, student_id) REFERENCES mark_row,
  CHECK (num_nonnulls(score, level, absence) = 1)
);

-- Conduct (rèn luyện) and attendance of a term, lower secondary.
CREATE TABLE conduct (
  school_id  uuid NOT NULL,
  class_id   uuid NOT NULL,
  term       int NOT NULL CHECK (term IN (1, 2)),
  student_id uuid NOT NULL,
  level      text,
  excused    int CHECK (excused >= 0),
  unexcused  int CHECK (unexcused >= 0),
  comment    text NOT NULL DEFAULT '',
  PRIMARY KEY (school_id, class_id, term, student_id),
  FOREIGN KEY (school_id, student_id) REFERENCES student,
  FOREIGN KEY (school_id, class_id) REFERENCES class
);

-- Qualities and competencies (phẩm chất, năng lực) of a period, primary.
CREATE TABLE trait (
  school_id  uuid NOT NULL,
  class_id   uuid NOT NULL,
  period     text NOT NULL,
  student_id uuid NOT NULL,
  trait      text NOT NULL,
  level      text NOT NULL,
  PRIMARY KEY (school_id, class_id, period, student_id, trait),
  FOREIGN KEY (school_id, student_id) REFERENCES student,
  FOREIGN KEY (school_id, class_id) REFERENCES class
);
CREATE TABLE trait_comment (
  school_id  uuid NOT NULL,
  class_id   uuid NOT NULL,
  period     text NOT NULL,
  student_id uuid NOT NULL,
  comment    text NOT NULL,
  PRIMARY KEY (school_id, class_id, period, student_id),
  FOREIGN KEY (school_id, student_id) REFERENCES student,
  FOREIGN KEY (school_id, class_id) REFERENCES class
);

-- Results of the year as last computed; what they are made of stands above.
CREATE TABLE result (
  school_id   uuid NOT NULL,
  student_id  uuid NOT NULL,
  school_year text NOT NULL,
  class_id    uuid NOT NULL,
  rule_set    text NOT NULL,
  -- Primary: result of the year. Lower secondary: academic result. NULL while incomplete.
  level       text,
  conduct     text,
  promoted    boolean,
  award       text,
  PRIMARY KEY (school_id, student_id, school_year),
  FOREIGN KEY (school_id, student_id) REFERENCES student,
  FOREIGN KEY (school_id, class_id) REFERENCES class
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['staff', 'class', 'student', 'enrolment', 'assignment', 'mark_row', 'mark',
    'conduct', 'trait', 'trait_comment', 'result']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    -- Compared as uuid, so that the policy finds the rows by their keys.
    EXECUTE format('CREATE POLICY one_school ON %I USING (school_id = NULLIF(current_setting(''hocba.school'', true), '''')::uuid)', t);
  END LOOP;
END $$;

CREATE VIEW published_class AS
  SELECT school_id, id, school_year, name, grade, class_teacher FROM class;
CREATE VIEW published_assignment AS
  SELECT school_id, class_id, subject, teacher FROM assignment;
CREATE VIEW published_enrolment AS
  SELECT e.school_id, e.student_id, e.school_year, e.class_id, s.code AS student_code, s.status
    FROM enrolment e JOIN student s ON s.school_id = e.school_id AND s.id = e.student_id;
CREATE VIEW published_mark_count AS
  SELECT school_id, class_id, subject, count(*) AS mark_count
    FROM mark GROUP BY school_id, class_id, subject;
CREATE VIEW published_result AS
  SELECT school_id, student_id, school_year, class_id, level, conduct, promoted, award FROM result;
CREATE VIEW published_rollout AS
  SELECT school_year, grades FROM rollout;

GRANT SELECT ON published_class, published_assignment, published_enrolment, published_rollout
  TO hocba_signing, hocba_reporting;
GRANT SELECT ON published_mark_count, published_result TO hocba_reporting;
