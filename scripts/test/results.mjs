// What a runner's JSON report says: how many passed, and which failed with what message.

const NOTHING = { passed: 0, skipped: 0, failures: [] };

export function vitestResult(report) {
  if (!report) return NOTHING;
  return {
    passed: report.numPassedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap(failuresOfFile),
  };
}

/** A file that could not be loaded has no failed test, and is a failure itself. */
function failuresOfFile({ name, status, message, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === "failed");
  if (status === "failed" && failed.length === 0) return [{ test: name, message: message ?? "" }];
  return failed.map((test) => ({
    test: `${name} › ${test.fullName}`,
    message: test.failureMessages?.join("\n") ?? "",
  }));
}

export function playwrightResult(report) {
  if (!report) return NOTHING;
  const { expected, flaky, skipped } = report.stats;
  return {
    passed: expected + flaky,
    skipped,
    failures: [...report.errors.map(failureOutsideTests), ...report.suites.flatMap(failuresOfSuite)],
  };
}

const failureOutsideTests = ({ message }) => ({ test: "outside every test", message: message ?? "" });

function failuresOfSuite({ specs = [], suites = [] }) {
  return [...specs.flatMap(failuresOfSpec), ...suites.flatMap(failuresOfSuite)];
}

function failuresOfSpec({ file, title, tests }) {
  return tests
    .filter(({ status }) => status === "unexpected")
    .map(({ results }) => ({
      test: `${file} › ${title}`,
      message: results.flatMap(({ errors }) => errors.map((error) => error.message)).join("\n"),
    }));
}
