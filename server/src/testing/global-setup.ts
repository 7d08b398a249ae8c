import { randomBytes } from "node:crypto";
import { migratePostgres } from "@lanyard/migrations";
import type { TestProject } from "vitest/node";
import { administer, databaseUrl } from "./administer.ts";

declare module "vitest" {
  export interface ProvidedContext {
    templateDatabase: string;
  }
}

/** Migrates one template a run; each test file copies it, which takes milliseconds. */
export default async function prepareTemplate(project: TestProject) {
  const name = `lanyard_template_${randomBytes(6).toString("hex")}`;
  await administer(`create database ${name}`);
  await migratePostgres(databaseUrl(name));
  project.provide("templateDatabase", name);
  return () => administer(`drop database if exists ${name} with (force)`);
}
