-- Up Migration

-- Every projection keeps its checkpoints in a table of its own, so that a rebuild swaps them together with the view's tables.
-- To be called once, by the migration that creates the tables of a new projection.
CREATE FUNCTION daybook_create_checkpoints(projection text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text := replace(projection, '-', '_') || '_checkpoints';
BEGIN
  EXECUTE format(
    'CREATE TABLE %I (
       tenant      text   NOT NULL COLLATE "C",
       stream_type text   NOT NULL COLLATE "C",
       stream_id   text   NOT NULL COLLATE "C",
       version     bigint NOT NULL,
       PRIMARY KEY (tenant, stream_type, stream_id))',
    name);
  PERFORM daybook_protect_view(name::regclass);
END $$;

DO $$
DECLARE projection text;
BEGIN
  FOR projection IN SELECT unnest(ARRAY['orders', 'products', 'sales', 'stock']) UNION SELECT c.projection FROM checkpoints c
  LOOP
    PERFORM daybook_create_checkpoints(projection);
    EXECUTE format(
      'INSERT INTO %I SELECT tenant, stream_type, stream_id, version FROM checkpoints WHERE projection = %L',
      replace(projection, '-', '_') || '_checkpoints', projection);
  END LOOP;
END $$;
DROP TABLE checkpoints;
