CREATE TABLE "metric_minutes" (
	"environment_id" text NOT NULL,
	"metric" text NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"count" bigint NOT NULL,
	"sum" double precision NOT NULL,
	CONSTRAINT "metric_minutes_environment_id_metric_minute_pk" PRIMARY KEY("environment_id","metric","minute")
);
--> statement-breakpoint
CREATE INDEX "metric_minutes_minute" ON "metric_minutes" USING btree ("minute");