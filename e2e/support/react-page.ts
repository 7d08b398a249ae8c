import { createClient } from "@lanyard/sdk-browser";
import { LanyardProvider } from "@lanyard/sdk-browser/openfeature";
import {
  OpenFeature,
  OpenFeatureProvider,
  useBooleanFlagDetails,
  useContextMutator,
  useTrack,
} from "@openfeature/react-sdk";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

/** A customer's page in React, for which OpenFeature is all that it knows of flags. */
const { url, key } = JSON.parse(decodeURIComponent(location.hash.slice(1)));

function Flag({ flag }: { flag: string }) {
  const { value, reason } = useBooleanFlagDetails(flag, false);
  return createElement("output", { "aria-label": flag }, `${value} ${reason}`);
}

function Page() {
  const { setContext } = useContextMutator();
  const { track } = useTrack();
  const upgrade = () => {
    track("upgraded", { value: 49 });
    return setContext({ targetingKey: "ada", plan: "pro" });
  };
  return createElement(
    "main",
    null,
    createElement(Flag, { flag: "banner" }),
    createElement(Flag, { flag: "offer" }),
    createElement("button", { type: "button", onClick: () => void upgrade() }, "Upgrade"),
  );
}

const provider = new LanyardProvider((context) => createClient({ url, key, context }));
void OpenFeature.setProvider(provider, { targetingKey: "ada", plan: "free" });
createRoot(document.body).render(
  createElement(OpenFeatureProvider, { suspendUntilReady: true }, createElement(Page)),
);
