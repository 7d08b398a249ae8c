export { createDelivery, type Delivery, type DeliveryOptions } from "./delivery.ts";
export { createPeers } from "./kill-lane/index.ts";
