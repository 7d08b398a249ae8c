import { describe, expect, it } from "vitest";
import { comparable, fallbackOf, loadQuestions, type Question } from "../../sdk-core/src/testing/index.ts";
import { type ClientOptions, createClient } from "./index.ts";
import { operators } from "./operators.ts";

/** What a browser never carries: flags that use these are not offered to it. */
const BEYOND = "algorithms";

function ask(question: Question, options: Partial<ClientOptions> = {}): object {
  const { ruleset } = question;
  const flags = Object.entries(ruleset.flags).map(([key, flag]) => [key, { ...flag, audience: "client" }]);
  const client = createClient({ bootstrap: { ...ruleset, flags: Object.fromEntries(flags) }, ...options });
  return comparable(client.details(question.key, question.context, fallbackOf(question)));
}

const files = loadQuestions().filter(({ questions }) => questions.length > 0);

describe.each(files.filter(({ file }) => file !== BEYOND))("$file", ({ questions }) => {
  it.each(questions)("$name", (question) => {
    expect(ask(question, { operators })).toEqual(question.expect);
  });
});

describe.each(files.filter(({ file }) => file === BEYOND || file === "operators-registrable"))(
  "$file, not registered",
  ({ questions }) => {
    it.each(questions)("$name: the off variation", (question) => {
      const flag = question.ruleset.flags[question.key];
      const off = flag?.variations.find(({ id }) => id === flag.off);
      expect(ask(question)).toEqual({ value: off?.value, variation: off?.id, reason: "unsupported" });
    });
  },
);
