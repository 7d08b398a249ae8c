export { inCidr, matches, type OperatorModule, operators } from "@lanyard/evaluation/operators";
