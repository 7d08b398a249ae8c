import { randomUUID } from "node:crypto";
import type { Client } from "@lanyard/sdk-node";
import express, { type Express, type Request, type Response } from "express";
import { productById } from "./catalogue.ts";
import { byFlag, type Decisions, decide, missingFlags } from "./flags.ts";
import { cartPage, shelfPage, thanksPage, type View } from "./pages.ts";
import { STYLE } from "./style.ts";
import { contextOf, PLANS, readVisitor, writeVisitor } from "./visitor.ts";

/** The shop. Its flags are decided in this process, from memory, at every request. */
export function createShop(lanyard: Client): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(express.urlencoded({ extended: false }));

  app.get("/style.css", (_, response) => void response.type("css").send(STYLE));
  app.get("/", (request, response) => show(request, response, shelfPage));
  app.get("/cart", (request, response) => show(request, response, cartPage));
  app.get("/thanks", (request, response) => show(request, response, thanksPage));

  app.post("/cart/:id", (request, response) => {
    const visitor = readVisitor(request);
    const product = productById(request.params.id);
    if (product) writeVisitor(response, { ...visitor, cart: [...visitor.cart, product] });
    response.redirect(303, "/cart");
  });
  app.post("/checkout", (request, response) => {
    writeVisitor(response, { ...readVisitor(request), cart: [] });
    response.redirect(303, "/thanks");
  });
  app.post("/visitor", (request, response) => {
    const visitor = readVisitor(request);
    const plan = PLANS.find((each) => each === request.body?.plan) ?? visitor.plan;
    const id = request.body?.user ? `visitor-${randomUUID().slice(0, 8)}` : visitor.id;
    writeVisitor(response, { ...visitor, id, plan });
    response.redirect(303, "/");
  });

  function show(request: Request, response: Response, render: (view: View) => string): void {
    const visitor = readVisitor(request);
    const decisions = decide(lanyard, contextOf(visitor));
    writeVisitor(response, visitor);
    response.set("Shop-Decisions", decisionHeader(decisions));
    response.send(render({ visitor, decisions, missing: missingFlags(lanyard), status: lanyard.status() }));
  }

  return app;
}

/** For `npm run traffic`, and for a look with curl: `new-checkout=true fallthrough, …`. */
function decisionHeader(decisions: Decisions): string {
  return Object.entries(byFlag(decisions))
    .map(([key, { value, reason }]) => `${key}=${encodeURIComponent(String(value))} ${reason}`)
    .join(", ");
}
