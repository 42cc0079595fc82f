-- Up Migration

-- What every table of a view needs beside its columns: projectors write every tenant's rows, readers see their own tenant's alone.
-- The table's first column is `tenant`. To be called by the migration that creates the table.
CREATE FUNCTION daybook_protect_view(view regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', view);
  EXECUTE format('CREATE POLICY projector ON %s TO daybook_projector USING (true) WITH CHECK (true)', view);
  EXECUTE format('CREATE POLICY reader ON %s FOR SELECT TO daybook_reader USING (tenant = current_setting(''daybook.tenant'', true))', view);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO daybook_projector', view);
  EXECUTE format('GRANT SELECT ON %s TO daybook_reader', view);
END $$;
