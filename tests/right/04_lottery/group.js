// lottery NAME, with the official client for Node.js:
// npm install @nats-io/transport-node
const { connect } = require("@nats-io/transport-node");

// nats.js takes the servers and the login apart; NATS_URL has both in one.
function options(urls) {
    const list = urls.split(",").map((url) => new URL(url));
    return {
        servers: list.map((url) => url.host),
        user: list[0].username || undefined,
        pass: list[0].password || undefined,
    };
}

async function play(name) {
    // Before it connects: whoever can be asked can be stopped, too.
    const stopped = new Promise((stop) => {
        process.on("SIGINT", stop);
        process.on("SIGTERM", stop);
    });
    const urls = process.env.NATS_URL ?? "nats://127.0.0.1:4222";
    const nc = await connect(options(urls));
    nc.subscribe("room.lottery", {
        queue: "lottery",
        callback: (error, msg) => msg.respond(name), // false where nobody waits
    });
    await nc.flush(); // the server knows
    console.log(`${name} plays`);

    await stopped;
    await nc.drain(); // answers what is here, and closes
}

if (process.argv.length !== 3 || process.argv[2] === "") {
    console.error("usage: lottery NAME");
    process.exit(2);
}
play(process.argv[2]).catch((error) => {
    console.error(`lottery: ${error.message}`);
    process.exitCode = 1;
});
