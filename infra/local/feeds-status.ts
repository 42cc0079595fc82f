import { readFile } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { statusFile } from '../feeds/status-file.ts'

const Mapping = t.type({ name: t.string, pending: t.number, lagMs: t.number })
const Status = t.type({ at: t.number, mappings: t.readonlyArray(Mapping), unacknowledged: t.number })

/** What the feeds process last wrote of itself; `at` is its heartbeat, epoch milliseconds. */
export type FeedsReport = t.TypeOf<typeof Status>

/** The heartbeat comes every five seconds. */
const SILENT_MS = 15_000

/** Rejects when the feeds process has written nothing for a while: it is not running, or it hangs. */
export const readFeedsReport = async (dataDir: string, now: number): Promise<FeedsReport> => {
  const report = Status.decode(JSON.parse(await readFile(statusFile(dataDir), 'utf8')))
  if (E.isLeft(report)) throw new Error(`${statusFile(dataDir)} does not hold a status of the feeds`)
  if (now - report.right.at > SILENT_MS) throw new Error('the feeds have been silent for more than 15 s')
  return report.right
}
