import { type Actor, coversEnvironment, type ProjectRef } from "../../access/index.ts";
import { AppError, notFound } from "../../errors.ts";
import type { createRouter } from "../../http/index.ts";
import type { EnvironmentState, Environments } from "../environments/index.ts";
import { sdkActor } from "../sdk-actor.ts";
import { createDrillLimit } from "./drill-limit.ts";
import { newestDrill } from "./newest-drill.ts";
import { type DrillServices, runDrill } from "./run-drill.ts";
import { senderOf } from "./sender.ts";

const COME_AGAIN_SECONDS = 30;

interface PlaceCall {
  actor: Actor;
  project: ProjectRef;
  params: { environment: string };
}

export function addReceiptRoutes(
  routes: ReturnType<typeof createRouter>,
  services: DrillServices & { environments: Environments },
): void {
  const { environments, receipts } = services;
  routes.on("POST /sdk/v1/receipts", (call) => {
    if (receipts.take(senderOf(call.req.headers, sdkActor(call)), call.body)) return undefined;
    throw new AppError("unavailable", "Receipts are not taken right now.", {
      retryAfterSeconds: COME_AGAIN_SECONDS,
    });
  });

  routes.on("GET /api/v1/projects/{project}/environments/{environment}/instances", async (call) => {
    const environment = environmentOf(call);
    const drill = await newestDrill(services.database, environment.id);
    return { ...receipts.instances(environment), drill };
  });

  const limitDrills = createDrillLimit();
  routes.on("POST /api/v1/projects/{project}/environments/{environment}/drill", async (call) => {
    const environment = environmentOf(call);
    await limitDrills(environment.id);
    return runDrill(services, environment);
  });

  function environmentOf({ actor, project, params }: PlaceCall): EnvironmentState {
    const environment = [...environments.all()].find(
      ({ projectId, key }) => projectId === project.id && key === params.environment,
    );
    if (!environment) throw notFound("environment");
    if (!coversEnvironment(actor, environment.id))
      throw new AppError("forbidden", "This token is not valid for that environment.");
    return environment;
  }
}
