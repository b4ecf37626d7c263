// A server as a user writes one; every request for a price crashes.
import * as Sentry from "@sentry/node";
import http from "node:http";

function findPrice(prices, article) {
  if (!(article in prices)) {
    throw new Error(`no price for ${article}`);
  }
  return prices[article];
}

function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (pathname === "/") {
    response.end("open");
    return;
  }
  Sentry.setUser({ id: "42", email: "ana@example.com" });
  Sentry.setTag("region", "eu-west");
  Sentry.setContext("checkout", { step: "pay", card_token: process.env.CARD_TOKEN });
  Sentry.addBreadcrumb({ category: "basket", message: "prices were read", level: "info" });
  try {
    response.end(String(findPrice({ tea: 4 }, searchParams.get("of"))));
  } catch (error) {
    Sentry.captureException(error);
    response.writeHead(500).end();
  }
}

http.createServer(answer).listen(Number(process.env.PORT), "127.0.0.1");
