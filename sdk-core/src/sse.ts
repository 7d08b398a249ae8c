/** Characters of one event; a 20,000-flag ruleset is about a third of it. */
const MAX_EVENT_CHARS = 64 * 1024 * 1024;

/**
 * An incremental parser of Server-Sent Events. The returned function takes decoded text in pieces of any size;
 * it throws when one event grows out of bounds.
 */
export function createSseParser(emit: (event: string, data: string) => void): (chunk: string) => void {
  let tail = "";
  let afterReturn = false;
  let event = "";
  let data: string | undefined;

  function line(text: string): void {
    if (text === "") {
      if (data !== undefined) emit(event || "message", data);
      event = "";
      data = undefined;
      return;
    }
    const colon = text.indexOf(":");
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(text[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "event") event = value;
    if (field === "data") data = data === undefined ? value : `${data}\n${value}`;
  }

  return (chunk) => {
    if (chunk === "") return;
    // A CRLF cut in two is one line end, not a line and a blank one.
    const text = afterReturn && chunk[0] === "\n" ? chunk.slice(1) : chunk;
    afterReturn = chunk.endsWith("\r");
    const lines = text.split(/\r\n|\r|\n/);
    const last = lines.pop() ?? "";
    for (const each of lines) {
      const whole = tail + each;
      tail = "";
      line(whole);
    }
    tail += last;
    if (tail.length + (data?.length ?? 0) > MAX_EVENT_CHARS) throw new Error("an event is too long");
  };
}
