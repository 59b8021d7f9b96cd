/** The names of the unit's officers, read once and again when something changed. */
import { call, type OfficerId, type OfficerView } from "../backend";
import { revision } from "../desk/changes.svelte";
import { sayFailed } from "../desk/notices.svelte";
import { t } from "../text/index.svelte";

/** The officers for as long as the calling component lives. */
export function useOfficers(): { all: () => OfficerView[]; name: (officer: OfficerId) => string } {
  const state = $state<{ all: OfficerView[] }>({ all: [] });
  $effect(() => {
    void revision();
    call("list_officers", null).then((all) => (state.all = all), sayFailed);
  });
  return {
    all: () => state.all,
    name: (officer) => state.all.find((entry) => entry.officer === officer)?.state.name ?? t().review.someone,
  };
}
