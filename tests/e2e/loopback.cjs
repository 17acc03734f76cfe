// Required before Microsoft's test client: whatever it listens on, it listens on this machine alone.
const net = require("node:net");

const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (...given) {
  const [first] = given;
  if (first !== null && typeof first === "object" && !Array.isArray(first)) {
    return listen.call(this, first.path || first.fd ? first : { ...first, host: "127.0.0.1" }, ...given.slice(1));
  }
  if (first === undefined || typeof first === "function") return listen.call(this, 0, "127.0.0.1", ...given);
  if (typeof first === "number" || /^\d+$/.test(first)) {
    const rest = given.slice(1).filter((one) => typeof one !== "string");
    return listen.call(this, Number(first), "127.0.0.1", ...rest);
  }
  return listen.call(this, ...given);
};
