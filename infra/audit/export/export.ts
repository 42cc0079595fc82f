import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { lineOf } from '../../archive/line.ts'
import { jcs } from '../../event-store/canonical.ts'
import type { Commit } from '../../event-store/port.ts'
import { type Digest, entryOf, lineOfEntry, type SignedDigest } from '../digest.ts'
import type { SignedKey } from '../key-history.ts'
import { type SealDeps, seal } from '../seal.ts'
import { signed } from '../signed.ts'
import type { Filter } from './filter.ts'
import { MANIFEST, type SignedManifest } from './manifest.ts'
import { rowsOf } from './rows.ts'
import { type TextSink, textSink } from './sink.ts'
import { csvFile, parquetFile, type TableFile } from './table.ts'
import { exportWindow } from './window.ts'

export const FORMATS = ['jsonl', 'csv', 'parquet'] as const
export type Format = (typeof FORMATS)[number]

export type ExportDeps = SealDeps & {
  readonly history: () => Promise<ReadonlyArray<SignedKey>>
  readonly sleep: (ms: number) => Promise<void>
}

/** `from` <= time < `to`. Default: everything until now. */
export type ExportRequest = {
  readonly tenant: string
  readonly from?: Date
  readonly to?: Date
  readonly filter: Filter
  readonly format: Format
  /** Pack the commits. With a table they always are. */
  readonly gzip?: boolean
  /** Where to: a directory that is not there, or is empty. */
  readonly dir: string
}

export type Watch = {
  /** Told once, if it takes time until everything before `to` is certain. */
  readonly waiting: (to: Date) => void
  readonly onCommit: () => void
  readonly signal: AbortSignal
}

/** The export cannot be made as it was asked for; the message tells a person why. */
export class ExportRefused extends Error {
  override readonly name = 'ExportRefused'
}

const POLL_MS = 250

/** Waits until all before `to` is sealed, which takes as long as a commit on its way may. */
const sealThrough = async (deps: ExportDeps, tenant: string, to: Date, watch: Watch): Promise<void> => {
  for (let told = false; ; told = true) {
    const last = await seal(deps, tenant, to)
    if (last !== null && Date.parse(last.body.to) >= to.getTime()) return
    if (!told) watch.waiting(to)
    await deps.sleep(POLL_MS)
    watch.signal.throwIfAborted()
  }
}

/** The digests whose windows overlap a range. */
const overlapping = async (
  { digests }: ExportDeps,
  { tenant }: ExportRequest,
  from: Date,
  to: Date,
): Promise<ReadonlyArray<SignedDigest>> => {
  const found: SignedDigest[] = []
  let sequence = (await digests.last(tenant))?.body.sequence ?? 0
  for (; sequence > 0; sequence -= 1) {
    const digest = await digests.at(tenant, sequence)
    if (digest === null)
      throw new ExportRefused(`digest ${sequence} of ${tenant} is gone: find out more with audit verify --live`)
    if (Date.parse(digest.body.to) <= from.getTime()) break
    if (Date.parse(digest.body.from) < to.getTime()) found.unshift(digest)
  }
  return found
}

type Files = {
  readonly commits: TextSink
  readonly index: TextSink
  readonly digests: TextSink
  readonly proofs: TextSink
  readonly keys: TextSink
  readonly table: TableFile | undefined
}

const openFiles = async (dir: string, { format, gzip = false }: ExportRequest): Promise<Files> => {
  const packed = gzip || format !== 'jsonl'
  return {
    commits: await textSink(dir, packed ? 'commits.jsonl.gz' : 'commits.jsonl', { gzip: packed }),
    index: await textSink(dir, 'index.jsonl'),
    digests: await textSink(dir, 'digests.jsonl'),
    proofs: await textSink(dir, 'proofs.jsonl'),
    keys: await textSink(dir, 'keys.jsonl'),
    table: format === 'csv' ? await csvFile(dir) : format === 'parquet' ? await parquetFile(dir) : undefined,
  }
}

