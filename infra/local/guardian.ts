import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { holdFile } from '../hold-file.ts'

// Ends what a supervisor started when the supervisor is gone, however it went. Its standard input is a pipe from the supervisor:
//   + PID SIGNAL   watch this process, to be ended by this signal
//   - PID          it is gone
//   remove DIR     remove this directory in the end (of an instance that keeps nothing)
// At the end of input everything watched gets its signal and, what is left after PATIENCE_MS, SIGKILL.
// It holds `guard` in the data directory until then, so that the next instance starts after the last process of this one.

const PATIENCE_MS = 3_000
const PREDECESSOR_MS = 15_000
const POLL_MS = 50

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGKILL'] as const
const signalNamed = (name: string | undefined): NodeJS.Signals => SIGNALS.find((signal) => signal === name) ?? 'SIGTERM'

const send = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

const watched = new Map<number, NodeJS.Signals>()
const toRemove = new Set<string>()

const understand = (line: string): void => {
  const [verb, ...rest] = line.split(' ')
  if (verb === '+') watched.set(Number(rest[0]), signalNamed(rest[1]))
  if (verb === '-') watched.delete(Number(rest[0]))
  if (verb === 'remove') toRemove.add(rest.join(' '))
}

const endAll = async (): Promise<void> => {
  const left = () => [...watched.keys()].filter((pid) => send(pid, 0))
  for (const [pid, signal] of watched) send(pid, signal)
  const giveUpAt = Date.now() + PATIENCE_MS
  while (left().length > 0 && Date.now() < giveUpAt) await delay(POLL_MS)
  for (const pid of left()) send(pid, 'SIGKILL')
  while (left().length > 0 && Date.now() < giveUpAt + PATIENCE_MS) await delay(POLL_MS)
}

// Signals to the process group are the supervisor's business; the guardian goes last.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)

const guardFile = process.argv[2]
const guard = guardFile === undefined ? null : holdFile(guardFile, PREDECESSOR_MS)
if (guard === null) {
  process.stderr.write('the processes of an earlier instance are still ending\n')
  process.exit(1)
}
process.stdout.write('watching\n')
for await (const line of createInterface({ input: process.stdin })) understand(line)
await endAll()
for (const dir of toRemove) rmSync(dir, { recursive: true, force: true })
guard.release()
