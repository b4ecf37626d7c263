// The list of feedback: keys that walk and handle, and word of what came since it was opened.

const line = document.getElementById("new-feedback");
let count = 0;

function announce() {
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "show";
  const number = document.createElement("b");
  number.textContent = `${count.toLocaleString("en")} new`;
  line.replaceChildren(number, " · ", link);
}

document.addEventListener("live:feedback.changed", ({ detail }) => {
  count += detail.new;
  announce();
});

// Walking

const rows = () => [...document.querySelectorAll(".feedback-row")];
const currentRow = () => document.activeElement?.closest?.(".feedback-row");

function walk(step) {
  const all = rows();
  const at = all.indexOf(currentRow());
  all[at === -1 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  o: () => currentRow()?.querySelector(".feedback-links a")?.click(),
  e: () => currentRow()?.querySelector("[name=action]")?.click(),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches?.("input, textarea, select");
  if (isTyping || event.metaKey || event.ctrlKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  KEYS[event.key]?.();
});
