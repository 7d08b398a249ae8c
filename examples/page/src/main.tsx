import { createClient } from "@lanyard/sdk-browser";
import { LanyardProvider } from "@lanyard/sdk-browser/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Shop } from "./shop.tsx";
import "./style.css";

const root = createRoot(document.getElementById("root") as HTMLElement);

if (LANYARD.key === "") {
  root.render(
    <main>
      <h1>LANYARD_KEY is missing</h1>
      <p>
        Open <a href={LANYARD.url}>{LANYARD.url}</a>, make a client key under Keys that this page&apos;s
        origin may use, then start again with <code>LANYARD_KEY=lyd_cli_… npm run page</code>.
      </p>
    </main>,
  );
} else {
  const lanyard = createClient({ ...LANYARD, context: { plan: "free" } });
  root.render(
    <StrictMode>
      <LanyardProvider client={lanyard}>
        <Shop identify={lanyard.identify} />
      </LanyardProvider>
    </StrictMode>,
  );
}
