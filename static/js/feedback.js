// The list of feedback says how much came since it was opened, and moves nothing by itself.

const line = document.getElementById("new-feedback");
let count = 0;

function announce() {
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "show";
  const number = document.createElement("b");
  number.textContent = `${count.toLocaleString("en")} new`;
  line.replaceChildren(number, " · ", link);
}

document.addEventListener("live:feedback.changed", ({ detail }) => {
  count += detail.new;
  announce();
});
