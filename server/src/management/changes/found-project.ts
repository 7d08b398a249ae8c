import type { ActorSummary, Role } from "@lanyard/contract";
import type { ProjectRef } from "../../access/index.ts";
import type { AnyTransaction, UnrecordedWriter } from "../../database/database.ts";
import { environments, memberships, projects } from "../../database/schema/index.ts";
import { AppError } from "../../errors.ts";
import { newId } from "../../ids.ts";
import type { Services } from "../services.ts";
import { appendChange } from "./record.ts";

const OWNER: Role = "owner";

const FIRST_ENVIRONMENTS = [
  { key: "development", name: "Development", color: "green", protected: false },
  { key: "production", name: "Production", color: "red", protected: true },
];

export interface NewProject {
  key: string;
  name: string;
  owner: ActorSummary;
  /** Runs first in the same transaction: setup spends its token and makes the owner's account here. */
  prepare?(tx: UnrecordedWriter): Promise<void>;
}

/** The door's other half: a project cannot be locked before it exists, so its first change is made with it. */
export async function foundProject(services: Services, request: NewProject): Promise<ProjectRef> {
  const project = { id: newId("prj"), key: request.key, name: request.name };
  const sequence = await services.database.transaction(async (tx) => {
    await request.prepare?.(tx);
    const [made] = await tx
      .insert(projects)
      .values(project)
      .onConflictDoNothing({ target: projects.key })
      .returning({ id: projects.id });
    if (!made) throw new AppError("already-exists", `The project key "${request.key}" is taken.`);
    const after = await fill(tx, project.id, request.owner.id);
    return appendChange(
      tx,
      { sequence: 0, hash: "" },
      {
        id: newId("chg"),
        projectId: project.id,
        actor: request.owner,
        action: "project.created",
        subject: { kind: "project", key: project.key },
        message: "",
        before: null,
        after: { key: project.key, name: project.name, ...after },
      },
    );
  });
  services.fanout.announce({ type: "access", projectId: project.id });
  services.fanout.announce({ type: "recorded", projectId: project.id, sequence });
  return { id: project.id, key: project.key };
}

async function fill(tx: AnyTransaction, projectId: string, accountId: string) {
  await tx.insert(environments).values(
    FIRST_ENVIRONMENTS.map((environment, position) => ({
      ...environment,
      id: newId("env"),
      projectId,
      position,
    })),
  );
  await tx.insert(memberships).values({ projectId, accountId, role: OWNER });
  return { environments: FIRST_ENVIRONMENTS.map(({ key }) => key), owner: accountId };
}
