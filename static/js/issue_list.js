// The issue list: keys that walk and select, the bulk bar's count, rows that move while one looks.

const THROTTLE_MS = 1_000;
const LIVE_CELLS = ["badge", "trend", "events", "people", "last_seen"];
const box = () => document.getElementById("issues");
const rows = () => [...document.querySelectorAll(".issue-row")];
const boxes = () => [...document.querySelectorAll(".issue-row [name=issue]")];

// Walking

function currentRow() {
  return document.activeElement?.closest?.(".issue-row");
}

function walk(step) {
  const all = rows();
  const at = all.indexOf(currentRow());
  const next = all[at === -1 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
  next?.querySelector(".issue-link").focus();
}

// After a swap the row that had the focus may be gone; the one in its place takes it.
let place = -1;
document.addEventListener("htmx:before:swap", () => (place = rows().indexOf(currentRow())));
document.addEventListener("htmx:after:swap", () => {
  const row = rows()[Math.min(place, rows().length - 1)];
  if (document.activeElement === document.body) row?.querySelector(".issue-link").focus();
});

function toggleCurrent() {
  const checkbox = currentRow()?.querySelector("[name=issue]");
  if (!checkbox) return;
  checkbox.checked = !checkbox.checked;
  countSelected();
}

// e and i mean the current row where none is selected.
function selectCurrent() {
  if (!boxes().some((checkbox) => checkbox.checked)) toggleCurrent();
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  o: () => currentRow()?.querySelector(".issue-link").click(),
  x: toggleCurrent,
  e: selectCurrent,
  i: selectCurrent,
};

document.addEventListener(
  "keydown",
  (event) => {
    const isTyping = event.target.matches?.("input:not([type=checkbox]), textarea, select");
    if (isTyping || event.metaKey || event.ctrlKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    KEYS[event.key]?.();
  },
  // Before keys.js looks for the bulk bar's buttons.
  { capture: true },
);

// Selecting

function countSelected() {
  const count = boxes().filter((checkbox) => checkbox.checked).length;
  const label = document.querySelector(".bulk-count");
  if (label) label.textContent = `${count} selected`;
  const all = document.querySelector(".select-all");
  if (!all) return;
  all.hidden = boxes().length === 0;
  all.checked = count > 0 && count === boxes().length;
  all.indeterminate = count > 0 && !all.checked;
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".select-all")) {
    for (const checkbox of boxes()) checkbox.checked = event.target.checked;
  }
  if (event.target.closest(".issue-form")) countSelected();
});
document.addEventListener("htmx:after:swap", countSelected);
countSelected();

// Filtering: an address to pass on carries only what narrows the list.
document.addEventListener("htmx:config:request", ({ detail }) => {
  const { method, body } = detail.ctx.request;
  if (method !== "GET") return;
  for (const [name, value] of [...body]) {
    if (!value) body.delete(name);
  }
});

// Moving

const changed = new Set();
let timer = 0;

function rowsAddress(ids) {
  const params = new URLSearchParams(location.search);
  params.set("ids", ids.join(","));
  params.set("since", box().dataset.since);
  return `${box().dataset.rows}?${params}`;
}

function moveRow(fresh) {
  const row = document.getElementById(fresh.id);
  for (const name of LIVE_CELLS) {
    const [from, to] = [fresh, row].map((each) => each?.querySelector(`[data-cell=${name}]`));
    if (from && to && from.innerHTML !== to.innerHTML) to.innerHTML = from.innerHTML;
  }
}

function announce(fresh) {
  const line = document.getElementById("new-issues");
  if (!fresh || line.innerHTML === fresh.innerHTML) return;
  line.innerHTML = fresh.innerHTML;
  // An empty list has nothing to lose: the first issue walks in by itself.
  if (rows().length === 0 && fresh.textContent.trim()) location.reload();
}

async function refresh() {
  timer = 0;
  const shown = rows().map((row) => row.id.replace("issue-", ""));
  const ids = changed.has("all") ? shown : shown.filter((id) => changed.has(Number(id)));
  changed.clear();
  const response = await fetch(rowsAddress(ids));
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  page.querySelectorAll(".issue-row").forEach(moveRow);
  announce(page.getElementById("new-issues"));
}

function note(ids) {
  for (const id of ids) changed.add(id);
  // A page that nobody looks at waits until somebody does.
  if (!timer && !document.hidden) timer = setTimeout(refresh, THROTTLE_MS);
}

document.addEventListener("live:issues.changed", ({ detail }) => {
  const isShown = detail.issues.some((id) => document.getElementById(`issue-${id}`));
  if (isShown || detail.new) note(detail.issues);
});
document.addEventListener("live:catch-up", () => note(["all"]));
document.addEventListener("visibilitychange", () => {
  if (changed.size) note([]);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("#new-issues a")) return;
  event.preventDefault();
  location.reload();
});
