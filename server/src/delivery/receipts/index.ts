export { scheduleDrills } from "./drills.ts";
export { type Progress, Receipts } from "./receipts.ts";
export { addReceiptRoutes } from "./routes.ts";
export { senderOf } from "./sender.ts";
