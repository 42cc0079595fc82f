import { fork } from 'node:child_process'
import { once } from 'node:events'
import * as t from 'io-ts'

const INVOKE = new URL('./invoke.mjs', import.meta.url)

const Answered = t.strict({ answer: t.unknown, rssMb: t.number })

export type ColdStart = t.TypeOf<typeof Answered> & { readonly milliseconds: number }

/** From the start of a Node process to the answer of a bundle's handler. Rejects, with what it said, when there is none. */
export const coldStart = async (file: string, environment: NodeJS.ProcessEnv, event: unknown): Promise<ColdStart> => {
  const begun = performance.now()
  const child = fork(INVOKE, [file], { env: environment, execArgv: [], stdio: ['pipe', 'ignore', 'pipe', 'ipc'] })
  let errors = ''
  child.stderr?.on('data', (chunk) => {
    errors += chunk
  })
  child.stdin?.end(JSON.stringify(event))
  const exited = once(child, 'exit')
  const answered = new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', () =>
      reject(new Error(`${file} gave no answer: ${errors.trim().split('\n').slice(-8).join(' ')}`)),
    )
  })
  const message = await answered
  const milliseconds = performance.now() - begun
  await exited
  if (!Answered.is(message)) throw new Error(`${file} gave no answer`)
  return { ...message, milliseconds }
}
