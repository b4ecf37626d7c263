// A server as a user writes one, with a request that crashes.
import * as Sentry from "@sentry/node";
import http from "node:http";

function findPrice(prices, article) {
  const price = prices[article];
  return price.amount;
}

function answer(request, response) {
  if (request.url === "/") {
    response.end("open");
    return;
  }
  Sentry.setUser({ id: "42", email: "ana@example.com" });
  Sentry.setTag("region", "eu-west");
  Sentry.setContext("checkout", { step: "pay", card_token: "tok-5f2a" });
  Sentry.addBreadcrumb({ category: "basket", message: "prices were read", level: "info" });
  try {
    response.end(String(findPrice({ tea: { amount: 4 } }, "coffee")));
  } catch (error) {
    Sentry.captureException(error);
    response.writeHead(500).end();
  }
}

http.createServer(answer).listen(Number(process.env.PORT), "127.0.0.1");
