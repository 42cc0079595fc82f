import { handleBatch, type ShardContext } from './batch-handling.ts'
import { type Bell, delayOf, pause } from './bell.ts'
import { lookAhead } from './look-ahead.ts'
import { type FeedRecord, type Page, reasonOf } from './port.ts'

/** Reads once, or until the batch is full or the batching window over when there is one. Rejects when the source is away. */
const gather = async <P, Event>(
  context: ShardContext<P, Event>,
  after: string | null,
  windowMs: number,
): Promise<Page<P>> => {
  const { config, shardId, signal } = context
  const read = (from: string | null, limit: number): Promise<Page<P>> =>
    config.source.read({ shardId, after: from, limit })
  let page = await read(after, config.batchSize)
  const end = config.clock() + windowMs
  for (
    let last = page.records.at(-1);
    last !== undefined && !page.closed && !signal.aborted;
    last = page.records.at(-1)
  ) {
    const left = Math.min(config.poll.maximumMs, end - config.clock())
    if (page.records.length >= config.batchSize || left <= 0) break
    await pause(left, signal)
    const more = await read(last.sequenceNumber, config.batchSize - page.records.length)
    page = { records: [...page.records, ...more.records], closed: more.closed }
  }
  return page
}

/** The next page, or null when it could not be read. */
const nextPage = <P, Event>(
  context: ShardContext<P, Event>,
  after: string | null,
  windowMs = context.config.maximumBatchingWindowMs ?? 0,
): Promise<Page<P> | null> =>
  gather(context, after, windowMs).catch((error: unknown) => {
    const { config, shardId, progress, signal } = context
    if (signal.aborted) return null
    progress.failed(reasonOf(error))
    config.log.warn('read failed', { mapping: config.name, shardId, reason: reasonOf(error) })
    return null
  })

/**
 * Reads a shard from its saved position and hands its records on, batch by batch and in order, until it is closed ('closed')
 * or the mapping stops ('stopped'). Polls at once behind a full batch and ever more rarely while nothing comes.
 */
export const followShard = async <P, Event>(
  context: ShardContext<P, Event>,
  bell: Bell,
): Promise<'closed' | 'stopped'> => {
  const { config, shardId, positions, progress, signal } = context
  const { minimumMs, maximumMs } = config.poll
  const unread = lookAhead(context)
  let after = positions.load(shardId)
  // What waited for this reading to begin is not made to wait for more.
  let ahead: Promise<Page<P> | null> | null = nextPage(context, after, 0)
  let waitMs = minimumMs
  let failures = 0
  while (!signal.aborted) {
    const page: Page<P> | null = await (ahead ?? nextPage(context, after))
    ahead = null
    if (page === null) {
      failures += 1
      unread.failed()
      await pause(delayOf(config.backoff, failures), signal)
      continue
    }
    if (failures > 0) progress.recovered()
    failures = 0
    progress.found(page.records)
    const last: FeedRecord<P> | undefined = page.records.at(-1)
    const full = page.records.length >= config.batchSize
    unread.moved(page.records, page.closed || !full)
    if (last !== undefined) {
      if (full && !page.closed) ahead = nextPage(context, last.sequenceNumber)
      await handleBatch(context, page.records)
      after = last.sequenceNumber
      waitMs = minimumMs
    }
    if (page.closed && !signal.aborted) {
      unread.stop()
      progress.closed()
      return 'closed'
    }
    if (full) continue
    const rung = await bell.wait(waitMs, signal)
    waitMs = rung ? minimumMs : Math.min(maximumMs, waitMs * 2)
  }
  return 'stopped'
}
