// node scripts/services.mjs [postgres] [redis] [chromium] -- <command>: runs a command with real services beside it.
import { hireJanitor } from "./process/janitor.mjs";
import { lendTerminal } from "./process/run.mjs";
import { provideServices, services } from "./services/provide.mjs";

const USAGE = `usage: node scripts/services.mjs [${Object.keys(services).join("] [")}] -- <command> [arguments]`;

function parse(args) {
  const separator = args.indexOf("--");
  const names = args.slice(0, Math.max(separator, 0));
  const command = args.slice(separator + 1);
  const known = names.every((name) => Object.hasOwn(services, name));
  return separator >= 0 && command.length > 0 && known ? { names, command } : undefined;
}

async function main() {
  const parsed = parse(process.argv.slice(2));
  if (!parsed) {
    console.error(USAGE);
    return 2;
  }
  const { names, command } = parsed;
  const janitor = hireJanitor();
  try {
    const provided = await provideServices(janitor, names.length > 0 ? names : undefined, (line) =>
      console.error(line),
    );
    return await lendTerminal(command[0], command.slice(1), {
      env: { ...process.env, ...provided },
      onSpawn: janitor.mindsProcess,
    });
  } catch (error) {
    console.error(error.message, error.output ?? "");
    return 1;
  } finally {
    await janitor.sweep();
  }
}

process.exitCode = await main();
