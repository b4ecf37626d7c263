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

if (box) {
  start(box);
  new MutationObserver(() => start(box)).observe(box, { childList: true });
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) leave(event.target.closest(".toast"));
  });
}
