import type { RequestHandler } from "express";
import { collectDefaultMetrics, Histogram, register } from "prom-client";

if (!register.getSingleMetric("process_cpu_user_seconds_total")) collectDefaultMetrics();

const durations = new Histogram({
  name: "lanyard_http_request_duration_seconds",
  help: "Seconds from a request's arrival to the end of its answer, streams excluded",
  labelNames: ["method", "route", "status"],
  buckets: [0.001, 0.005, 0.02, 0.1, 0.25, 1, 5],
});

/** Labels by route pattern, never by path: paths carry keys of flags. */
export const measureRequests: RequestHandler = function measureRequests(req, res, next) {
  const end = durations.startTimer();
  res.on("finish", () => {
    if (res.getHeader("content-type")?.toString().startsWith("text/event-stream")) return;
    end({
      method: req.method,
      route: (req.route as { path?: string } | undefined)?.path ?? "other",
      status: res.statusCode,
    });
  });
  next();
};
