/**
 * Keys for everything. Owns which keys do what at this moment and shows them to the cheat sheet; refuses to touch
 * typing: in a text field only keys with Ctrl or Alt, function keys and Escape count, and never while an input method
 * is composing.
 *
 * Matching is by the character without its diacritics, since a Vietnamese input method turns a second `d` into `đ`.
 * No key is `w`, `[` or `]`: Telex swallows them.
 */
import { onDestroy } from "svelte";

/** One key with what it does. */
export interface KeyAction {
  /** `n`, `Enter`, `Ctrl+Enter`, `Alt+1`, `?`, `F1`. */
  key: string;
  /** What it does, in the person's language, for the cheat sheet. */
  label: string;
  run: () => void;
  /** It is there, but not now. */
  disabled?: boolean;
}

interface Layer {
  actions: () => KeyAction[];
  /** What lies below it gets no keys, but for what always counts. */
  isModal: boolean;
  /** Counts whatever lies above it, as locking does. */
  isAlways: boolean;
  /** Counts on every screen. */
  isEverywhere: boolean;
}

/** A key that counts now. */
export interface ActiveKey extends KeyAction {
  /** On every screen, not only on the one that is shown. */
  isEverywhere: boolean;
}

const layers = $state.raw<{ all: Layer[] }>({ all: [] });

/**
 * Makes keys count for as long as the calling component lives. Later ones come first. Laid on while the component is
 * made, not in an effect: what lies inside a panel is made after it and so stays above it.
 */
export function useKeys(actions: () => KeyAction[], options: { isModal?: boolean; isAlways?: boolean; isEverywhere?: boolean } = {}): void {
  const layer: Layer = { actions, isModal: options.isModal ?? false, isAlways: options.isAlways ?? false, isEverywhere: options.isEverywhere ?? false };
  layers.all.push(layer);
  onDestroy(() => {
    const at = layers.all.indexOf(layer);
    if (at >= 0) layers.all.splice(at, 1);
  });
}

/** Every key that would count now, the nearest first; a key that is covered by a nearer one is left out. */
export function activeKeys(): ActiveKey[] {
  const found: ActiveKey[] = [];
  const seen = new Set<string>();
  let isCovered = false;
  for (const layer of [...layers.all].reverse()) {
    if (isCovered && !layer.isAlways) continue;
    for (const action of layer.actions()) {
      if (seen.has(action.key)) continue;
      seen.add(action.key);
      found.push({ ...action, isEverywhere: layer.isEverywhere });
    }
    if (layer.isModal) isCovered = true;
  }
  return found;
}

/** A character as a key is named: small, without diacritics. */
export function plainKey(key: string): string {
  if (key.length !== 1) return key;
  return key.toLowerCase().replace("đ", "d").normalize("NFD").charAt(0);
}

/** How an event is named in the list of keys. */
export function nameOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey" | "shiftKey">): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && event.key.length > 1) parts.push("Shift");
  parts.push(plainKey(event.key));
  return parts.join("+");
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
}

/** Whether a key may act although someone is typing. What undoes typing belongs to the field. */
function countsWhileTyping(name: string): boolean {
  if (name === "Ctrl+z") return false;
  return name.startsWith("Ctrl+") || name.startsWith("Alt+") || /^F\d+$/.test(name) || name === "Escape";
}

/** Enter and Space press the button that has the focus; arrows walk the radio buttons that have it. */
function belongsToFocus(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement)) return false;
  if (event.key.startsWith("Arrow") && event.target.matches("input[type=radio]")) return true;
  const pressed = event.key === "Enter" || event.key === " ";
  return pressed && event.target.matches("button, a[href], summary, [role=button], [role=tab], input[type=checkbox], input[type=radio]");
}

/** Carries out what a key stands for. Set on the window once. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  const name = nameOf(event);
  if (isTyping(event.target) && !countsWhileTyping(name)) return;
  if (name.indexOf("+") < 0 && belongsToFocus(event)) return;
  const action = activeKeys().find((candidate) => candidate.key === name);
  if (!action) return;
  event.preventDefault();
  if (!action.disabled && !event.repeat) action.run();
  else if (!action.disabled && name.startsWith("Arrow")) action.run();
}
