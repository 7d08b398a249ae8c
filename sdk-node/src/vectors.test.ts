import { describe, expect, it } from "vitest";
import { comparable, fallbackOf, loadQuestions } from "../../sdk-core/src/testing/index.ts";
import { createClient } from "./index.ts";

describe.each(loadQuestions().filter(({ questions }) => questions.length > 0))("$file", ({ questions }) => {
  it.each(questions)("$name", (question) => {
    const client = createClient({ bootstrap: question.ruleset });
    const details = client.details(question.key, question.context, fallbackOf(question));
    expect(comparable(details)).toEqual(question.expect);
  });
});
