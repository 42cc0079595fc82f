import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import type { Commit } from '../event-store/port.ts'
import type { ObjectStorage } from '../objects/port.ts'
import type { Part } from './documents.ts'
import { CorruptArchive } from './fault.ts'
import { partKeyOf } from './keys.ts'
import { commitOfLine, lineOf } from './line.ts'

const zipped = promisify(gzip)
const unzipped = promisify(gunzip)

/** Text of a part, in bytes; only a single commit may have more. */
const PART_TEXT = 4 * 1024 * 1024

/** What a reader takes at the most, in bytes: the largest commit has 8 MiB of events (limits.ts) and some 400 KB beside them. */
const TEXT_LIMIT = 16 * 1024 * 1024

/** Of ascending commits, those that make one part each. */
const groupsOf = function* (commits: ReadonlyArray<Commit>) {
  let group: { readonly commit: Commit; readonly line: string }[] = []
  let size = 0
  for (const commit of commits) {
    const line = `${lineOf(commit)}\n`
    const bytes = Buffer.byteLength(line)
    if (group.length > 0 && size + bytes > PART_TEXT) {
      yield group
      group = []
      size = 0
    }
    group.push({ commit, line })
    size += bytes
  }
  if (group.length > 0) yield group
}

/** Writes the commits of an hour, which must ascend by id, as parts of bounded size; nobody sees these before a manifest lists them. */
export const writeParts = async (
  objects: ObjectStorage,
  hour: string,
  commits: ReadonlyArray<Commit>,
): Promise<ReadonlyArray<Part>> => {
  const parts: Part[] = []
  for (const group of groupsOf(commits)) {
    const bytes = await zipped(group.map(({ line }) => line).join(''))
    const ids = group.map(({ commit }) => commit.commitId)
    const [first = '', last = first] = [ids[0], ids.at(-1)]
    const sha256 = hash('sha256', bytes)
    const key = partKeyOf(hour, first, sha256)
    await objects.put(key, bytes)
    parts.push({ key, sha256, size: bytes.byteLength, commits: group.length, first, last })
  }
  return parts
}

const bytesOf = async (objects: ObjectStorage, { key, sha256, size }: Part): Promise<Uint8Array> => {
  const got = await objects.get(key, size)
  if (E.isLeft(got)) {
    throw new CorruptArchive(
      key,
      got.left._tag === 'ObjectMissing' ? 'is missing' : `has ${got.left.size} bytes instead of ${size}`,
    )
  }
  const bytes = got.right
  if (bytes.byteLength !== size) throw new CorruptArchive(key, `has ${bytes.byteLength} bytes instead of ${size}`)
  if (hash('sha256', bytes) !== sha256) throw new CorruptArchive(key, 'is not what was written: its SHA-256 differs')
  return bytes
}

const textOf = async (key: string, bytes: Uint8Array): Promise<string> => {
  try {
    return (await unzipped(bytes, { maxOutputLength: TEXT_LIMIT })).toString('utf8')
  } catch (error) {
    throw new CorruptArchive(key, `cannot be unpacked: ${error instanceof Error ? error.message : error}`)
  }
}

const linesOf = function* (text: string): Generator<string> {
  for (let from = 0, end = text.indexOf('\n'); from < text.length; from = end + 1, end = text.indexOf('\n', from)) {
    if (end === -1) end = text.length
    yield text.slice(from, end)
  }
}

const commitsIn = function* (part: Part, text: string): Generator<Commit, void, undefined> {
  const { key, commits, first, last } = part
  let [count, before] = [0, '']
  for (const line of linesOf(text)) {
    const read = commitOfLine(line)
    count += 1
    if (E.isLeft(read)) throw new CorruptArchive(key, `has a line ${count} that ${read.left}`)
    const { commitId } = read.right
    if (commitId <= before) throw new CorruptArchive(key, `does not ascend at commit ${commitId}`)
    before = commitId
    if (count === 1 && commitId !== first) throw new CorruptArchive(key, `does not begin with commit ${first}`)
    yield read.right
  }
  if (count !== commits || before !== last) {
    throw new CorruptArchive(key, `does not hold the ${commits} commits through ${last} that its manifest lists`)
  }
}

/** The commits of a part, verified one by one as they are read; its text is held meanwhile. Throws `CorruptArchive`. */
export const openPart = async (objects: ObjectStorage, part: Part): Promise<Iterable<Commit>> =>
  commitsIn(part, await textOf(part.key, await bytesOf(objects, part)))
