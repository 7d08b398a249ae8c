import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Chromium on a page of its own origin that reports what it sees. */
export interface ReportingPage<Report> {
  /** What was reported so far. */
  readonly reports: readonly Report[];
  /** The first report from now on that fits. */
  next(fits?: (report: Report) => boolean): Promise<Report>;
  /** What the page is told in answer to its next reports. */
  answer: string;
  close(): void;
}

interface PageOptions {
  /** A module beside the SDK's own; it calls `report(something)`, which resolves with the answer. */
  app: string;
  /** The body, as a server rendered it. */
  body?: string;
  /** Values that the module finds under these names. */
  define: Record<string, unknown>;
  /** Where its policy lets it connect. */
  connect: string;
}

const REPORT = `
  const report = async (seen) =>
    (await fetch("/report", { method: "POST", body: JSON.stringify(seen) })).text();
`;
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"];

export async function openPage<Report>(options: PageOptions): Promise<ReportingPage<Report>> {
  const reports: Report[] = [];
  let hear: (report: Report) => void = () => {};
  const heard = (body: string): string => {
    const report: Report = JSON.parse(body);
    reports.push(report);
    hear(report);
    return page.answer;
  };
  const site = serve(await bundle(options), options, heard);
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const profile = mkdtempSync(join(tmpdir(), "lanyard-chromium-"));
  const { port } = site.address() as AddressInfo;
  const browser = spawn(
    process.env.CHROMIUM_PATH ?? "chromium",
    [...FLAGS, `--user-data-dir=${profile}`, `http://localhost:${port}/`],
    { detached: true, stdio: "ignore" },
  );
  const unable = new Promise<never>((_, reject) => browser.once("error", reject));
  const page: ReportingPage<Report> = {
    reports,
    answer: "",
    next: (fits = () => true) => {
      const next = new Promise<Report>((resolve) => {
        hear = (report) => fits(report) && resolve(report);
      });
      return Promise.race([next, unable]);
    },
    close() {
      end(browser);
      site.closeAllConnections();
      site.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
    },
  };
  return page;
}

/** Its helpers are in its group and must go with it. */
function end({ pid }: ChildProcess): void {
  if (pid) process.kill(-pid, "SIGKILL");
}

async function bundle({ app, define }: PageOptions): Promise<string> {
  const constants = { "process.env.NODE_ENV": "production", ...define };
  const { outputFiles } = await build({
    stdin: {
      contents: REPORT + app,
      resolveDir: fileURLToPath(new URL("..", import.meta.url)),
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "esm",
    minify: true,
    conditions: ["source"],
    define: Object.fromEntries(
      Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  });
  return outputFiles[0]?.text ?? "";
}

function serve(script: string, { body = "", connect }: PageOptions, heard: (body: string) => string): Server {
  const policy = `default-src 'none'; script-src 'self'; connect-src 'self' ${connect}; require-trusted-types-for 'script'`;
  const send = (response: ServerResponse, type: string, content: string): void => {
    response.writeHead(200, { "content-type": type, "content-security-policy": policy }).end(content);
  };
  return createServer((request, response) => {
    if (request.url === "/app.js") send(response, "text/javascript", script);
    else if (request.url === "/report") void text(request).then((content) => response.end(heard(content)));
    else send(response, "text/html", `<!doctype html><script type="module" src="/app.js"></script>${body}`);
  });
}
