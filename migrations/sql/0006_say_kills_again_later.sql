-- Kills and lifts can be said again, later; nothing else of them is ever rewritten.
CREATE FUNCTION refuse_all_but_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.at > OLD.at
    AND (NEW.kill_id, NEW.environment_id, NEW.flag_key, NEW.arrival)
      = (OLD.kill_id, OLD.environment_id, OLD.flag_key, OLD.arrival)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
DROP TRIGGER kill_elements_append_only ON "kill_elements";
--> statement-breakpoint
DROP TRIGGER lift_elements_append_only ON "lift_elements";
--> statement-breakpoint
CREATE TRIGGER kill_elements_never_emptied BEFORE TRUNCATE ON "kill_elements"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
--> statement-breakpoint
CREATE TRIGGER lift_elements_never_emptied BEFORE TRUNCATE ON "lift_elements"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
--> statement-breakpoint
CREATE TRIGGER kill_elements_only_grow BEFORE UPDATE OR DELETE ON "kill_elements"
  FOR EACH ROW EXECUTE FUNCTION refuse_all_but_later();
--> statement-breakpoint
CREATE TRIGGER lift_elements_only_grow BEFORE UPDATE OR DELETE ON "lift_elements"
  FOR EACH ROW EXECUTE FUNCTION refuse_all_but_later();
