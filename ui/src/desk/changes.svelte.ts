/** When what screens show may have changed. Screens read `revision()` in the effect that loads them. */
const state = $state({ revision: 0 });

/** Grows with every change on this laptop and with everything an exchange brings. */
export function revision(): number {
  return state.revision;
}

/** Something was saved or has arrived. */
export function changed(): void {
  state.revision += 1;
}
