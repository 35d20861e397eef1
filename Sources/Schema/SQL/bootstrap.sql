-- Schemas and login roles. Roles belong to the whole cluster and may be there already.
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
