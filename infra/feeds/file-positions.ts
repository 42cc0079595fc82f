import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Logger } from '../log/logger.ts'
import { reasonOf } from './port.ts'
import type { ConsumerPositions, Positions } from './positions.ts'

const Saved = t.strict({ incarnation: t.string, shards: t.record(t.string, t.string) })
type Saved = t.TypeOf<typeof Saved>

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const parse = (text: string): Saved | undefined => {
  const saved = E.chainW(Saved.decode)(E.tryCatch((): unknown => JSON.parse(text), E.toError))
  return E.isRight(saved) ? saved.right : undefined
}

const readSaved = async (file: string, log: Logger): Promise<Saved | undefined> => {
  try {
    const saved = parse(await readFile(file, 'utf8'))
    if (saved === undefined) log.error('position file is damaged: its consumer starts from the beginning', { file })
    return saved
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

const replaceFile = async (file: string, text: string): Promise<void> => {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}

/** One write at a time; what is saved meanwhile goes into the next one. */
const writer = (write: () => Promise<void>, log: Logger): Pick<ConsumerPositions, 'flush'> & { soon: () => void } => {
  let dirty = false
  let running: Promise<void> | null = null
  const run = async (): Promise<void> => {
    while (dirty) {
      dirty = false
      await write().catch((error: unknown) => {
        dirty = true
        throw error
      })
    }
  }
  const start = (): Promise<void> => {
    running ??= run().finally(() => {
      running = null
    })
    return running
  }
  return {
    soon: () => {
      dirty = true
      start().catch((error: unknown) => log.error('cannot save positions', { reason: reasonOf(error) }))
    },
    flush: start,
  }
}

/**
 * One JSON file a consumer in `directory`, replaced atomically. A crash may lose the latest positions, which only means that
 * their records are delivered again; a damaged file counts as none.
 */
export const filePositions = (directory: string, log: Logger): Positions => ({
  open: async (consumer, incarnation) => {
    await mkdir(directory, { recursive: true })
    const file = join(directory, `${consumer}.json`)
    const saved = await readSaved(file, log)
    const shards = new Map(Object.entries(saved?.incarnation === incarnation ? saved.shards : {}))
    const { soon, flush } = writer(
      () => replaceFile(file, JSON.stringify({ incarnation, shards: Object.fromEntries(shards) })),
      log,
    )
    return {
      load: (shardId) => shards.get(shardId) ?? null,
      save: (shardId, sequenceNumber) => {
        shards.set(shardId, sequenceNumber)
        soon()
      },
      flush,
    }
  },
})
