DROP INDEX "kill_elements_environment";--> statement-breakpoint
DROP INDEX "lift_elements_environment";--> statement-breakpoint
CREATE INDEX "kill_elements_environment" ON "kill_elements" USING btree ("environment_id");--> statement-breakpoint
CREATE INDEX "lift_elements_environment" ON "lift_elements" USING btree ("environment_id");--> statement-breakpoint
ALTER TABLE "kill_elements" DROP COLUMN "arrival";--> statement-breakpoint
ALTER TABLE "lift_elements" DROP COLUMN "arrival";