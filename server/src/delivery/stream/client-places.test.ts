import { expect, test } from "vitest";
import { createClientPlaces } from "./client-places.ts";

const refused = expect.objectContaining({ code: "rate-limited", retryAfterSeconds: expect.any(Number) });

test("one address gets its share of the places for pages, and all addresses no more than there are", () => {
  const take = createClientPlaces({ all: 3, ofNetwork: 2 });
  const leave = take("client", "192.0.2.1");
  take("client", "192.0.2.1");
  expect(() => take("client", "192.0.2.1")).toThrow(refused);
  take("client", "192.0.2.2");
  expect(() => take("client", "192.0.2.3")).toThrow(refused);
  leave();
  take("client", "192.0.2.3");
  expect(() => take("client", "192.0.2.4")).toThrow(refused);
});

test("an IPv6 customer is one address", () => {
  const take = createClientPlaces({ all: 3, ofNetwork: 1 });
  take("client", "2001:db8::1");
  expect(() => take("client", "2001:db8::1:2:3:4")).toThrow(refused);
  take("client", "2001:db8:0:1::1");
});

test("servers take no place of pages, and are never refused one", () => {
  const take = createClientPlaces({ all: 1, ofNetwork: 1 });
  for (let streams = 0; streams < 10; streams += 1) take("server", "192.0.2.1");
  take("client", "192.0.2.1");
  take("server", "192.0.2.1");
});
