export { drip, FAULTS, onStream, refusal, statusOf } from "./faults.ts";
export { booleanFlag, killOf, permissionFlag, valueFlag } from "./flags.ts";
export { impatient } from "./impatient.ts";
export { frame, type Misbehaviour, ProtocolPeer, type Received, rulesetOf } from "./protocol-peer.ts";
export { next, until } from "./until.ts";
export { comparable, fallbackOf, loadQuestions, type Question } from "./vectors.ts";
