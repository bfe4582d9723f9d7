// Leads a Node program to the emulator: Node loads this at its start, since it is named in NODE_OPTIONS. Every client
// of Node's ends in net.Socket, fetch and http2 too; who is to be trusted stands in NODE_EXTRA_CA_CERTS.
"use strict";
const net = require("node:net");

if (process.env.MOCK_SMA_LEAD) {
  const { domains, hosts, server } = JSON.parse(process.env.MOCK_SMA_LEAD);
  const connect = net.Socket.prototype.connect;

  /** Return the options that lead on, or the ones that were given where the host is not SMA's. */
  const led = (options) => {
    const name = String(options.host ?? "").toLowerCase().replace(/\.$/, "");
    if (options.path || !domains.some((domain) => name === domain || name.endsWith(`.${domain}`))) return options;
    if (!hosts.includes(name)) {
      const text = `mock-sma: ${name} is SMA's and is not served here; served: ${hosts.join(", ")}`;
      throw Object.assign(new Error(text), { code: "ENOTFOUND", hostname: name, syscall: "getaddrinfo" });
    }
    if (Number(options.port) !== 443) {
      const text = `mock-sma: SMA's hosts are served on port 443 alone, not on ${options.port}`;
      throw Object.assign(new Error(text), { code: "ECONNREFUSED", syscall: "connect" });
    }
    return { ...options, host: server[0], port: server[1], lookup: undefined };
  };

  net.Socket.prototype.connect = function (...given) {
    // net.connect hands on what it has put in order: an array of options and callback, with a mark of its own.
    const ordered = Array.isArray(given[0]) ? given[0] : net._normalizeArgs(given);
    try {
      ordered[0] = led(ordered[0]);
    } catch (error) {
      process.nextTick(() => this.destroy(error));
      return this;
    }
    return connect.call(this, ordered);
  };
}
