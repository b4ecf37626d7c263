// The issue page: j and k walk frames and breadcrumbs, o opens the one that has the focus.

const STOPS = ".frame > summary, .fold > summary, .crumb > summary";

function stops() {
  return [...document.querySelectorAll(STOPS)].filter((stop) => stop.checkVisibility());
}

function walk(step) {
  const all = stops();
  const at = all.indexOf(document.activeElement);
  all[at === -1 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
}

function open() {
  const stop = document.activeElement;
  if (stop?.matches?.(STOPS)) stop.click();
}

const KEYS = { j: () => walk(1), k: () => walk(-1), o: open };

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches?.("input, textarea, select");
  if (isTyping || event.metaKey || event.ctrlKey || event.altKey) return;
  if (!document.querySelector("dialog[open]")) KEYS[event.key]?.();
});
