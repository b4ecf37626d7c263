// A script as a user writes one: nothing catches its error.
import * as Sentry from "@sentry/node";

function parseQuantity(text) {
  const quantity = Number(text);
  if (Number.isNaN(quantity)) {
    throw new RangeError(`not a quantity: ${text}`);
  }
  return quantity;
}

Sentry.setUser({ id: "42", email: "ana@example.com" });
Sentry.setTag("region", "eu-west");
Sentry.addBreadcrumb({ category: "basket", message: "file was read", level: "info" });
parseQuantity("seven");
