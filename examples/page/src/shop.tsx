import type { Client } from "@lanyard/sdk-browser";
import { useFlags, useStatus } from "@lanyard/sdk-browser/react";
import { useState } from "react";
import { BANNERS, FLAGS, PLANS, type Plan } from "./flags.ts";

/** The shop, decided in the browser: each part renders again when its answer changes, in every open tab. */
export function Shop({ identify }: Pick<Client, "identify">) {
  const flags = useFlags(FLAGS);
  const banner = BANNERS[flags["plan-banner"]];
  return (
    <>
      {banner !== undefined && <p className="banner">{banner}</p>}
      <header>The Chandlery</header>
      <main>
        <h1>Your cart</h1>
        {flags["new-checkout"] ? <NewCheckout /> : <OldCheckout />}
        {flags.recommendations && <Recommendations />}
      </main>
      <Footer identify={identify} flags={flags} />
    </>
  );
}

function OldCheckout() {
  return (
    <section>
      <h2>Checkout</h2>
      <p>Address, delivery, payment: three steps to go.</p>
      <button type="button">Continue to address</button>
    </section>
  );
}

function NewCheckout() {
  return (
    <section className="new">
      <h2>Express checkout</h2>
      <p>One step, to the address we know.</p>
      <button type="button">Buy now</button>
    </section>
  );
}

function Recommendations() {
  return (
    <section>
      <h2>Others also took</h2>
      <p>A coil of rope, a brass lantern, a spare cord for the engine.</p>
    </section>
  );
}

function Footer({ identify, flags }: Pick<Client, "identify"> & { flags: typeof FLAGS }) {
  const { state, revision, lastError } = useStatus();
  const [plan, setPlan] = useState<Plan>("free");
  const choose = (next: Plan): void => {
    setPlan(next);
    identify({ plan: next });
  };
  return (
    <footer>
      <p>
        Your plan:{" "}
        {PLANS.map((each) => (
          <button key={each} type="button" aria-pressed={each === plan} onClick={() => choose(each)}>
            {each}
          </button>
        ))}
      </p>
      <p role="status">
        Lanyard is {state}, revision {revision}
        {state !== "live" && lastError ? `: ${lastError.message}` : ""}.
      </p>
      <ul>
        {Object.entries(flags).map(([key, value]) => (
          <li key={key}>
            <code>{key}</code> {String(value)}
          </li>
        ))}
      </ul>
    </footer>
  );
}
