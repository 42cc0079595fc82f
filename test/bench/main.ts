import { endQuietlyWhenNobodyReads } from '../../infra/cli/output.ts'
import { run } from './program.ts'

endQuietlyWhenNobodyReads(process.stdout, process.stderr)
const stop = new AbortController()
// Once: the round that runs ends first, then the engines are stopped; a second signal ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop.abort(new Error('stopped before the end')))
}
process.exitCode = await run(process.argv.slice(2), stop.signal)
