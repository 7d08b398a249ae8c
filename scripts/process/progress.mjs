// One line for a step: what it is when it starts, how long it took when it ends.

/** A failure that has already been shown, with what to do about it. */
export class StepFailed extends Error {}

export async function step(title, action, advice = "") {
  const started = performance.now();
  process.stdout.write(`${title} … `);
  try {
    const result = await action();
    console.log(seconds(started));
    return result;
  } catch (error) {
    console.log(`failed after ${seconds(started)}`);
    if (error.output) console.error(`\n${error.output.trim()}\n`);
    console.error(`${error.message}${advice && `\n${advice}`}`);
    throw new StepFailed(title, { cause: error });
  }
}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Runs a script's main function: its number is the exit code, and a shown failure is not shown again. */
export async function main(action) {
  try {
    process.exitCode = await action();
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
}

/** A step's failure has been shown where it happened. */
export function report(error) {
  if (!(error instanceof StepFailed)) console.error(error);
}
