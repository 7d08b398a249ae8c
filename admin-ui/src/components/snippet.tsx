import { CodeBlock } from "./copy.tsx";

interface SnippetProps {
  /** The whole key, or its hint where the secret is not to be seen again. */
  apiKey: string;
  flag?: string;
}

/** Enough to decide a flag in a Node application. */
export function NodeSnippet({ apiKey, flag = "new-checkout" }: SnippetProps) {
  return (
    <CodeBlock
      label="Node.js, TypeScript"
      code={`import { createClient } from "@lanyard/sdk-node";

const lanyard = createClient({
  url: "${location.origin}",
  key: "${apiKey}",
});
await lanyard.ready();

if (lanyard.boolean("${flag}", { targetingKey: user.id }, false)) {
  // the new path
}`}
    />
  );
}

export function BrowserSnippet({ apiKey, flag = "new-checkout" }: SnippetProps) {
  return (
    <CodeBlock
      label="Browser, TypeScript"
      code={`import { createClient } from "@lanyard/sdk-browser";

const lanyard = createClient({
  url: "${location.origin}",
  key: "${apiKey}",
  context: { targetingKey: user.id },
});
await lanyard.ready();

if (lanyard.boolean("${flag}", false)) {
  // the new path
}`}
    />
  );
}

export function KillSnippet({
  apiKey,
  project,
  environment,
}: {
  apiKey: string;
  project: string;
  environment: string;
}) {
  return (
    <CodeBlock
      label="Kill by one call"
      code={`curl -X POST ${location.origin}/api/v1/kills \\
  -H 'authorization: Bearer ${apiKey}' \\
  -H 'content-type: application/json' \\
  -d '{"project":"${project}","environments":["${environment}"],"flags":["new-checkout"],"reason":"errors rising"}'`}
    />
  );
}
