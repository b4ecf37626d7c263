// Toasts leave after ten seconds, but never while somebody reads or holds them.

const STAY_MS = 10_000;
const LEAVE_MS = 150;
const box = document.getElementById("toasts");

function leave(toast) {
  toast.classList.add("toast-leaving");
  setTimeout(() => toast.remove(), LEAVE_MS);
}

function isHeld(toast) {
  return toast.matches(":hover, :focus-within");
}

function watch(toast) {
  const timer = setInterval(() => {
    if (isHeld(toast)) return;
    clearInterval(timer);
    leave(toast);
  }, STAY_MS);
}

function start(root) {
  for (const toast of root.querySelectorAll(".toast:not([data-seen])")) {
    toast.dataset.seen = "";
    watch(toast);
  }
}

function complain(text) {
  const toast = document.createElement("div");
  toast.className = "toast toast-error";
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(words);
  box.append(toast);
}

const REASONS = {
  403: "You may not do this, or you have signed in again elsewhere. Reload the page.",
  404: "It is not there any more. Reload the page.",
};

if (box) {
  start(box);
  document.addEventListener("htmx:response:error", (event) => {
    complain(REASONS[event.detail.ctx.response.status] ?? "The site could not do this. Try again.");
  });
  document.addEventListener("htmx:error", () => {
    complain("The site cannot be reached. Nothing was changed.");
  });
  new MutationObserver(() => start(box)).observe(box, { childList: true });
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) leave(event.target.closest(".toast"));
  });
}
