// Running other programs: captured quietly, or passed through to this terminal.
import { spawn } from "node:child_process";
import { constants } from "node:os";

/** What still runs for us when we end; nobody would read its output any more. */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill();
});

export class CommandFailed extends Error {
  constructor(command, args, { code, signal, output }) {
    super(`${[command, ...args].join(" ")} ${signal ? `was ended by ${signal}` : `exited with ${code}`}`);
    this.output = output;
  }
}

/** Collects both streams in the order they were written; rejects with `CommandFailed` when the exit code is not 0. */
export async function run(command, args, options = {}) {
  const result = await attempt(command, args, options);
  if (result.code !== 0) throw new CommandFailed(command, args, result);
  return result.output;
}

/** Like `run`, but a failure is an answer: `{ code, signal, output }`. A program that is not there has code 127. */
export function attempt(command, args, { input, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.stdin?.on("error", () => {}).end(input);
    child.on("error", (error) => resolve({ code: 127, signal: null, output: String(error) }));
    child.on("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal, output });
    });
    if (child.pid) running.add(child);
  });
}

/** Lends this terminal to a program until it ends, passing signals on; resolves to the exit code a shell would report. */
export function lendTerminal(command, args, { onSpawn, ...options } = {}) {
  const child = spawn(command, args, { stdio: "inherit", ...options });
  if (child.pid) onSpawn?.(child);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  // A Ctrl-C reaches the child by itself through the terminal's process group; hearing it a second time must do no harm.
  const pass = (signal) => {
    if (!(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass);
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(String(error));
      resolve(127);
    });
    child.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(() => {
    for (const signal of signals) process.off(signal, pass);
  });
}
