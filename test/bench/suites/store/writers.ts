import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Failed, Ready, type Task, Wrote } from './writer-messages.ts'

const WRITER = new URL('./writer-process.ts', import.meta.url)

/** The next message of a process; rejects when it ends before it sends one. */
const nextMessage = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const onExit = (): void => {
      child.off('message', onMessage)
      reject(new Error('a writer process ended'))
    }
    const onMessage = (message: unknown): void => {
      child.off('exit', onExit)
      resolve(message)
    }
    child.once('exit', onExit)
    child.once('message', onMessage)
  })

const startWriter = async (url: string, cleanUp: AsyncDisposableStack): Promise<ChildProcess> => {
  const child = fork(WRITER, [url], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  cleanUp.defer(async () => {
    if (child.connected) child.disconnect()
    await exited
  })
  if (!Ready.is(await nextMessage(child))) throw new Error('a writer process did not start')
  return child
}

const ask = async (child: ChildProcess, task: Task): Promise<Wrote> => {
  const answered = nextMessage(child)
  child.send(task)
  const answer = await answered
  if (Wrote.is(answer)) return answer
  throw new Error(Failed.is(answer) ? answer.message : 'a writer process answered nonsense')
}

/** Starts so many Node processes; the answer gives all of them the same task and waits for all. */
export const startWriters = async (
  url: string,
  count: number,
  cleanUp: AsyncDisposableStack,
): Promise<(task: Task) => Promise<ReadonlyArray<Wrote>>> => {
  const children = await Promise.all(Array.from({ length: count }, () => startWriter(url, cleanUp)))
  return (task) => Promise.all(children.map((child) => ask(child, task)))
}
