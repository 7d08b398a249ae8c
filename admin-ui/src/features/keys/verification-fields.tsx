import type { NewKey } from "@lanyard/contract";
import { Select, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";

/** What is typed about how a client key verifies contexts. */
export interface VerificationValues {
  algorithm: "none" | "HS256" | "EdDSA";
  audience: string;
  publicKey: string;
}

export const NO_VERIFICATION: VerificationValues = { algorithm: "none", audience: "lanyard", publicKey: "" };

const ALGORITHMS = [
  { value: "none", label: "No: everybody is an anonymous visitor" },
  { value: "HS256", label: "Yes, by a secret that Lanyard makes (HS256)" },
  { value: "EdDSA", label: "Yes, by the public half of a key of yours (EdDSA)" },
];

export function verificationOf({ algorithm, audience, publicKey }: VerificationValues) {
  type Verification = NonNullable<(NewKey & { kind: "client" })["verification"]>;
  const made: Record<VerificationValues["algorithm"], Verification | undefined> = {
    none: undefined,
    HS256: { algorithm: "HS256", audience },
    EdDSA: { algorithm: "EdDSA", audience, publicKey },
  };
  return made[algorithm];
}

export function VerificationFields<Values extends { verification: VerificationValues }>({
  form,
}: {
  form: UseFormReturnType<Values>;
}) {
  const { algorithm } = form.values.verification;
  return (
    <>
      <Select
        label="Does your backend sign who the user is?"
        description="Private attributes and lists count in browsers only for users whose context is signed"
        data={ALGORITHMS}
        allowDeselect={false}
        {...form.getInputProps("verification.algorithm")}
      />
      {algorithm !== "none" && (
        <TextInput
          label="Audience"
          description="What the tokens' aud must say, so that one made for another purpose is worth nothing here"
          required
          spellCheck={false}
          {...form.getInputProps("verification.audience")}
        />
      )}
      {algorithm === "EdDSA" && (
        <Textarea
          label="Public key"
          description="Ed25519, as PEM"
          placeholder="-----BEGIN PUBLIC KEY-----"
          required
          autosize
          minRows={3}
          spellCheck={false}
          {...form.getInputProps("verification.publicKey")}
        />
      )}
    </>
  );
}
