-- Reporting reads what the others publish and keeps nothing of its own yet.
COMMENT ON SCHEMA reporting IS 'reads the published views of identity, records and signing';
