import { existsSync, rmSync, writeFileSync } from "node:fs";
import { findProgram } from "../process/find-program.mjs";
import { run } from "../process/run.mjs";

const POLICY = "/usr/sbin/policy-rc.d";

export function canUseApt() {
  return (
    process.getuid?.() === 0 && existsSync("/etc/debian_version") && findProgram(["apt-get"]) !== undefined
  );
}

/** Installs the programs without letting Debian start their services: tests start their own. */
export async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const patience = ["-o", "DPkg::Lock::Timeout=180", "-o", "Acquire::Retries=3"];
  const policyIsOurs = !existsSync(POLICY);
  if (policyIsOurs) writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await run("apt-get", [...patience, "update", "-qq"], { env });
    await run("apt-get", [...patience, "install", "-qq", "-y", "--no-install-recommends", ...packages], {
      env,
    });
  } finally {
    if (policyIsOurs) rmSync(POLICY, { force: true });
  }
}
