// The frame: menus that close, dialogs that open, the theme, and buttons that only scripts serve.

// Buttons that need a script are hidden until one runs; `reveal` is called for what htmx brings.
const SCRIPTED = "[data-opens][hidden], [data-dismiss][hidden], [data-copy][hidden]";

function reveal(root) {
  for (const button of root.querySelectorAll(SCRIPTED)) button.hidden = false;
}

reveal(document);
document.addEventListener("htmx:after:swap", () => reveal(document));

// Where tabs are wider than the screen, the chosen one is in view.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.parentElement;
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  // A click on the backdrop hits the dialog itself.
  if (event.target.matches("dialog.dialog")) event.target.close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector(".menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-theme-toggle]");
  if (!form) return;
  event.preventDefault();
  document.documentElement.dataset.theme = event.submitter.value;
  const body = new FormData(form, event.submitter);
  await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
});
