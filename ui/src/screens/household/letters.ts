/** Which letters of two values differ, for the eye. How they differ as values is the domain's to say. */

/** A stretch of a value, and whether the other value lacks it. */
export interface Stretch {
  text: string;
  differs: boolean;
}

const LONGEST = 600;

/** `value` in stretches: what it shares with `other` in order, and what it does not. */
export function differingLetters(value: string, other: string): Stretch[] {
  const a = [...value.normalize("NFC")];
  const b = [...other.normalize("NFC")];
  if (a.length === 0) return [];
  if (b.length === 0 || a.length > LONGEST || b.length > LONGEST) return [{ text: a.join(""), differs: value !== other }];
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const found: Stretch[] = [];
  const add = (text: string, differs: boolean) => {
    const last = found.at(-1);
    if (last && last.differs === differs) last.text += text;
    else found.push({ text, differs });
  };
  let j = 0;
  for (let i = 0; i < a.length; i += 1) {
    const letter = a[i] ?? "";
    while (j < b.length && a[i] !== b[j] && (lengths[i * width + j + 1] ?? 0) > (lengths[(i + 1) * width + j] ?? 0)) j += 1;
    if (j < b.length && a[i] === b[j]) {
      add(letter, false);
      j += 1;
    } else add(letter, true);
  }
  return found;
}
