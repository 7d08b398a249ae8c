import {
  type Connection,
  type ConnectionListener,
  connect,
  type Identity,
  type Line,
} from "@lanyard/sdk-core";
import { isHidden, listen } from "./page.ts";

/**
 * What tabs say to each other. From the leader: whatever its client hears of the connection; `beat`, it is still there;
 * `hidden`, somebody who is looked at should lead. To the leader: `hello`, say it all again.
 */
type Message = [name: keyof ConnectionListener | "beat" | "hidden" | "hello", ...args: unknown[]];

const BEAT_MS = 15_000;
/** Three missed beats, and up to as long again, so that not all take over at once. */
const PATIENCE_MS = 45_000;
/** How long a `hello` may go without an answer. */
const GREETING_MS = 2_000;

/** A connection, shared with other tabs where the browser lets them and the name can be told. */
export function connectTabs(line: Line, nameOf: () => Promise<string>): Connection {
  const canShare = globalThis.BroadcastChannel && globalThis.navigator?.locks;
  if (!canShare) return connect(line);
  let own: Connection | undefined;
  let isOver = false;
  const open = (share: () => Connection): void => {
    if (!isOver) own = share();
  };
  nameOf().then(
    (name) => open(() => shareConnection(line, name)),
    () => open(() => connect(line)),
  );
  return {
    hurry: () => own?.hurry(),
    close() {
      isOver = true;
      own?.close();
    },
  };
}

/**
 * One connection for all tabs that give the same name. Whoever holds the lock leads: it alone connects, and passes on
 * what it hears. When it goes, the next in the queue connects from where its own rules stand, so that nothing is missed.
 */
function shareConnection(line: Line, name: string): Connection {
  const { schedule, store, listener, platform } = line;
  const channel = new BroadcastChannel(name);
  let campaign = new AbortController();
  let own: Connection | undefined;
  /** The newest word on contact, for those who come later. */
  let contact: Message = ["beat"];

  /** With each message goes where the sender stands. */
  const say = (...message: Message): void => channel.postMessage([store.evaluator.ruleset, ...message]);
  /** `false`: what it says does not follow from what is held. */
  const hear = ([name, ...args]: Message): unknown =>
    (listener as unknown as Record<string, (...args: unknown[]) => unknown>)[name]?.(...args);

  const relay = (name: keyof ConnectionListener, ...args: unknown[]): unknown => {
    if (name !== "rules") contact = [name, ...args];
    const follows = hear([name, ...args]);
    say(name, ...args);
    return follows;
  };
  const relayed = {} as Record<string, unknown>;
  for (const name in listener) relayed[name] = relay.bind(undefined, name as keyof ConnectionListener);

  /** Leads as soon as nobody else does, or at once by taking over; and again after others did so. */
  async function run(takeOver?: true): Promise<void> {
    campaign.abort();
    campaign = new AbortController();
    const { signal } = campaign;
    try {
      await navigator.locks.request(name, takeOver ? { steal: true } : { signal }, () => lead(signal));
    } catch (error) {
      if (signal.aborted) return;
      if ((error as Error).name === "AbortError") return follow();
      // Where the page may have no locks it is by itself.
      schedule.clear("tabs");
      own = connect(line);
    }
  }

  function lead(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      signal.onabort = () => resolve();
      own = connect({ ...line, listener: relayed as unknown as ConnectionListener });
      beat();
    });
  }

  function beat(): void {
    say("beat");
    schedule.set("tabs", BEAT_MS, beat);
  }

  function follow(): void {
    own?.close();
    own = undefined;
    void run();
    greet();
  }

  function greet(): void {
    say("hello");
    watch(GREETING_MS);
  }

  function watch(patienceMs: number): void {
    schedule.set("tabs", patienceMs, () => void run(true));
  }

  function answer(): void {
    if (store.source !== "none") say("rules", "put", store.snapshot(), store.source);
    say(...contact);
    if (isHidden()) say("hidden");
  }

  channel.onmessage = ({ data }: MessageEvent<[identity: Identity, ...message: Message]>) => {
    const [identity, ...message] = data;
    const [name] = message;
    if (own) {
      if (name === "hello") answer();
      return;
    }
    if (name === "hello") return;
    watch(PATIENCE_MS * (1 + platform.random()));
    if (name === "hidden" && !isHidden()) void run(true);
    // The leader's contact vouches for the leader's rules only.
    const misses = name === "contact" && store.isBehind(identity);
    if (misses || hear(message) === false) greet();
  };
  const unlisten = listen({ visibilitychange: () => own && isHidden() && say("hidden") });
  follow();

  return {
    hurry: () => (own ? own.hurry() : greet()),
    close() {
      unlisten();
      campaign.abort();
      own?.close();
      channel.close();
      schedule.clear("tabs");
    },
  };
}
