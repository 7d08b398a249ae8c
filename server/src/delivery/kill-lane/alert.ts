/** What a kill takes from an alert; what it kills is never the alert's to say. */
export interface Alert {
  reason: string;
  /** What fires; undefined when nothing does. */
  firing: Episode | undefined;
  /** What is over: of a group, each alert, since any of them may have begun it. */
  resolved: Episode[];
}

/** The same for every repetition; null when the body does not tell its episodes apart. */
export type Episode = string | null;

type Fields = Record<string, unknown>;

const REASON_LENGTH = 1_000;
const FALLBACK = "an alert fired";
const RESOLVED = new Set(["resolved", "recovered", "ok", "normal"]);

/** Reads what Alertmanager, Grafana and Datadog send, and plain JSON. Never throws. */
export function readAlert(body: Fields): Alert {
  const alerts = Array.isArray(body.alerts) ? body.alerts.filter(isFields) : [];
  const over = isResolved(text(body.status, body.alert_transition, body.state));
  const first = earliest(alerts);
  const reason = storable(reasonOf(body, first ?? alerts[0]).slice(0, REASON_LENGTH));
  if (alerts.length === 0) {
    const episode = text(body.alert_cycle_key, body.episode, body.id, body.alert_id) ?? null;
    return over
      ? { reason, firing: undefined, resolved: [episode] }
      : { reason, firing: episode, resolved: [] };
  }
  const resolved = alerts.filter(({ status }) => over || isResolved(text(status))).map(episodeOf);
  return { reason, firing: over || !first ? undefined : episodeOf(first), resolved };
}

function reasonOf(body: Fields, first: Fields | undefined): string {
  const annotations = fields(body.commonAnnotations);
  const own = fields(first?.annotations);
  const said = text(
    body.reason,
    annotations.summary,
    annotations.description,
    own.summary,
    own.description,
    body.title,
    body.message,
    fields(body.commonLabels).alertname,
    fields(first?.labels).alertname,
    body.body,
  );
  return said ?? FALLBACK;
}

/** Without NUL and halves of surrogate pairs, which PostgreSQL refuses. */
function storable(reason: string): string {
  return Buffer.from(reason.replaceAll("\0", "\uFFFD")).toString();
}

/** A group grows and shrinks while it fires; the alert that began it names its episode. */
function earliest(alerts: Fields[]): Fields | undefined {
  const firing = alerts.filter(({ status }) => !isResolved(text(status)));
  return firing.sort((a, b) => (order(a) < order(b) ? -1 : 1))[0];
}

function isResolved(status: string | undefined): boolean {
  return status !== undefined && RESOLVED.has(status.toLowerCase());
}

function order({ startsAt, fingerprint }: Fields): string {
  return `${text(startsAt) ?? ""} ${text(fingerprint) ?? ""}`;
}

function episodeOf({ fingerprint, startsAt }: Fields): Episode {
  const parts = [text(fingerprint), text(startsAt)].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(" ") : null;
}

/** The first that says something. */
function text(...candidates: unknown[]): string | undefined {
  for (const candidate of candidates) {
    if (typeof candidate === "string" && candidate.trim() !== "") return candidate.trim();
    if (typeof candidate === "number") return String(candidate);
  }
  return undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}
