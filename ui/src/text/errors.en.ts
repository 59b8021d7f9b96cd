import type { ErrorCode } from "../backend";
import type { ErrorWords } from "./errors.vi";
const word: ErrorWords = { what: "…", safe: "", todo: "" };
export const en = new Proxy({} as Record<ErrorCode, ErrorWords>, { get: () => word });
