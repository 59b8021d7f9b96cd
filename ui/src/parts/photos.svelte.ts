/**
 * Photos as the screens show them: fetched once a showing, as a `blob:` address that is given back when the showing ends.
 * Remembers which photos were looked for and are not here yet, so that a list can say so.
 */
import { SvelteSet } from "svelte/reactivity";
import { asProblem, call, type PhotoHash, type Problem } from "../backend";

const missing = new SvelteSet<PhotoHash>();

/** Whether a photo was looked for and is not here yet. */
export function isMissing(photo: PhotoHash): boolean {
  return missing.has(photo);
}

/** A photo being shown. */
export interface ShownPhoto {
  url: string | null;
  problem: Problem | null;
}

/** Fetches a photo; the address has to be given back with `URL.revokeObjectURL`. */
export async function fetchPhoto(photo: PhotoHash): Promise<ShownPhoto> {
  try {
    const { media_type, base64 } = await call("get_photo", { photo });
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    missing.delete(photo);
    return { url: URL.createObjectURL(new Blob([bytes], { type: media_type })), problem: null };
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.code !== "photo_erased") missing.add(photo);
    return { url: null, problem };
  }
}

/** Forgets what was missing, as after an exchange that may have brought it. */
export function forgetMissing(): void {
  missing.clear();
}
