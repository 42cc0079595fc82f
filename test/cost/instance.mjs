// One instance of a function: loads the bundle that the argument names, hands its handler every event that comes, and tells the answer and
// the time that it took, of the clock and of the processor.
import { pathToFileURL } from 'node:url'

const { handler } = await import(pathToFileURL(process.argv[2]).href)

process.on('message', async (event) => {
  const [begun, used] = [performance.now(), process.cpuUsage()]
  const answer = await handler(event, { getRemainingTimeInMillis: () => 60_000 })
  const [wallMs, { user, system }] = [performance.now() - begun, process.cpuUsage(used)]
  process.send({ answer: answer ?? null, wallMs, cpuMs: (user + system) / 1000 })
})
process.on('disconnect', () => process.exit(0))
process.send('ready')
