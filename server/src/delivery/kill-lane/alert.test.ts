import fc from "fast-check";
import { expect, test } from "vitest";
import { readAlert } from "./alert.ts";

const firing = (fingerprint: string, startsAt: string, status = "firing") => ({
  status,
  fingerprint,
  startsAt,
  labels: { alertname: "PaymentErrors" },
  annotations: { summary: "payment errors above 2 %" },
});

test("Alertmanager and Grafana: the alert that began the group names the episode", () => {
  const group = {
    version: "4",
    status: "firing",
    commonLabels: { alertname: "PaymentErrors" },
    commonAnnotations: { description: "errors at 3 %" },
    alerts: [firing("b", "2026-11-22T03:01:00Z"), firing("a", "2026-11-22T03:00:00Z")],
  };
  const episode = "a 2026-11-22T03:00:00Z";
  expect(readAlert(group)).toEqual({ reason: "errors at 3 %", firing: episode, resolved: [] });
  const grown = { ...group, alerts: [...group.alerts, firing("c", "2026-11-22T03:02:00Z")] };
  expect(readAlert(grown).firing).toBe(episode);
  const [later] = group.alerts;
  const outlived = { ...group, alerts: [later, firing("a", "2026-11-22T03:00:00Z", "resolved")] };
  expect(readAlert(outlived)).toMatchObject({ firing: "b 2026-11-22T03:01:00Z", resolved: [episode] });
  const resolved = {
    ...group,
    status: "resolved",
    alerts: [firing("a", "2026-11-22T03:00:00Z", "resolved")],
  };
  expect(readAlert(resolved)).toMatchObject({ firing: undefined, resolved: [episode] });
});

test("Datadog: the cycle key links a trigger to its recovery", () => {
  const triggered = { title: "Checkout is slow", alert_transition: "Triggered", alert_cycle_key: 7412 };
  expect(readAlert(triggered)).toEqual({ reason: "Checkout is slow", firing: "7412", resolved: [] });
  expect(readAlert({ ...triggered, alert_transition: "Recovered" })).toMatchObject({
    firing: undefined,
    resolved: ["7412"],
  });
});

test("plain JSON, and a body that says nothing", () => {
  expect(readAlert({ reason: "it burns", episode: "e-1" })).toEqual({
    reason: "it burns",
    firing: "e-1",
    resolved: [],
  });
  expect(readAlert({})).toEqual({ reason: "an alert fired", firing: null, resolved: [] });
});

test("what PostgreSQL cannot hold is replaced", () => {
  expect(readAlert({ reason: "a\0b\ud800" }).reason).toBe("a\ufffdb\ufffd");
});

test("no body makes it throw, or gives an empty or endless reason", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => {
      const { reason } = readAlert(body);
      expect(reason.length).toBeGreaterThan(0);
      expect(reason.length).toBeLessThanOrEqual(1_000);
    }),
  );
});
