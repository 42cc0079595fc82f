import { hash } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { threadId } from 'node:worker_threads'
import * as E from 'fp-ts/lib/Either.js'
import { exclusively } from './exclusively.ts'
import { segmentsOf } from './key.ts'
import { type ConditionalObjects, ObjectStorageFault } from './port.ts'

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

const fault = (doing: string, cause: unknown): ObjectStorageFault =>
  new ObjectStorageFault(`${doing} failed: ${cause instanceof Error ? cause.message : cause}`, { cause })

let drafts = 0
/** A name that no other writer uses now, and that no key has. What a crash left under it is written over. */
const draftBeside = (file: string): string => {
  drafts += 1
  return join(dirname(file), `.${process.pid}-${threadId}-${drafts}`)
}

const withFile = async <A>(file: string, flags: string, work: (handle: FileHandle) => Promise<A>): Promise<A> => {
  const handle = await open(file, flags, 0o600)
  try {
    return await work(handle)
  } finally {
    await handle.close()
  }
}

/** A new name survives a crash only once its directory was synchronised too (fsync(2)). */
const syncDirectory = (dir: string): Promise<void> => withFile(dir, 'r', (handle) => handle.sync())

/** Makes a directory that survives a crash: each new one's name stands in the one above it. */
const makeDirectory = async (dir: string): Promise<void> => {
  const first = await mkdir(dir, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = dir; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made))
}

const write = async (file: string, bytes: Uint8Array): Promise<void> => {
  await makeDirectory(dirname(file))
  const draft = draftBeside(file)
  try {
    await withFile(draft, 'w', async (handle) => {
      await handle.writeFile(bytes)
      await handle.sync()
    })
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncDirectory(dirname(file))
}

const tagOf = (bytes: Uint8Array): string => hash('sha256', bytes)

const tagIn = async (file: string): Promise<string | null> => {
  try {
    return tagOf(await readFile(file))
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Compares and writes while no other process that does so in this directory can. */
const writeIf = async (file: string, tag: string | null, bytes: Uint8Array): Promise<boolean> => {
  await makeDirectory(dirname(file))
  return exclusively(join(dirname(file), '.lock'), async () => {
    if ((await tagIn(file)) !== tag) return false
    await write(file, bytes)
    return true
  })
}

/** Objects as files below `root`, one a key: seen whole or not at all, also by other processes and after a crash. */
export const fileObjects = (root: string): ConditionalObjects => {
  const fileOf = (key: string): string => join(root, ...segmentsOf(key))
  const get: ConditionalObjects['get'] = async (key, limit) => {
    const file = fileOf(key)
    try {
      return await withFile(file, 'r', async (handle) => {
        const { size } = await handle.stat()
        return size > limit
          ? E.left({ _tag: 'ObjectTooLarge', size, limit } as const)
          : E.right<never, Uint8Array>(new Uint8Array(await handle.readFile()))
      })
    } catch (error) {
      if (isMissing(error)) return E.left({ _tag: 'ObjectMissing', key })
      throw fault(`reading object ${key}`, error)
    }
  }
  return {
    put: async (key, bytes) => {
      const file = fileOf(key)
      await write(file, bytes).catch((error) => {
        throw fault(`writing object ${key}`, error)
      })
    },
    get,
    getTagged: async (key, limit) =>
      E.map((bytes: Uint8Array) => ({ bytes, tag: tagOf(bytes) }))(await get(key, limit)),
    putIf: async (key, tag, bytes) => {
      const file = fileOf(key)
      return writeIf(file, tag, bytes).catch((error) => {
        throw fault(`changing object ${key}`, error)
      })
    },
  }
}
