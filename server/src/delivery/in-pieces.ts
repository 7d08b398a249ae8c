/** What is made in one go, and holds up everything else for a fraction of a millisecond. */
const PIECE_CHARACTERS = 64 * 1024;

/**
 * The text that `JSON.stringify` makes of an object or a list, in pieces: a list within is made element by element, so
 * that other work gets its turn between them.
 */
export function* inPieces(value: object): Generator<string> {
  let piece = "";
  for (const part of Array.isArray(value) ? elements(value) : members(value)) {
    piece += part;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

function* elements(list: readonly unknown[]): Generator<string> {
  let before = "[";
  for (const element of list) {
    yield before + JSON.stringify(element);
    before = ",";
  }
  yield list.length === 0 ? "[]" : "]";
}

function* members(object: object): Generator<string> {
  let before = "{";
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    if (typeof value === "object" && value !== null)
      yield* Array.isArray(value) ? elements(value) : members(value);
    else yield JSON.stringify(value);
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}
