// The official client. Signals are handled once it has connected.
const { connect } = require("@nats-io/transport-node");
// The client ignores a login in the URL.
const urls = (process.env.NATS_URL || "nats://127.0.0.1:4222").split(",").map(u => new URL(u));
const login = urls.find(u => u.username) || {};
const room = { servers: urls.map(u => u.host), user: login.username || undefined, pass: login.password || undefined };
if (process.argv.length > 2) { console.error("usage: connect"); process.exit(2); }
(async () => {
  let nc, stopping = false;
  try {
    nc = await connect({ ...room,
      name: "connect", maxReconnectAttempts: -1, reconnectTimeWait: 300, ignoreAuthErrorAbort: true });
  } catch (e) { console.error("connect: " + e.message); process.exit(1); }
  const stop = async () => { stopping = true; await nc.close(); };
  process.on("SIGINT", stop); process.on("SIGTERM", stop);
  const before = process.hrtime.bigint(); // nc.rtt() counts in milliseconds
  await nc.flush();
  const rtt = (process.hrtime.bigint() - before) / 1000n;
  console.log(`connected to ${nc.info.server_name} (${nc.info.cluster}), rtt ${rtt} us`);
  (async () => { for await (const s of nc.status()) {
    if (s.type === "disconnect" && !stopping) console.log("disconnected");
    if (s.type === "reconnect") console.log("reconnected to " + nc.info.server_name);
  } })();
  await nc.closed();
  console.log("closed");
})();
