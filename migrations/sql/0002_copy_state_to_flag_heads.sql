ALTER TABLE "flag_heads" ADD COLUMN "turned_on" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "flag_heads" ADD COLUMN "audience" text DEFAULT 'server' NOT NULL;--> statement-breakpoint
UPDATE "flag_heads" AS h
SET "turned_on" = (r."content"::jsonb ->> 'on')::boolean, "audience" = r."content"::jsonb ->> 'audience'
FROM "flag_revisions" AS r
WHERE r."flag_id" = h."flag_id" AND r."environment_id" = h."environment_id" AND r."number" = h."number";
