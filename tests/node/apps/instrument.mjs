// Loaded with `node --import`, before the application, as the SDK's set-up says.
import * as Sentry from "@sentry/node";

Sentry.init({
  dsn: process.env.SENTRY_DSN,
  release: "basket@5.0.0",
  environment: "staging",
  includeLocalVariables: true,
});
