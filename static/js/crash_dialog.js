// The crash-report dialog, shown on a page of an application that crashed there. It is no script of
// ours' own pages: /api/embed/error-page/ gives it with a call at its end, and it brings all it needs.
// Everything that came by the address is set as text.

const DIALOG_WORDS = {
  title: "It looks like something went wrong",
  subtitle: "The team was told.",
  subtitle2: "If you would like to help, tell what happened below.",
  labelName: "Name",
  labelEmail: "Email",
  labelComments: "What happened?",
  labelClose: "Close",
  labelSubmit: "Send report",
  errorGeneric: "The report could not be sent. Please try again.",
  errorFormEntry: "Please say what happened.",
  successMessage: "Your report was sent. Thank you!",
};

const DIALOG_STYLE = `
  dialog {
    box-sizing: border-box; width: min(30rem, calc(100vw - 2rem)); padding: 1.5rem; border: 0;
    border-radius: 6px; color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif;
    color: light-dark(#22242d, #eef0f4); background: light-dark(#fdfdfe, #191b23);
    box-shadow: 0 8px 32px rgb(0 0 0 / 30%);
  }
  dialog::backdrop { background: rgb(0 0 0 / 45%); }
  h2 { margin: 0 0 .25rem; font-size: 20px; line-height: 1.3; }
  p { margin: 0; color: light-dark(#5b5e6b, #b3b6c2); }
  label { display: block; margin-top: 1rem; font-weight: 600; }
  input, textarea {
    box-sizing: border-box; display: block; width: 100%; margin-top: .25rem; padding: .5rem;
    border: 1px solid light-dark(#85899a, #6c7082); border-radius: 6px; font: inherit;
    font-weight: 400; color: inherit; background: transparent;
  }
  textarea { min-height: 7rem; resize: vertical; }
  footer { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: end; margin-top: 1.5rem; }
  button {
    min-height: 44px; padding: 0 1rem; border: 1px solid light-dark(#85899a, #6c7082);
    border-radius: 6px; font: inherit; color: inherit; background: transparent; cursor: pointer;
  }
  button[type="submit"] { border-color: transparent; color: #fff; background: #4338ca; }
  button[disabled] { opacity: .6; cursor: default; }
  :focus-visible { outline: 2px solid light-dark(#4338ca, #a5b4fc); outline-offset: 2px; }
  [role="alert"] { margin-top: 1rem; color: light-dark(#a3260f, #ff9d8a); }
  [role="alert"]:empty { display: none; }
`;

function showCrashDialog(options, address) {
  const words = { ...DIALOG_WORDS, ...options };
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  // A sheet made by script: the page's policy may forbid inline styles.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(DIALOG_STYLE);
  root.adoptedStyleSheets = [sheet];

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const field = (text, control) => element("label", { textContent: text }, control);

  const name = element("input", { name: "name", autocomplete: "name", maxLength: 128 });
  const email = element("input", { name: "email", type: "email", autocomplete: "email" });
  const comments = element("textarea", { name: "comments", required: true, maxLength: 4096 });
  name.value = options.name ?? "";
  email.value = options.email ?? "";
  const alert = element("p");
  alert.setAttribute("role", "alert");
  const close = element("button", { type: "button", textContent: words.labelClose });
  const submit = element("button", { type: "submit", textContent: words.labelSubmit });
  const heading = element("h2", { id: "title", textContent: words.title });
  const form = element(
    "form",
    { noValidate: true },
    field(words.labelName, name),
    field(words.labelEmail, email),
    field(words.labelComments, comments),
    alert,
    element("footer", {}, close, submit),
  );
  const dialog = element(
    "dialog",
    { lang: options.lang ?? "en" },
    heading,
    element("p", { textContent: words.subtitle }),
    element("p", { textContent: words.subtitle2 }),
    form,
  );
  dialog.setAttribute("aria-labelledby", "title");

  const send = () =>
    fetch(address, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      credentials: "omit",
    });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    alert.textContent = "";
    if (!comments.value.trim() || !email.checkValidity()) {
      alert.textContent = words.errorFormEntry;
      (email.checkValidity() ? comments : email).focus();
      return;
    }
    submit.disabled = true;
    const answer = await send().catch(() => null);
    submit.disabled = false;
    if (!answer?.ok) {
      alert.textContent = answer?.status === 400 ? words.errorFormEntry : words.errorGeneric;
      return;
    }
    const thanks = element("p", { textContent: words.successMessage });
    thanks.setAttribute("role", "status");
    dialog.replaceChildren(heading, thanks, element("footer", {}, close));
    close.focus();
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    host.remove();
    // What @sentry/browser waits for to call the application's onClose.
    window.postMessage("__sentry_reportdialog_closed__", "*");
  });

  root.append(dialog);
  document.body.append(host);
  dialog.showModal();
  comments.focus();
}
