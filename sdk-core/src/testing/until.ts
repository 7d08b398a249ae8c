import type { ClientEvents, ClientLife } from "../client.ts";

/** The next such event that fits. */
export function next<Name extends keyof ClientEvents>(
  client: Pick<ClientLife, "on">,
  name: Name,
  fits: (event: ClientEvents[Name]) => boolean = () => true,
): Promise<ClientEvents[Name]> {
  return new Promise((resolve) => {
    const off = client.on(name, (event) => {
      if (!fits(event)) return;
      off();
      resolve(event);
    });
  });
}

/** Resolves once it holds; looked at again at every event of the client. */
export async function until(client: Pick<ClientLife, "on">, holds: () => boolean): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (!holds()) return;
      for (const off of offs) off();
      resolve();
    };
    const offs = (["status", "change", "kill"] as const).map((name) => client.on(name, look));
  });
}
