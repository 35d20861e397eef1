-- Schemas and login roles. Roles belong to the whole cluster and may be there already.
-- Exclusion constraints over text and a period need the operators of this extension, a trusted one.
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
DO $$
DECLARE s text;
BEGIN
  FOREACH s IN ARRAY ARRAY['identity', 'records', 'signing', 'reporting'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', 'hocba_' || s);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', s);
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = %I', 'hocba_' || s, current_database(), s);
  END LOOP;
END $$;
