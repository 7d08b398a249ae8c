/** Characters of one event; a 20,000-flag ruleset is about a third of it. */
const MAX_EVENT_CHARS = 64 * 1024 * 1024;

/**
 * An incremental parser of Server-Sent Events. The returned function takes decoded text in pieces of any size;
 * it throws a `SyntaxError` when one event grows out of bounds.
 */
export function createSseParser(emit: (event: string, data: string) => void): (chunk: string) => void {
  let tail = "";
  let afterReturn = false;
  let fields: Record<string, string> = {};

  function line(text: string): void {
    if (text === "") {
      const { event, data } = fields;
      fields = {};
      if (data !== undefined) emit(event || "message", data);
      return;
    }
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)/s.exec(text) ?? [];
    const { data } = fields;
    fields[field] = field === "data" && data !== undefined ? `${data}\n${value}` : value;
  }

  return (chunk) => {
    if (chunk === "") return;
    // A CRLF cut in two is one line end, not a line and a blank one.
    const text = afterReturn && chunk[0] === "\n" ? chunk.slice(1) : chunk;
    afterReturn = chunk.endsWith("\r");
    const lines = text.split(/\r\n|\r|\n/);
    lines[0] = tail + lines[0];
    tail = lines.pop() ?? "";
    lines.forEach(line);
    if (tail.length + (fields.data?.length ?? 0) > MAX_EVENT_CHARS)
      throw new SyntaxError("an event is too long");
  };
}
