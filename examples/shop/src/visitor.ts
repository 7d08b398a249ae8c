import { randomUUID } from "node:crypto";
import type { Context } from "@lanyard/sdk-node";
import type { Request, Response } from "express";
import { type Product, productById } from "./catalogue.ts";

export const PLANS = ["free", "pro", "enterprise"] as const;
export type Plan = (typeof PLANS)[number];

/** Who is shopping, as their cookies say. A real shop would look the plan up. */
export interface Visitor {
  id: string;
  plan: Plan;
  cart: Product[];
}

const isPlan = (value: unknown): value is Plan => PLANS.includes(value as Plan);

export function readVisitor(request: Request): Visitor {
  const cookies = new Map(
    (request.headers.cookie ?? "").split(/;\s*/).map((pair) => {
      const [name = "", value = ""] = pair.split("=");
      return [name, value];
    }),
  );
  const plan = cookies.get("plan");
  const cart = (cookies.get("cart") ?? "").split(".").map(productById);
  return {
    id: cookies.get("user") || `visitor-${randomUUID().slice(0, 8)}`,
    plan: isPlan(plan) ? plan : "free",
    cart: cart.filter((product) => product !== undefined),
  };
}

export function writeVisitor(response: Response, { id, plan, cart }: Visitor): void {
  const options = { httpOnly: true, sameSite: "lax", encode: String } as const;
  response.cookie("user", id, options);
  response.cookie("plan", plan, options);
  response.cookie("cart", cart.map((product) => product.id).join("."), options);
}

/** What Lanyard is told about them: whom to split by, and what rules may ask. */
export const contextOf = ({ id, plan }: Visitor): Context => ({ targetingKey: id, plan });