const allOf = (files: Files) => Object.values(files).filter((file) => file !== undefined)

const part = ({ from, to }: Digest, range: { readonly from: Date; readonly to: Date }) => ({
  from: new Date(Math.max(Date.parse(from), range.from.getTime())),
  to: new Date(Math.min(Date.parse(to), range.to.getTime())),
})

const writeFiles = async (
  deps: ExportDeps,
  request: ExportRequest,
  to: Date,
  dir: string,
  watch: Watch,
): Promise<SignedManifest> => {
  const { tenant, filter } = request
  const files = await openFiles(dir, request)
  let [commits, events] = [0, 0]
  const take = async (commit: Commit): Promise<void> => {
    watch.signal.throwIfAborted()
    files.commits.write(`${lineOf(commit)}\n`)
    files.index.write(lineOfEntry(entryOf(commit)))
    await Promise.all([files.commits.drained(), files.index.drained()])
    const rows = files.table && rowsOf(filter, commit)
    if (rows) await files.table.add(rows)
    commits += 1
    events += rows?.length ?? commit.events.length
    watch.onCommit()
  }
  try {
    const windows = await overlapping(deps, request, request.from ?? new Date(0), to)
    const from = new Date(Math.max(request.from?.getTime() ?? 0, Date.parse(windows[0]?.body.from ?? to.toISOString())))
    for (const digest of windows) {
      const leaves = await deps.digests.leaves(digest.body)
      const proof = await exportWindow(
        deps.index,
        { digest: digest.body, leaves, filter, ...part(digest.body, { from, to }) },
        take,
      )
      files.digests.write(`${jcs(digest)}\n`)
      files.proofs.write(`${jcs(proof)}\n`)
      await Promise.all([files.digests.drained(), files.proofs.drained()])
    }
    const signer = await deps.signer()
    for (const key of await deps.history()) files.keys.write(`${jcs(key)}\n`)
    const written = []
    for (const file of allOf(files)) written.push(await file.end())
    const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
    return await signed(
      {
        format: 'daybook.export.1' as const,
        tenant,
        exportedAt: deps.clock().toISOString(),
        from: from.toISOString(),
        to: to.toISOString(),
        filter: asked,
        commits,
        events,
        files: written,
      },
      [signer],
    )
  } finally {
    for (const file of allOf(files)) await file.close()
  }
}

const assertUnused = async (dir: string): Promise<void> => {
  const found = await readdir(dir).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new ExportRefused(`${dir} cannot be written to: ${error instanceof Error ? error.message : error}`)
  })
  if (found.length > 0) throw new ExportRefused(`${dir} is not empty: name a directory that is not there yet`)
}

/**
 * Writes an export that can be verified by itself (docs/audit.md), whole or not at all: it is made beside its place, and moved there. Rejects with
 * `ExportRefused` when it cannot be made so, with `CorruptTrail` when the store or the trail is not what was sealed.
 */
export const exportTrail = async (deps: ExportDeps, request: ExportRequest, watch: Watch): Promise<SignedManifest> => {
  const now = deps.clock()
  const to = new Date(Math.min(request.to?.getTime() ?? now.getTime(), now.getTime()))
  if (request.from !== undefined && request.from.getTime() >= to.getTime())
    throw new ExportRefused(`the range ends at ${to.toISOString()}, before it begins`)
  if (to.getTime() <= (await deps.genesis()).getTime())
    throw new ExportRefused(`the range ends at ${to.toISOString()}, before there was anything`)
  const dir = resolve(request.dir)
  await assertUnused(dir)
  await sealThrough(deps, request.tenant, to, watch)
  const draft = `${dir}.${process.pid}.partial`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o700 })
  try {
    const manifest = await writeFiles(deps, request, to, draft, watch)
    await writeFile(join(draft, MANIFEST), `${jcs(manifest)}\n`, { mode: 0o600, flush: true })
    await assertUnused(dir)
    await rename(draft, dir)
    return manifest
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}
