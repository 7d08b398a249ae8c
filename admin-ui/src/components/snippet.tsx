import type { ApiKey } from "@lanyard/contract";
import { CodeBlock } from "./copy.tsx";

type Verification = NonNullable<ApiKey["verification"]>;

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

const SIGNING_KEY: Record<Verification["algorithm"], string> = {
  HS256: "const key = new TextEncoder().encode(process.env.LANYARD_SIGNING_SECRET);",
  EdDSA: 'const key = await importPKCS8(process.env.LANYARD_SIGNING_KEY, "EdDSA");',
};

/** How a customer's backend tells who the user is. */
export function SigningSnippet({ verification: { algorithm, audience } }: { verification: Verification }) {
  return (
    <CodeBlock
      label="Your backend, Node.js: the page sends this token in the header Lanyard-Context"
      code={`import { ${algorithm === "EdDSA" ? "importPKCS8, " : ""}SignJWT } from "jose";

${SIGNING_KEY[algorithm]}

const token = await new SignJWT({
  context: { targetingKey: user.id, plan: user.plan },
})
  .setProtectedHeader({ alg: "${algorithm}" })
  .setAudience(${JSON.stringify(audience)})
  .setIssuedAt()
  .setExpirationTime("10m")
  .sign(key);`}
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
