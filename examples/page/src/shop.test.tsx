import { LanyardProvider } from "@lanyard/sdk-browser/react";
import { createTestClient, type TestClient } from "@lanyard/sdk-browser/testing";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { Shop } from "./shop.tsx";

function rendered(client: TestClient): string {
  return renderToString(
    <LanyardProvider client={client}>
      <Shop identify={client.identify} />
    </LanyardProvider>,
  );
}

test("shows what the flags decide, on a server too", () => {
  const flags = { "new-checkout": true, recommendations: false, "plan-banner": "pro" };
  const client = createTestClient({ flags });
  const html = rendered(client);
  expect(html).toContain("Express checkout");
  expect(html).toContain("free shipping");
  expect(html).not.toContain("Others also took");
  client.set("recommendations", true);
  expect(rendered(client)).toContain("Others also took");
});

test("is the shop it always was while there are no flags", () => {
  const html = rendered(createTestClient());
  expect(html).toContain("Continue to address");
  expect(html).toContain("Others also took");
  expect(html).not.toContain("free shipping");
});
