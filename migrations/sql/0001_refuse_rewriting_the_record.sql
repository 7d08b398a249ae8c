-- The record and what was live are append-only: whoever rewrites them must first drop a trigger, which shows.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER changes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "changes"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
--> statement-breakpoint
CREATE TRIGGER publications_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "publications"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
--> statement-breakpoint
CREATE TRIGGER kill_elements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "kill_elements"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
--> statement-breakpoint
CREATE TRIGGER lift_elements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "lift_elements"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
