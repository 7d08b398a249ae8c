import type { Status } from "@lanyard/sdk-node";
import { euros, PRODUCTS, type Product, recommended } from "./catalogue.ts";
import { byFlag, type Decisions, FLAGS, type FlagKey } from "./flags.ts";
import { type Html, html } from "./html.ts";
import { PLANS, type Visitor } from "./visitor.ts";

/** Everything a page may show. */
export interface View {
  visitor: Visitor;
  decisions: Decisions;
  missing: readonly FlagKey[];
  status: Status;
}

const BANNERS: Readonly<Record<string, string>> = {
  pro: "Pro members: free shipping on everything, all week.",
  enterprise: "Your fleet manager has approved orders up to € 5,000. Sail on.",
};

export function shelfPage(view: View): string {
  return page(
    view,
    "Everything for the boat",
    html`<ul class="shelf">${PRODUCTS.map((product) => card(product))}</ul>`,
  );
}

export function cartPage(view: View): string {
  const { cart } = view.visitor;
  const { newCheckout, recommendations } = view.decisions;
  const checkout = newCheckout.value ? newCheckoutForm(cart) : oldCheckout(cart);
  const body = html`
    ${cart.length > 0 ? html`<ul class="cart">${cart.map(line)}</ul>` : html`<p>Nothing in it yet.</p>`}
    ${cart.length > 0 && checkout}
    ${recommendations.value && shelfOfRecommendations(cart)}`;
  return page(view, "Your cart", body);
}

export function thanksPage(view: View): string {
  return page(view, "Thank you", html`<p>Your order is on its way. <a href="/">Back to the shop</a></p>`);
}

function card({ id, name, line: words, cents, picture }: Product): Html {
  return html`<li>
    <span class="picture" aria-hidden="true">${picture}</span>
    <h2>${name}</h2><p>${words}</p>
    <form method="post" action="/cart/${id}"><b>${euros(cents)}</b><button>Add to cart</button></form>
  </li>`;
}

const line = ({ name, cents }: Product): Html => html`<li><span>${name}</span><b>${euros(cents)}</b></li>`;

const total = (cart: readonly Product[]): string => euros(cart.reduce((sum, { cents }) => sum + cents, 0));

/** The checkout as it always was. */
function oldCheckout(cart: readonly Product[]): Html {
  return html`<section class="checkout">
    <ol><li>Address</li><li>Delivery</li><li>Payment</li></ol>
    <form method="post" action="/checkout"><b>${total(cart)}</b><button>Continue to address</button></form>
  </section>`;
}

/** The one behind \`new-checkout\`. */
function newCheckoutForm(cart: readonly Product[]): Html {
  return html`<section class="checkout new">
    <h2>Express checkout</h2><p>One step, to the address we know.</p>
    <form method="post" action="/checkout"><b>${total(cart)}</b><button>Buy now</button></form>
  </section>`;
}

function shelfOfRecommendations(cart: readonly Product[]): Html {
  return html`<section><h2>Others also took</h2><ul class="shelf">${recommended(cart).map(card)}</ul></section>`;
}

function page({ visitor, decisions, missing, status }: View, title: string, body: Html): string {
  const banner = BANNERS[decisions.banner.value];
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} · The Chandlery</title><link rel="stylesheet" href="/style.css">
</head>
<body>
  ${banner !== undefined && html`<p class="banner">${banner}</p>`}
  <header><a class="name" href="/">The Chandlery</a><a href="/cart">Cart (${visitor.cart.length})</a></header>
  <main>${notices(missing, status)}<h1>${title}</h1>${body}</main>
  ${footer(visitor, decisions, status)}
</body>
</html>`.text;
}

function notices(missing: readonly FlagKey[], status: Status): Html {
  const away =
    status.state !== "live" &&
    html`<p class="notice">Lanyard is away
    (${status.lastError?.message ?? "connecting"}); this page is decided from ${status.source === "none" ? "defaults" : "the last known rules"}.</p>`;
  return html`${away}${missing.map(
    (key) =>
      html`<p class="notice">There is no flag <code>${key}</code> in this environment yet. Create it: ${FLAGS[key]}.</p>`,
  )}`;
}

function footer(visitor: Visitor, decisions: Decisions, { revision, state }: Status): Html {
  const rows = Object.entries(byFlag(decisions)).map(
    ([key, { value, reason, ruleId }]) =>
      html`<tr><td><code>${key}</code></td><td>${String(value)}</td><td>${reason}${ruleId && ` ${ruleId}`}</td></tr>`,
  );
  const plans = PLANS.map(
    (plan) =>
      html`<button name="plan" value="${plan}" ${plan === visitor.plan && "disabled"}>${plan}</button>`,
  );
  return html`<footer>
    <form method="post" action="/visitor">You are <code>${visitor.id}</code>, plan ${plans}
      <button name="user" value="new">be somebody else</button></form>
    <table><caption>How this page was decided (revision ${revision}, ${state})</caption>${rows}</table>
  </footer>`;
}
