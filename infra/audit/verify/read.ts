import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { decode } from '../../../schemas/decode.ts'
import { jcsOfPlain } from '../../event-store/canonical.ts'
import { FILE_NAMES, MANIFEST } from '../export/manifest.ts'
import { type FindingKind, Found } from './finding.ts'

/** Of a document or a line, in characters at most: a commit has 6 MB of events at most, escaped twice over. */
const LINE_LIMIT = 64 * 1024 * 1024
const MANIFEST_LIMIT = 1024 * 1024

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
    ? 'is missing'
    : `cannot be read: ${error instanceof Error ? error.message : error}`

/** Refuses what is no plain file: a link may lead out of the directory. */
export const sizeOf = async (dir: string, name: string): Promise<number> => {
  const found = await lstat(join(dir, name)).catch((error) => {
    throw new Found('file', name, reasonOf(error))
  })
  if (!found.isFile()) throw new Found('file', name, 'is no plain file')
  return found.size
}

/** Its text, with a character for each byte. */
export const readManifest = async (dir: string): Promise<string> => {
  if ((await sizeOf(dir, MANIFEST)) > MANIFEST_LIMIT)
    throw new Found('manifest', MANIFEST, 'is larger than any manifest')
  const text = await readFile(join(dir, MANIFEST), 'latin1')
  if (!text.endsWith('\n')) throw new Found('manifest', MANIFEST, 'does not end with a line feed')
  return text.slice(0, -1)
}

/** Refuses files that no export has. */
export const assertOnlyFiles = async (dir: string, names: ReadonlySet<string>): Promise<void> => {
  for (const name of (await readdir(dir)).toSorted()) {
    if (name !== MANIFEST && !names.has(name)) throw new Found('file', name, 'is not in the manifest')
  }
}

export const isFileName = (name: string): boolean => FILE_NAMES.some((known) => known === name)

export const sha256Of = async (dir: string, name: string): Promise<string> => {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(join(dir, name))) hash.update(chunk)
  } catch (error) {
    throw new Found('file', name, reasonOf(error))
  }
  return hash.digest('hex')
}

const bytesOf = (dir: string, name: string): AsyncIterable<Buffer> => {
  const file = createReadStream(join(dir, name), { highWaterMark: 256 * 1024 })
  if (!name.endsWith('.gz')) return file
  const unpacked = createGunzip({ chunkSize: 256 * 1024 })
  file.on('error', (error) => unpacked.destroy(error))
  return file.pipe(unpacked)
}

/**
 * The lines of a file, a few hundred at a time, each without its line feed and with a character for each byte, so that nothing of it is
 * lost or made up. Rejects with `Found` where one is too long or the file cannot be read to its end.
 */
export async function* linesOf(dir: string, name: string): AsyncGenerator<ReadonlyArray<string>, void, undefined> {
  let rest = ''
  try {
    for await (const bytes of bytesOf(dir, name)) {
      const lines = (rest + bytes.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LINE_LIMIT) throw new Found('file', name, 'has a line longer than any commit')
      if (lines.length > 0) yield lines
    }
  } catch (error) {
    if (error instanceof Found) throw error
    throw new Found('file', name, `cannot be read to its end: ${error instanceof Error ? error.message : error}`)
  }
  if (rest !== '') yield [rest]
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The JSON of a line; undefined where it is none. */
export const jsonOf = (line: string): unknown =>
  E.toUnion(
    E.tryCatch(
      (): unknown => JSON.parse(utf8.decode(Buffer.from(line, 'latin1'))),
      () => undefined,
    ),
  )

/** A document, which has to stand there in RFC 8785 form, with no field beside those that it should have. */
export const parsed = <A>(codec: t.Decoder<unknown, A>, line: string, kind: FindingKind, name: string): A => {
  const document = decode(codec, jsonOf(line))
  if (E.isLeft(document)) {
    const [fault] = document.left
    throw new Found(kind, name, `is not what it should be: ${fault?.pointer} ${fault?.message}`)
  }
  if (Buffer.from(jcsOfPlain(document.right), 'utf8').toString('latin1') !== line)
    throw new Found(kind, name, 'is spelt otherwise than in RFC 8785 form, or has fields that it should not have')
  return document.right
}

/** The documents of a file, a line each. */
export async function* documentsOf<A>(
  dir: string,
  name: string,
  codec: t.Decoder<unknown, A>,
  kind: FindingKind,
): AsyncGenerator<A, void, undefined> {
  for await (const lines of linesOf(dir, name)) for (const line of lines) yield parsed(codec, line, kind, name)
}

export const collected = async <A>(items: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const all: A[] = []
  for await (const item of items) all.push(item)
  return all
}
