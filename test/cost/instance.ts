import { fork } from 'node:child_process'
import { once } from 'node:events'
import * as t from 'io-ts'
import type { Tally } from './tally.ts'

const INSTANCE = new URL('./instance.mjs', import.meta.url)

const Invoked = t.strict({ answer: t.unknown, wallMs: t.number, cpuMs: t.number })

export type Instance = {
  /** Answers what the function does; one event at a time. Rejects when the process ends instead. */
  readonly invoke: (event: object) => Promise<unknown>
  readonly stop: () => Promise<void>
}

/**
 * An instance of a function as Lambda has it: its bundle in a process of its own, with its variables and no others. Counts `invocations`,
 * their time by the clock and of the processor (`wallMs`, `cpuMs`), and the log (`logBytes`, `logLines`).
 */
export const startInstance = async (
  bundle: string,
  environment: NodeJS.ProcessEnv,
  { count }: Tally,
): Promise<Instance> => {
  const child = fork(INSTANCE, [bundle], { env: environment, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const exited = once(child, 'exit')
  let errors = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    count('logBytes', chunk.byteLength)
    count('logLines', chunk.toString('latin1').split('\n').length - 1)
  })
  child.stderr?.on('data', (chunk) => {
    errors += chunk
  })
  const message = async (): Promise<unknown> => {
    const ended = exited.then(() => {
      throw new Error(`${bundle} ended: ${errors.trim().split('\n').slice(-8).join(' ')}`)
    })
    const [told] = await Promise.race([once(child, 'message'), ended])
    return told
  }
  await message()
  return {
    invoke: async (event) => {
      const answered = message()
      child.send(event)
      const invoked = await answered
      if (!Invoked.is(invoked)) throw new Error(`${bundle} gave no answer`)
      count('invocations')
      count('wallMs', invoked.wallMs)
      count('cpuMs', invoked.cpuMs)
      return invoked.answer
    },
    stop: async () => {
      child.disconnect()
      await exited
    },
  }
}
