import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

// Stands in for the feeds process: keeps the supervisor's contract and leaves one line for each of its starts.
const stop = (): void => process.exit(0)
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('disconnect', stop)
appendFileSync(join(String(process.env['DAYBOOK_DATA_DIR']), 'feeds-started'), `${process.pid}\n`)
setInterval(() => undefined, 60_000)
process.send?.({ type: 'ready' })
