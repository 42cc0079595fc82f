import { type Ask, startChild } from '../../child.ts'
import { type Task, Wrote } from './writer-messages.ts'

const WRITER = new URL('./writer-process.ts', import.meta.url)

const ask = async (child: Ask, task: Task): Promise<Wrote> => {
  const answer = await child(task)
  if (Wrote.is(answer)) return answer
  throw new Error('a writer process answered nonsense')
}

/** Starts so many Node processes; the answer gives all of them the same task and waits for all. */
export const startWriters = async (
  url: string,
  count: number,
  cleanUp: AsyncDisposableStack,
): Promise<(task: Task) => Promise<ReadonlyArray<Wrote>>> => {
  const children = await Promise.all(Array.from({ length: count }, () => startChild(WRITER, [url], cleanUp)))
  return (task) => Promise.all(children.map((child) => ask(child, task)))
}
