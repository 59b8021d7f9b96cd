/** Fingerprints as they are shown: groups of four. Refuses to judge them; that is the core's. */

/** The groups of a fingerprint, however it was typed. */
export function groupsOf(text: string): string[] {
  return text.toUpperCase().replace(/[\s-]+/g, "").match(/.{1,4}/gu) ?? [];
}
