// A page as a user writes one: a click crashes. The test sets what is global.
import * as Sentry from "@sentry/browser";

Sentry.init({
  dsn: globalThis.sentryDsn,
  release: "basket-ui@5.0.0",
  environment: "staging",
  ...globalThis.sentryOptions,
});
Sentry.setUser({ id: "42", email: "ana@example.com" });
Sentry.setTag("region", "eu-west");
Sentry.setContext("checkout", { step: "pay", card_token: globalThis.cardToken });

function readAmount(basket) {
  return basket.total.amount;
}

document.querySelector("#pay").addEventListener("click", () => {
  console.warn("basket is stale");
  readAmount({ articles: 3 });
});

document.querySelector("#report").addEventListener("click", () => {
  Sentry.showReportDialog({
    title: "Sorry </script><b>about</b> that",
    user: { name: "Ana", email: "ana@example.com" },
    onClose: () => document.body.append("Back in the shop."),
  });
});
