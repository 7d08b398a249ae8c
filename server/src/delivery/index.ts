export { createDelivery, type Delivery, type DeliveryOptions } from "./delivery.ts";
