-- Each service may use its own tables; of the others' schemas, only what they publish (granted where
-- the views are made). Audit and migrations can be read and, the former, added to; nothing more.
DO $$
DECLARE s text; r text; v text;
BEGIN
  FOREACH s IN ARRAY ARRAY['identity', 'records', 'signing', 'reporting'] LOOP
    r := 'hocba_' || s;
    EXECUTE format('GRANT USAGE ON SCHEMA identity, records, signing TO %I', r);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', s, r);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', s, r);
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %I.migration FROM %I', s, r);
    -- Views are for reading: those that others may see belong to the owner, whom no policy binds.
    FOR v IN SELECT viewname FROM pg_views WHERE schemaname = s LOOP
      EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %I.%I FROM %I', s, v, r);
    END LOOP;
    IF s <> 'reporting' THEN
      EXECUTE format('REVOKE UPDATE, DELETE ON %I.audit, %I.change FROM %I', s, s, r);
    END IF;
  END LOOP;
  REVOKE UPDATE, DELETE ON signing.document, signing.signed_file FROM hocba_signing;
  -- Whoever changes a policy changes what counts as issued; an intent is only ever closed.
  REVOKE INSERT, UPDATE, DELETE ON signing.signing_policy FROM hocba_signing;
  REVOKE UPDATE, DELETE ON signing.intent FROM hocba_signing;
  GRANT UPDATE (complete_time) ON signing.intent TO hocba_signing;
END $$;
