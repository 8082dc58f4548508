/** The end of the message log. */

const NEAR_PX = 48;

export function logOf(root: ShadowRoot): HTMLElement {
  return root.querySelector<HTMLElement>(".log")!;
}

/** Change what stands in the log; who looks at its end goes on doing so. */
export function inLog(root: ShadowRoot, change: (log: HTMLElement) => void): void {
  const log = logOf(root);
  const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - NEAR_PX;
  change(log);
  if (atEnd) log.scrollTop = log.scrollHeight;
}

/** Put the focus into the text field when it would be lost with `leaving`. */
export function keepFocus(root: ShadowRoot, leaving: HTMLElement): void {
  if (leaving.contains(root.activeElement)) root.querySelector<HTMLElement>("#text")?.focus();
}
