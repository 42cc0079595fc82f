// One cold start: loads the bundle that the argument names, calls its handler with the event on stdin, and tells the answer and the memory.
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'

const event = JSON.parse(await text(process.stdin))
const { handler } = await import(pathToFileURL(process.argv[2]).href)
const answer = await handler(event, { getRemainingTimeInMillis: () => 60_000 })
process.send({ answer: answer ?? null, rssMb: process.memoryUsage.rss() / 1024 / 1024 })
process.disconnect()
process.exit()
