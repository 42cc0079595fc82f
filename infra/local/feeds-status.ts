import { readFile } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { nullable } from '../../schemas/nullable.ts'
import { statusFile } from '../feeds/status-file.ts'

const Consumer = t.type({
  name: t.string,
  waiting: t.number,
  orMore: t.boolean,
  lagMs: t.number,
  ratePerSecond: t.type({ last10s: t.number, last60s: t.number }),
  lastError: nullable(t.string),
})
const Status = t.type({ at: t.number, consumers: t.readonlyArray(Consumer) })

/** What the feeds process last wrote of itself; `at` is its heartbeat, epoch milliseconds. */
export type FeedsReport = t.TypeOf<typeof Status>

/** The heartbeat comes every five seconds. */
const SILENT_MS = 15_000

/** The feeds process tells nothing: it is starting, it is not running, or it hangs. */
export class FeedsSilent extends Error {
  override readonly name = 'FeedsSilent'
}

/** Rejects with `FeedsSilent` when the feeds process has written nothing, or nothing for a while. */
export const readFeedsReport = async (dataDir: string, now: number): Promise<FeedsReport> => {
  const text = await readFile(statusFile(dataDir), 'utf8').catch((error: unknown) => {
    throw new FeedsSilent('the feeds have not told their status yet', { cause: error })
  })
  const report = Status.decode(JSON.parse(text))
  if (E.isLeft(report)) throw new Error(`${statusFile(dataDir)} does not hold a status of the feeds`)
  if (now - report.right.at > SILENT_MS) throw new FeedsSilent('the feeds have been silent for more than 15 s')
  return report.right
}
