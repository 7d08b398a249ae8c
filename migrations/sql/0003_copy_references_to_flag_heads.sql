ALTER TABLE "flag_heads" ADD COLUMN "needed_flags" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "flag_heads" ADD COLUMN "used_segments" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE INDEX "flag_heads_needed_flags" ON "flag_heads" USING gin ("needed_flags");--> statement-breakpoint
CREATE INDEX "flag_heads_used_segments" ON "flag_heads" USING gin ("used_segments");--> statement-breakpoint
UPDATE "flag_heads" AS h
SET
  "needed_flags" = ARRAY(SELECT DISTINCT jsonb_path_query(r."content"::jsonb, '$.prerequisites[*].flag') #>> '{}'),
  "used_segments" = ARRAY(SELECT DISTINCT jsonb_path_query(r."content"::jsonb, '$.rules[*].when.**.segment') #>> '{}')
FROM "flag_revisions" AS r
WHERE r."flag_id" = h."flag_id" AND r."environment_id" = h."environment_id" AND r."number" = h."number";
