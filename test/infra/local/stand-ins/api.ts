import { createServer } from 'node:http'

// Stands in for the API process: keeps the supervisor's contract and tells by HTTP what it was told.
const server = createServer((_request, response) =>
  response.end(JSON.stringify({ pid: process.pid, env: process.env })),
)
const stop = (): void => process.exit(0)
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('disconnect', stop)
server.listen(Number(process.env['DAYBOOK_PORT']), '127.0.0.1', () => process.send?.({ type: 'ready' }))
