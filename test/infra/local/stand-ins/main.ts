import { parseOptions } from '../../../../infra/local/options.ts'
import { supervise } from '../../../../infra/local/supervisor.ts'

// The supervisor on real engines, with stand-ins for the API and the feeds.
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
process.exit(
  await supervise({
    options: parseOptions(process.argv),
    modules: { api: new URL('./api.ts', import.meta.url), feeds: new URL('./feeds.ts', import.meta.url) },
    env: process.env,
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    stop: stop.signal,
  }),
)
