// A shop's server that passes on what a customer wrote about a crash, with a file.
import * as Sentry from "@sentry/node";

Sentry.getCurrentScope().addAttachment({ filename: "receipt.txt", data: "2 pears\n" });
const associatedEventId = Sentry.captureException(new TypeError("the scale is off"));
Sentry.captureFeedback({
  associatedEventId,
  name: "Cleo",
  email: "cleo@example.com",
  message: "I paid for five pears.",
});
await Sentry.flush(10000);
