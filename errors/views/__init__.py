"""Pages of issues and events: HTTP in, a presenter or a service, HTML out."""
