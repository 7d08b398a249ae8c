export { type Notice, type NoticeStream, openNotices } from "./notice-stream.ts";
export { save } from "./save.ts";
