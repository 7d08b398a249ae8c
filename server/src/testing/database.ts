import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { administer, databaseUrl } from "./administer.ts";

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A database of its own, with the newest schema and nothing in it. */
export async function testDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const name = `lanyard_test_${randomBytes(6).toString("hex")}`;
  const template = options.empty ? "template0" : inject("templateDatabase");
  await administer(`create database ${name} template ${template}`);
  return {
    url: databaseUrl(name),
    drop: () => administer(`drop database if exists ${name} with (force)`),
  };
}
