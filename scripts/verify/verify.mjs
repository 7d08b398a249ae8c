import { availableParallelism } from "node:os";
import { pool } from "../process/pool.mjs";
import { seconds } from "../process/progress.mjs";
import { steps } from "./steps.mjs";

/** Runs every step, as many at once as there are processors; resolves to how many passed and failed. */
export async function verify() {
  const results = await pool(steps, availableParallelism(), runStep);
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

async function runStep({ name, check }) {
  const started = performance.now();
  try {
    await check();
    console.log(`✓ ${name}  ${seconds(started)}`);
    return true;
  } catch (error) {
    console.log(`✗ ${name}  ${seconds(started)}\n${indented(`${error.output ?? ""}\n${error.message}`)}`);
    return false;
  }
}

function indented(text) {
  return text.trim().replaceAll(/^/gm, "    ");
}
