import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import * as t from 'io-ts'

/** What a child sends besides its answers: that it takes tasks, or why one failed. */
const Ready = t.strict({ type: t.literal('ready') })
const Failed = t.strict({ type: t.literal('failed'), message: t.string })

/** The next message of a process; rejects when it ends before it sends one. */
const nextMessage = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const onExit = (): void => {
      child.off('message', onMessage)
      reject(new Error('a process of the benchmark ended'))
    }
    const onMessage = (message: unknown): void => {
      child.off('exit', onExit)
      resolve(message)
    }
    child.once('exit', onExit)
    child.once('message', onMessage)
  })

/** Gives a child one task and resolves with its answer. */
export type Ask = (task: object) => Promise<unknown>

/** Starts a module as a process that takes tasks one at a time (`takeTasks`); it ends with `cleanUp`. */
export const startChild = async (
  module: URL,
  args: ReadonlyArray<string>,
  cleanUp: AsyncDisposableStack,
  execArgv: ReadonlyArray<string> = [],
): Promise<Ask> => {
  const child = fork(module, [...args], { execArgv: [...execArgv], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  cleanUp.defer(async () => {
    if (child.connected) child.disconnect()
    await exited
  })
  if (!Ready.is(await nextMessage(child))) throw new Error('a process of the benchmark did not start')
  return async (task) => {
    const answered = nextMessage(child)
    child.send(task)
    const answer = await answered
    if (Failed.is(answer)) throw new Error(answer.message)
    return answer
  }
}

/** In the child: answers every task, and ends with its parent. */
export const takeTasks = (answer: (task: unknown) => Promise<object>): void => {
  process.on('message', (task) => {
    answer(task).then(
      (answered) => process.send?.(answered),
      (error: unknown) =>
        process.send?.({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
    )
  })
  process.on('disconnect', () => process.exit(0))
  // A terminal sends it to everybody; the benchmark ends its round first and then this process.
  process.on('SIGINT', () => undefined)
  process.send?.({ type: 'ready' })
}
