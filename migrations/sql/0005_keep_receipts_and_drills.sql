CREATE TABLE "drills" (
	"environment_id" text PRIMARY KEY NOT NULL,
	"turn" timestamp with time zone NOT NULL,
	"at" timestamp with time zone,
	"receipts" jsonb
);
--> statement-breakpoint
CREATE TABLE "kill_receipts" (
	"kill_id" text PRIMARY KEY NOT NULL,
	"receipts" jsonb NOT NULL
);
