import type { ErrorCode } from "../backend";
export interface ErrorWords { what: string; safe: string; todo: string }
const word: ErrorWords = { what: "…", safe: "", todo: "" };
export const vi = new Proxy({} as Record<ErrorCode, ErrorWords>, { get: () => word });
