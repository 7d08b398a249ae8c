import { availableParallelism } from "node:os";
import { pool } from "../process/pool.mjs";
import { seconds } from "../process/progress.mjs";
import { steps } from "./steps.mjs";

/** Runs every step, as many at once as there are processors; resolves to how many passed, and what failed. */
export async function verify() {
  const results = await pool(steps, availableParallelism(), runStep);
  const failures = results.filter(({ message }) => message !== undefined);
  return { passed: results.length - failures.length, failed: failures.length, failures };
}

async function runStep({ name, check }) {
  const started = performance.now();
  try {
    await check();
    console.log(`✓ ${name}  ${seconds(started)}`);
    return { test: name };
  } catch (error) {
    const message = `${error.output ?? ""}\n${error.message}`;
    console.log(`✗ ${name}  ${seconds(started)}\n${indented(message)}`);
    return { test: name, message };
  }
}

function indented(text) {
  return text.trim().replaceAll(/^/gm, "    ");
}
