import { TelemetryAttribute } from "@openfeature/core";
import { EventHook } from "@openfeature/open-telemetry-hooks";

type Options = NonNullable<ConstructorParameters<typeof EventHook>[0]>;

/** What OpenTelemetry's conventions have called the message since 1.40. */
const ERROR_MESSAGE = "feature_flag.error.message";

/**
 * OpenFeature's hook for OpenTelemetry: one `feature_flag.evaluation` event for every evaluation. Register it once, for
 * all clients or for each, and never both.
 */
export function flagEvents(): EventHook {
  return new EventHook({ eventMutator: asConventionsSay, excludeExceptions: true });
}

/** The message under its present name, and a value only where no variant stands for it: it may be large, or private. */
const asConventionsSay: NonNullable<Options["eventMutator"]> = ({ name, attributes }) => {
  const {
    [TelemetryAttribute.ERROR_MESSAGE]: message,
    [TelemetryAttribute.VALUE]: value,
    ...rest
  } = attributes;
  const hasVariant = rest[TelemetryAttribute.VARIANT] !== undefined;
  return {
    name,
    attributes: {
      ...rest,
      ...(message !== undefined && { [ERROR_MESSAGE]: message }),
      ...(!hasVariant && value !== undefined && { [TelemetryAttribute.VALUE]: value }),
    },
  };
};
