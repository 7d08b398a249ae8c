DROP INDEX "kill_elements_environment";--> statement-breakpoint
DROP INDEX "lift_elements_environment";--> statement-breakpoint
CREATE INDEX "kill_elements_environment" ON "kill_elements" USING btree ("environment_id");--> statement-breakpoint
CREATE INDEX "lift_elements_environment" ON "lift_elements" USING btree ("environment_id");--> statement-breakpoint
ALTER TABLE "kill_elements" DROP COLUMN "arrival";--> statement-breakpoint
ALTER TABLE "lift_elements" DROP COLUMN "arrival";--> statement-breakpoint
CREATE OR REPLACE FUNCTION refuse_all_but_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.at > OLD.at
    AND (NEW.kill_id, NEW.environment_id, NEW.flag_key) = (OLD.kill_id, OLD.environment_id, OLD.flag_key)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
