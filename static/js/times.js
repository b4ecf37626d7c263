// Relative times keep telling the truth while a page stays open. Wording: common/wording.py.

const EVERY_MS = 15_000;
const WEEK_S = 7 * 86_400;

function ageOf(seconds) {
  if (seconds < 10) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? "1 day" : `${days} days`;
}

function wordsFor(time) {
  const seconds = Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000);
  // Older ones are dates, which do not change.
  if (seconds < -60 || seconds >= WEEK_S) return null;
  const age = ageOf(seconds);
  if (time.dataset.style === "age") return age;
  return age === "now" ? "just now" : `${age} ago`;
}

setInterval(() => {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-style]")) {
    const words = wordsFor(time);
    if (words && time.textContent !== words) time.textContent = words;
  }
}, EVERY_MS);
