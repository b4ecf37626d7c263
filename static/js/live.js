// Live pages. An element with data-live="/ws/…" opens that WebSocket; each message becomes an event
// on the document, named by its type ("issues.changed" → "live:issues.changed"), with the message
// as detail. After a gap "live:catch-up" asks pages to fetch what they missed.

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
}

function addressOf(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url;
}

function connect(path, wait = FIRST_WAIT_MS, isAgain = false) {
  const socket = new WebSocket(addressOf(path));
  let nextWait = Math.min(wait * 2, LONGEST_WAIT_MS);
  socket.addEventListener("open", () => {
    nextWait = FIRST_WAIT_MS;
    if (isAgain) tell("catch-up");
  });
  socket.addEventListener("message", (event) => {
    const message = JSON.parse(event.data);
    tell(message.type, message);
  });
  socket.addEventListener("close", (event) => {
    // 4403: not, or no longer, allowed to look; asking again would not help.
    if (event.code === 4403) return;
    // Spread, so that a restarted server is not met by everybody at once.
    setTimeout(() => connect(path, nextWait, true), nextWait * (0.5 + Math.random()));
  });
}

const source = document.querySelector("[data-live]");
if (source) connect(source.dataset.live);
