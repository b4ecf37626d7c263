// ⌘K: everything the page offers, by name. Its entries are the page's own links and buttons.

const palette = document.getElementById("palette");
const input = palette?.querySelector("input");
const list = palette?.querySelector("ul");
const SOURCES = ".bar-section, .menu-item, .tab, [data-name], .page [data-key]";
let entries = [];

function nameOf(element) {
  const name = element.dataset.name || element.title || element.textContent;
  return name.replace(/\s+/g, " ").trim();
}

// What stands in a closed menu can be chosen; what is hidden for a reason cannot.
function isOffered(element) {
  if (element.closest("dialog") || element.disabled) return false;
  return element.closest(".menu") ? true : element.checkVisibility();
}

function collect() {
  const byName = new Map();
  for (const element of document.querySelectorAll(SOURCES)) {
    if (!isOffered(element)) continue;
    const name = nameOf(element);
    if (name && !byName.has(name)) {
      byName.set(name, { name, key: element.dataset.key, run: () => element.click() });
    }
  }
  return [...byName.values()];
}

function searchEntry(text) {
  const run = () => location.assign(`${input.dataset.search}?q=${encodeURIComponent(text)}`);
  return { name: `Search issues for “${text}”`, run };
}

function matching(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter((entry) =>
    words.every((word) => entry.name.toLowerCase().includes(word)),
  );
  return text.trim() ? [...found, searchEntry(text.trim())] : found;
}

function choose(index) {
  const items = [...list.children];
  items.forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
  const chosen = items[index];
  if (!chosen) return;
  input.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function chosenIndex() {
  return [...list.children].findIndex((item) => item.getAttribute("aria-selected") === "true");
}

function itemFor(entry, index) {
  const item = document.createElement("li");
  item.id = `palette-${index}`;
  item.className = "palette-item";
  item.setAttribute("role", "option");
  item.append(entry.name);
  if (entry.key) {
    const key = document.createElement("kbd");
    key.textContent = entry.key;
    item.append(key);
  }
  item.addEventListener("click", () => run(entry));
  return item;
}

function run(entry) {
  palette.close();
  entry.run();
}

function show() {
  list.replaceChildren(...matching(input.value).map(itemFor));
  choose(0);
}

function move(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const count = list.children.length;
    choose((chosenIndex() + step + count) % count);
  } else if (event.key === "Enter") {
    event.preventDefault();
    list.children[chosenIndex()]?.click();
  }
}

if (palette) {
  if (!/Mac|iPhone|iPad/.test(navigator.platform)) {
    for (const key of document.querySelectorAll(".key-palette")) key.textContent = "Ctrl K";
  }
  input.addEventListener("input", show);
  input.addEventListener("keydown", move);
  // Runs for ⌘K, the button and a script alike.
  new MutationObserver(() => {
    if (!palette.open) return;
    entries = collect();
    input.value = "";
    show();
    input.focus();
  }).observe(palette, { attributes: true, attributeFilter: ["open"] });
}
