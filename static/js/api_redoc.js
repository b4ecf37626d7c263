// Redoc around the document that the page names, in the site's colours as they are now.

const place = document.querySelector("[data-document]");

// Redoc reckons with colours and knows no oklch(): the browser paints one and says what it became.
function colour(token) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const paint = canvas.getContext("2d", { willReadFrequently: true });
  const probe = document.createElement("span");
  probe.className = `api-colour-${token}`;
  document.body.append(probe);
  paint.fillStyle = getComputedStyle(probe).color;
  probe.remove();
  paint.fillRect(0, 0, 1, 1);
  const [red, green, blue] = paint.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

const text = colour("text");
const quiet = colour("quiet");
const soft = colour("soft");
const line = colour("line");
const accent = colour("accent");
const font = { fontFamily: "system-ui, sans-serif" };

window.Redoc.init(
  place.dataset.document,
  {
    nonce: place.dataset.nonce,
    nativeScrollbars: true,
    hideDownloadButton: true,
    scrollYOffset: 48,
    theme: {
      colors: {
        primary: { main: accent },
        success: { main: colour("good") },
        error: { main: colour("error") },
        warning: { main: colour("warning") },
        text: { primary: text, secondary: quiet },
        border: { dark: line, light: line },
        gray: { 50: soft, 100: line },
      },
      typography: { ...font, fontSize: "14px", headings: font, links: { color: accent }, code: { color: text, backgroundColor: soft } },
      schema: { linesColor: line, typeNameColor: quiet, typeTitleColor: quiet, requireLabelColor: accent, nestedBackground: soft },
      sidebar: { backgroundColor: soft, textColor: text, activeTextColor: accent },
      rightPanel: { backgroundColor: "rgb(24, 25, 34)", textColor: "rgb(240, 241, 245)" },
      codeBlock: { backgroundColor: "rgb(13, 14, 20)" },
      fab: { backgroundColor: soft, color: text },
    },
  },
  place,
  (error) => {
    if (error) place.textContent = "The document could not be shown. It is at /openapi.json.";
  },
);
