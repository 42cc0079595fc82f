import { parseOptions } from './options.ts'
import { MODULES } from './start-services.ts'
import { supervise } from './supervisor.ts'

/** Ctrl-C arrives twice within milliseconds, from the terminal and from npm: only a later one means "at once". */
const ONE_CTRL_C_MS = 1_000

const options = parseOptions(process.argv)
const stop = new AbortController()
let stoppedAt = 0

const onSignal = (): void => {
  if (!stop.signal.aborted) {
    stoppedAt = performance.now()
    stop.abort()
  } else if (performance.now() - stoppedAt > ONE_CTRL_C_MS) {
    // The guardian ends what is left.
    process.exit(1)
  }
}
process.on('SIGINT', onSignal)
process.on('SIGTERM', onSignal)
process.on('SIGHUP', onSignal)

const write = (stream: NodeJS.WriteStream) => (line: string) => {
  stream.write(`${line}\n`)
}
process.exit(
  await supervise({
    options,
    modules: MODULES,
    env: process.env,
    out: write(process.stdout),
    err: write(process.stderr),
    stop: stop.signal,
  }),
)
