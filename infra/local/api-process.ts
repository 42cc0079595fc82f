import { serve } from '@hono/node-server'
import * as E from 'fp-ts/lib/Either.js'
import { jsonLogger } from '../log/logger.ts'
import { composeApi } from './compose-api.ts'
import { readSettings, type Settings } from './settings.ts'
import { traceLocally } from './telemetry.ts'

/** Open requests get this long to finish before the process ends. */
const STOP_WITHIN_MS = 3_000

const log = jsonLogger(
  'api',
  (line) => process.stdout.write(line),
  () => new Date(),
)

/** Serves until the process is told to stop; answers the exit code. */
const run = async (settings: Settings): Promise<number> => {
  const tracing = traceLocally(settings.dataDir, 'api', log)
  const { fetch, close } = await composeApi(settings, log)
  const ended = Promise.withResolvers<number>()
  const server = serve({ fetch, hostname: '127.0.0.1', port: settings.port }, ({ port }) => {
    log.info('serving', { port })
    process.send?.({ type: 'ready' })
  })
  server.on('error', (error) => {
    log.error('the server failed', { error })
    ended.resolve(1)
  })
  const stop = (): void => {
    server.close(() => ended.resolve(0))
    setTimeout(() => ended.resolve(0), STOP_WITHIN_MS).unref()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('disconnect', stop)
  const code = await ended.promise
  await close()
  await tracing.stop()
  return code
}

const settings = readSettings(process.env)
if (E.isLeft(settings)) {
  log.error('settings are not valid', { faults: settings.left })
  process.exit(2)
}
const code = await run(settings.right).catch((error: unknown) => {
  log.error('the API failed', { error })
  return 1
})
process.exit(code)
