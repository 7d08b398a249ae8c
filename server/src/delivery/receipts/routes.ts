import { coversEnvironment } from "../../access/index.ts";
import { AppError, notFound } from "../../errors.ts";
import type { createRouter } from "../../http/index.ts";
import type { Environments } from "../environments/index.ts";
import { sdkActor } from "../sdk-actor.ts";
import type { Receipts } from "./receipts.ts";
import { senderOf } from "./sender.ts";

const COME_AGAIN_SECONDS = 30;

export function addReceiptRoutes(
  routes: ReturnType<typeof createRouter>,
  { environments, receipts }: { environments: Environments; receipts: Receipts },
): void {
  routes.on("POST /sdk/v1/receipts", (call) => {
    if (receipts.take(senderOf(call.req.headers, sdkActor(call)), call.body)) return undefined;
    throw new AppError("unavailable", "Receipts are not taken right now.", {
      retryAfterSeconds: COME_AGAIN_SECONDS,
    });
  });

  routes.on(
    "GET /api/v1/projects/{project}/environments/{environment}/instances",
    ({ actor, project, params }) => {
      const environment = [...environments.all()].find(
        ({ projectId, key }) => projectId === project.id && key === params.environment,
      );
      if (!environment) throw notFound("environment");
      if (!coversEnvironment(actor, environment.id))
        throw new AppError("forbidden", "This token is not valid for that environment.");
      return receipts.instances(environment);
    },
  );
}
