// Services for the tests, from the first of: a URL given, a program found, apt, Docker. Otherwise it says what to do.
import { aptInstall, canUseApt } from "./apt.mjs";
import { chromium } from "./chromium.mjs";
import { canUseDocker } from "./docker.mjs";
import { postgres } from "./postgres.mjs";
import { redis } from "./redis.mjs";

export const services = { postgres, redis, chromium };

/** Resolves to the environment variables that the tests read. What was started ends with the janitor. */
export async function provideServices(janitor, names = Object.keys(services), log = () => {}) {
  const wanted = names.map((name) => services[name]).filter((service) => !process.env[service.variable]);
  await installMissing(wanted, log);
  const started = await Promise.all(wanted.map((service) => startOne(service, janitor)));
  const given = names.map((name) => services[name].variable).filter((variable) => process.env[variable]);
  return Object.fromEntries([
    ...given.map((variable) => [variable, process.env[variable]]),
    ...wanted.map((service, index) => [service.variable, started[index].url]),
  ]);
}

/** Installs the programs of these services that are not there, where it may. */
export async function installMissing(wanted, log = () => {}) {
  const missing = wanted.filter((service) => !service.find());
  if (missing.length === 0 || !canUseApt()) return;
  log(`installing ${missing.map((service) => service.name).join(", ")} with apt-get`);
  await aptInstall(missing.map((service) => service.debianPackage));
}

async function startOne(service, janitor) {
  if (!service.find() && service.installElsewhere) await service.installElsewhere();
  const program = service.find();
  if (program) return service.start(janitor, program);
  if (service.startInDocker && (await canUseDocker())) return service.startInDocker(janitor);
  throw new Error(`${service.name} is needed for the tests and was not found.\n  ${service.advice}`);
}
