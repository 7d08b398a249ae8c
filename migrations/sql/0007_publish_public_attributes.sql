INSERT INTO "publications" ("environment_id", "epoch", "revision", "kind", "key", "content", "change_id")
SELECT e."id", e."epoch", e."revision", 'attribute', a."name", '{"visibility":"public"}', ''
FROM "attributes" AS a
JOIN "environments" AS e ON e."project_id" = a."project_id"
WHERE a."visibility" = 'public';
