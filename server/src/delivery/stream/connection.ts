import type { Socket } from "node:net";
import type { Frame } from "./frames.ts";
import { slowReadersCut } from "./metrics.ts";

/** What a slow reader may make us keep, beyond what it was sent on connecting. */
const QUEUE_BYTES = 1024 * 1024;

const NOTHING: Frame[] = [];

/**
 * One SDK's stream, written to the socket itself: a response holds back what it is given until the next tick, so that
 * the first of ten thousand would wait for the last. What is not yet in the socket waits in a short queue here, so that
 * a kill can go ahead of it. A class, since there are so many of them: its methods exist once.
 */
export class Connection {
  readonly keyId: string;
  /** Whether its SDK can put a segment together. */
  readonly takesDeltas: boolean;
  readonly openedAt = performance.now();
  readonly #socket: Socket;
  /** Made when something has to wait, which for most streams is never. */
  #urgent = NOTHING;
  #queue = NOTHING;
  #queuedBytes = 0;
  #limitBytes = QUEUE_BYTES;
  #blocked = false;

  /** The socket's response has sent its head, and nothing more. */
  constructor(socket: Socket, keyId: string, opening: Frame[], takesDeltas = false) {
    this.#socket = socket;
    this.keyId = keyId;
    this.takesDeltas = takesDeltas;
    socket.on("drain", () => this.#flush());
    for (const frame of opening) this.#limitBytes += frame.length;
    for (const frame of opening) this.write(frame);
  }

  write(frame: Frame): void {
    if (!this.#blocked) {
      this.#push(frame);
      return;
    }
    if (this.#queue === NOTHING) this.#queue = [];
    this.#queue.push(frame);
    this.#bound(frame);
  }

  /** Ahead of every frame that is not yet in the socket. */
  writeFirst(frame: Frame): void {
    if (!this.#blocked) {
      this.#push(frame);
      return;
    }
    if (this.#urgent === NOTHING) this.#urgent = [];
    this.#urgent.push(frame);
    this.#bound(frame);
  }

  /** Ends it after `frame`; whoever does not read is cut. */
  end(frame: Frame): void {
    if (this.#blocked) this.cut();
    else this.#socket.end(frame);
  }

  cut(): void {
    this.#urgent = NOTHING;
    this.#queue = NOTHING;
    this.#socket.destroy();
  }

  #push(frame: Frame): void {
    this.#blocked = !this.#socket.write(frame);
  }

  #bound(frame: Frame): void {
    this.#queuedBytes += frame.length;
    if (this.#queuedBytes <= this.#limitBytes) return;
    slowReadersCut.inc();
    this.cut();
  }

  #flush(): void {
    this.#blocked = false;
    while (!this.#blocked && this.#urgent.length + this.#queue.length > 0) {
      const line = this.#urgent.length > 0 ? this.#urgent : this.#queue;
      const next = line.shift() as Frame;
      this.#queuedBytes -= next.length;
      this.#push(next);
    }
  }
}
