// An open issue says how many events came since it was opened, and moves nothing by itself.

const THROTTLE_MS = 1_000;
const page = document.querySelector("[data-issue]");
const line = document.getElementById("new-events");
let isStale = false;
let timer = 0;

function announce(count) {
  if (count < 1) return;
  const link = document.createElement("a");
  link.href = line.dataset.href;
  link.textContent = "show newest";
  const number = document.createElement("b");
  number.textContent = `${count.toLocaleString("en")} new event${count === 1 ? "" : "s"}`;
  line.replaceChildren(number, " · ", link);
}

async function refresh() {
  timer = 0;
  isStale = false;
  const response = await fetch(page.dataset.rows);
  if (!response.ok || response.redirected) return;
  const rows = new DOMParser().parseFromString(await response.text(), "text/html");
  const row = rows.getElementById(`issue-${page.dataset.issue}`);
  if (row) announce(Number(row.dataset.events) - Number(page.dataset.events));
}

function note() {
  isStale = true;
  // A page that nobody looks at waits until somebody does.
  if (!timer && !document.hidden) timer = setTimeout(refresh, THROTTLE_MS);
}

document.addEventListener("live:issues.changed", ({ detail }) => {
  if (detail.issues.includes(Number(page.dataset.issue))) note();
});
document.addEventListener("live:catch-up", note);
document.addEventListener("visibilitychange", () => {
  if (isStale) note();
});
