import { connect } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Engine, EngineOptions } from '../../../../infra/local/engines/engine.ts'

/** Starts an engine on a directory for one test, and stops it behind it. */
export const runEngine = async (
  start: (options: EngineOptions) => Promise<Engine>,
  dir: string,
  options: Partial<EngineOptions> = {},
): Promise<Engine> => {
  const engine = await start({ dataDir: join(dir, 'data'), logFile: join(dir, 'engine.log'), ...options })
  onTestFinished(engine.stop)
  return engine
}

/** Kills an engine as a crash would, and waits until it is gone. */
export const crash = async (engine: Engine): Promise<void> => {
  process.kill(engine.pid, 'SIGKILL')
  await engine.exited
}

/**
 * Whether the port is open on an address of this machine other than 127.0.0.1. All of 127.0.0.0/8 is this machine on Linux
 * (RFC 1122 section 3.2.1.3), so that a server on all addresses answers at 127.0.0.2.
 */
export const isOpenBeyondLoopback = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.2', port })
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
