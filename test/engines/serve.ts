import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { startAll } from './start-all.ts'

// Keeps the test engines running between runs: `node test/engines/serve.ts FILE`, then DAYBOOK_TEST_ENGINES=FILE for vitest.
const file = process.argv[2]
if (file === undefined) {
  process.stderr.write('usage: node test/engines/serve.ts FILE\n')
  process.exit(2)
}
const engines = await startAll()
writeFileSync(`${file}.new`, JSON.stringify(engines.endpoints, null, 2), { mode: 0o600 })
renameSync(`${file}.new`, file)
process.stdout.write(`test engines are ready: ${file}\n`)

const keepAlive = setInterval(() => undefined, 60_000)
const stop = async (): Promise<void> => {
  rmSync(file, { force: true })
  await engines.stop()
  clearInterval(keepAlive)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
