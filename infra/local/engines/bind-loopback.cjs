// kinesis-local has no setting for its address and listens on all of them. Preloaded into its process, this makes every
// server of that process listen on 127.0.0.1 only.
const { Server } = require('node:net')

const listen = Server.prototype.listen

Server.prototype.listen = function listenOnLoopback(target, ...rest) {
  const callback = rest.find((argument) => typeof argument === 'function')
  const options = typeof target === 'object' && target !== null ? target : { port: Number(target) }
  return listen.call(this, { ...options, host: '127.0.0.1' }, callback)
}
