import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pause } from './bell.ts'

/** Everything that the feeds keep lies under the data directory in here. */
export const feedsDirectory = (dataDir: string): string => join(dataDir, 'feeds')
export const statusFile = (dataDir: string): string => join(feedsDirectory(dataDir), 'status.json')

/**
 * Writes a status for others to read: atomically, every second when it has changed, every five seconds at least, so that its
 * time (`at`, epoch milliseconds) is a heartbeat. Resolves when `signal` aborts; rejects when the file cannot be written.
 */
export const keepStatusFile = async (
  file: string,
  status: () => object,
  clock: () => number,
  signal: AbortSignal,
): Promise<void> => {
  let written = ''
  let writtenAt = Number.NEGATIVE_INFINITY
  for (; !signal.aborted; await pause(1_000, signal)) {
    const text = JSON.stringify(status())
    const at = clock()
    if (text === written && at - writtenAt < 5_000) continue
    await writeFile(`${file}.new`, `${JSON.stringify({ at, ...JSON.parse(text) })}\n`)
    await rename(`${file}.new`, file)
    written = text
    writtenAt = at
  }
}
