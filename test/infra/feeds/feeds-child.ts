import { fork } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Settings, writeSettings } from '../../../infra/local/settings.ts'

const PROCESS = join(import.meta.dirname, '../../../infra/local/feeds-process.ts')

type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** The feeds as `npm start` runs them, in a process of their own that ends with the test. */
export const forkFeeds = (settings: Settings) => {
  const child = fork(PROCESS, {
    env: { ...process.env, ...writeSettings(settings) },
    stdio: 'ignore',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const messages: unknown[] = []
  child.on('message', (message) => messages.push(message))
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  return {
    child,
    exited,
    isReady: () => JSON.stringify(messages) === '[{"type":"ready"}]',
    kill: async (): Promise<void> => {
      child.kill('SIGKILL')
      await exited
    },
  }
}
