/** Which houses were looked at last and where in the list: kept while the profile is open. */
export const place = $state<{ scope: "mine" | "all"; hamlet: string; only: "all" | "to_do" | "done" | "never_visited" | "unassigned"; row: number }>({ scope: "mine", hamlet: "", only: "all", row: -1 });
