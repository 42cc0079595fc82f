import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startOpensearch } from '../../infra/local/engines/opensearch.ts'
import { startPostgres } from '../../infra/local/engines/postgres.ts'
import { startGuard } from '../../infra/local/guard.ts'
import { drive } from './drive.ts'
import { startEmulator } from './emulator.ts'
import { stepsTo } from './step.ts'

/** The emulator's Python is kept between runs. */
const PYTHON = resolve('.daybook/emulator')

/**
 * Deploys all stacks of the stage `emulated` to an AWS on this machine, drives the main job through them, and destroys them. Tells each
 * step on stderr, and all of them as JSON on stdout; exits with 1 at the first that fails, and says where the logs are.
 */
const run = async (): Promise<number> => {
  const dir = await mkdtemp(join(tmpdir(), 'daybook-emulated-'))
  const guard = await startGuard(join(dir, 'guard'), join(dir, 'guardian.log'))
  const { step, taken } = stepsTo((line) => process.stderr.write(line))
  const place = (name: string) => ({
    dataDir: join(dir, name),
    logFile: join(dir, 'logs', `${name}.log`),
    onSpawn: guard.watch,
  })
  let code = 1
  try {
    const [postgres, opensearch] = await step('start Postgres and OpenSearch', () =>
      Promise.all([startPostgres(place('postgres')), startOpensearch(place('opensearch'))]),
    )
    const { logFile, onSpawn } = place('ministack')
    const emulator = await step('start the emulator', () =>
      startEmulator({ pythonDir: PYTHON, logFile, opensearchUrl: opensearch.url, onSpawn }),
    )
    await drive({ dir, emulator, postgresUrl: postgres.url, opensearchUrl: opensearch.url, step })
    guard.removeInTheEnd(dir)
    code = 0
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : error}\nlogs: ${join(dir, 'logs')}\n`,
    )
  }
  await guard.finish()
  const seconds = taken.reduce((sum, each) => sum + each.seconds, 0)
  process.stdout.write(`${JSON.stringify({ ok: code === 0, seconds: Math.round(seconds), steps: taken }, null, 2)}\n`)
  return code
}

process.exitCode = await run()
