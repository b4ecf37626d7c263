"""What production needs beside the site: the proxy, health checks, a runner without containers."""
