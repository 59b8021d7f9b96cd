/** The register edition that this laptop holds, read once and again when something changed. */
import { call, type EditionView } from "../backend";
import { revision } from "../desk/changes.svelte";
import { sayFailed } from "../desk/notices.svelte";

/** The edition for as long as the calling component lives; `null` until it is known and before the first download. */
export function useEdition(): { held: () => EditionView | null; label: () => string | null } {
  const state = $state<{ held: EditionView | null }>({ held: null });
  $effect(() => {
    void revision();
    call("show_edition", null).then((held) => (state.held = held), sayFailed);
  });
  return { held: () => state.held, label: () => state.held?.label ?? null };
}
