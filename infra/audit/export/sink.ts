import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip as gzipOf, type ZlibOptions } from 'node:zlib'

/** What the manifest tells of a file: SHA-256 of its bytes in hex, its size in bytes. */
export type Written = { readonly name: string; readonly sha256: string; readonly size: number }

/** A file of an export as it is written. */
export type Sink = {
  readonly put: (bytes: Uint8Array) => Promise<void>
  /** Resolves when the file would survive a crash. */
  readonly end: () => Promise<Written>
  readonly close: () => Promise<void>
}

/** @param dir in which no file of this name may be. */
export const fileSink = async (dir: string, name: string): Promise<Sink> => {
  const handle = await open(join(dir, name), 'wx', 0o600)
  const hash = createHash('sha256')
  let size = 0
  return {
    put: async (bytes) => {
      hash.update(bytes)
      size += bytes.byteLength
      await handle.writeFile(bytes)
    },
    end: async () => {
      await handle.sync()
      return { name, sha256: hash.digest('hex'), size }
    },
    close: () => handle.close(),
  }
}

/** Characters that are held before they go to the file. */
const BUFFER = 512 * 1024

const packed = promisify<Buffer, ZlibOptions, Buffer>(gzipOf)

/** zlib's fastest: three times as fast as its default, and a fifth larger. */
const GZIP_LEVEL = 1

export type TextSink = Omit<Sink, 'put'> & {
  readonly write: (text: string) => void
  /** Resolves when no more than two buffers are held. To be awaited between writes. */
  readonly drained: () => Promise<void>
}

/** @param gzip each buffer becomes a gzip member; members one after another are a gzip file, too (RFC 1952, section 2.2). */
export const textSink = async (dir: string, name: string, { gzip = false } = {}): Promise<TextSink> => {
  const sink = await fileSink(dir, name)
  let held: string[] = []
  let length = 0
  /** Packed and written while the next buffer fills. */
  let writing: Promise<void> = Promise.resolve()
  const put = async (text: Buffer): Promise<void> => sink.put(gzip ? await packed(text, { level: GZIP_LEVEL }) : text)
  const drain = async (): Promise<void> => {
    await writing
    writing = put(Buffer.from(held.join(''), 'utf8'))
    // Whoever awaits it meets its fault.
    writing.catch(() => undefined)
    held = []
    length = 0
  }
  return {
    write: (text) => {
      held.push(text)
      length += text.length
    },
    drained: async () => {
      if (length >= BUFFER) await drain()
    },
    end: async () => {
      await drain()
      await writing
      return sink.end()
    },
    close: async () => {
      await writing.catch(() => undefined)
      await sink.close()
    },
  }
}
