/**
 * Own lines of a function: without blank ones, comments, and the functions declared inside it. A closure that
 * returns an object is judged like a class: each of its methods by itself, and what is left.
 */
export const functionLength = {
  meta: { schema: [{ type: "integer" }], messages: { long: "{{lines}} lines of its own; at most {{max}}." } },
  create(context) {
    const [max] = context.options;
    const code = context.sourceCode;
    const commented = new Set(code.getAllComments().flatMap(({ loc }) => linesOf(loc)));
    const counts = (line) => code.lines[line - 1]?.trim() && !commented.has(line);
    const stack = [];
    const enter = () => stack.push(new Set());
    const leave = (node) => {
      const nested = stack.pop();
      const whole = linesOf(node.loc);
      const lines = whole.filter((line) => !nested.has(line) && counts(line)).length;
      if (lines > max) context.report({ node, messageId: "long", data: { lines, max } });
      if (isDeclared(node)) for (const line of whole) stack.at(-1)?.add(line);
      else for (const line of nested) stack.at(-1)?.add(line);
    };
    const functions = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];
    return Object.fromEntries(
      functions.flatMap((type) => [
        [type, enter],
        [`${type}:exit`, leave],
      ]),
    );
  },
};

/** Has a name of its own; a callback in the middle of a call belongs to its caller. */
function isDeclared(node) {
  return (
    node.type === "FunctionDeclaration" ||
    ["VariableDeclarator", "Property", "MethodDefinition"].includes(node.parent.type)
  );
}

function linesOf({ start, end }) {
  return Array.from({ length: end.line - start.line + 1 }, (_, index) => start.line + index);
}
