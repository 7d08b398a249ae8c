import type { FullConfig, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

const WIDTHS = [30, 52, 62];

interface Row {
  passed: boolean;
  cells: string[];
}

/** Prints the suite's verdict at its end: fault, what was promised, what was measured. */
export default class VerdictReporter implements Reporter {
  readonly #rows: Row[] = [];

  onBegin(_config: FullConfig): void {}

  onTestEnd(test: TestCase, result: TestResult): void {
    if (test.parent.project()?.name !== "faults") return;
    const measured = result.annotations
      .filter(({ type }) => type === "measured")
      .map(({ description }) => description ?? "");
    const passed = result.status === "passed";
    const failure = passed ? [] : [`FAILED: ${result.error?.message?.split("\n")[0] ?? result.status}`];
    this.#rows.push({
      passed,
      cells: [test.parent.title, test.title, [...measured, ...failure].join("; ")],
    });
  }

  onEnd(): void {
    if (this.#rows.length === 0) return;
    const line = WIDTHS.map((width) => "─".repeat(width)).join("─┼─");
    console.log(`\n${asLines({ passed: true, cells: ["fault", "promised", "measured"] }, " ")}`);
    for (const row of this.#rows) console.log(`──${line}\n${asLines(row, row.passed ? "✓" : "✘")}`);
  }
}

function asLines({ cells }: Row, mark: string): string {
  const columns = cells.map((cell, index) => wrap(cell, WIDTHS[index] as number));
  const height = Math.max(...columns.map((column) => column.length));
  return Array.from({ length: height }, (_, index) => {
    const parts = columns.map((column, at) => (column[index] ?? "").padEnd(WIDTHS[at] as number));
    return `${index === 0 ? mark : " "} ${parts.join(" │ ")}`.trimEnd();
  }).join("\n");
}

function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) as string;
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
