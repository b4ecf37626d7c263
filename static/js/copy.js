// Copy buttons: data-copy takes the code block beside it, data-copy-from an address's text.

const SHOWN_MS = 1_500;

async function textFor(button) {
  if (button.dataset.copyFrom) return (await fetch(button.dataset.copyFrom)).text();
  return button.dataset.copy || button.parentElement.querySelector("pre, code").textContent;
}

// Outside https and localhost there is no clipboard API; the old command still works there.
async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function confirm(button) {
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  label.textContent = "Copied";
  setTimeout(() => (label.textContent = before), SHOWN_MS);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button || button.dataset.busy) return;
  event.preventDefault();
  button.dataset.busy = "yes";
  await write(await textFor(button));
  confirm(button);
  setTimeout(() => delete button.dataset.busy, SHOWN_MS);
});
