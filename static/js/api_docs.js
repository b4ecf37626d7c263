// Swagger UI around the document that the page names. Nothing leaves this site: no validator.

const place = document.querySelector("[data-document]");
const scheme = matchMedia("(prefers-color-scheme: dark)");

// Its style sheet has a dark half of its own.
function follow() {
  const theme = document.documentElement.dataset.theme;
  const isDark = theme === "dark" || (theme !== "light" && scheme.matches);
  document.documentElement.classList.toggle("dark-mode", isDark);
}

follow();
scheme.addEventListener("change", follow);
new MutationObserver(follow).observe(document.documentElement, { attributeFilter: ["data-theme"] });
window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  presets: [window.SwaggerUIBundle.presets.apis],
});
