// Keys: an element with data-key="e", or data-key="g i" for a sequence, is pressed by it.

const SEQUENCE_MS = 900;
let prefix = "";
let prefixTimer = 0;

function isTyping(target) {
  return target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

function isShown(element) {
  return element.checkVisibility?.() ?? element.offsetParent !== null;
}

// The last one wins: a toast's undo over an older one, a dialog over its page.
function elementFor(key) {
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  return found.filter((element) => isShown(element) && !element.disabled).at(-1);
}

function press(element) {
  if (element.matches("input[type=search]")) {
    element.focus();
    element.select();
  } else {
    element.click();
  }
}

function setPrefix(key) {
  prefix = key;
  clearTimeout(prefixTimer);
  if (key) prefixTimer = setTimeout(() => setPrefix(""), SEQUENCE_MS);
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey)) {
    event.preventDefault();
    const palette = document.getElementById("palette");
    if (palette && !palette.open) palette.showModal();
    return;
  }
  if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
  if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "?") return document.getElementById("keys")?.showModal();
  const key = prefix ? `${prefix} ${event.key}` : event.key;
  setPrefix("");
  const element = elementFor(key);
  if (element) {
    event.preventDefault();
    press(element);
  } else if (document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) {
    setPrefix(key);
  }
});
