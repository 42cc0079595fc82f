import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CorruptTrail } from '../../../infra/audit/corrupt-trail.ts'
import { digestsIn } from '../../../infra/audit/digests.ts'
import { type ExportDeps, exportTrail, type Format } from '../../../infra/audit/export/export.ts'
import type { Filter } from '../../../infra/audit/export/filter.ts'
import { SignedKey } from '../../../infra/audit/key-history.ts'
import { seal } from '../../../infra/audit/seal.ts'
import { signerOf } from '../../../infra/audit/signer.ts'
import { memoryTimeIndex } from '../../../infra/event-store/memory-time-index.ts'
import type { Commit } from '../../../infra/event-store/port.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import { CONTRACT_BOUNDS } from '../../contracts/time-index.ts'
import {
  type Body,
  type Document,
  type Files,
  keyDocuments,
  type Proof,
  signerAt,
  type Trail,
} from './agreement-trail.ts'

const HOUR = 3_600_000
/** After the hour that is sealed. */
const SEALING = HOUR / 10

/** Times are RFC 3339, UTC, with milliseconds. */
export type Request = {
  readonly from: string
  readonly to: string
  readonly exportedAt: string
  readonly filter?: Filter
  readonly format?: Format
  readonly gzip?: boolean
}

/** An export, and what it holds; `body` is the manifest's. */
export type Export = {
  readonly files: Files
  readonly commits: ReadonlyArray<Commit>
  readonly digests: ReadonlyArray<Document>
  readonly proofs: ReadonlyArray<Proof>
  readonly body: Body
}

const depsOf = (trail: Trail, genesis: number, clock: () => Date): ExportDeps => {
  const history = keyDocuments(trail.keys).filter((document) => SignedKey.is(document))
  return {
    index: memoryTimeIndex({ commits: () => trail.commits, clock, bounds: CONTRACT_BOUNDS }),
    digests: digestsIn(memoryObjects()),
    signer: async () => signerOf(signerAt(trail, clock().toISOString()).privateKey),
    history: async () => history,
    clock,
    genesis: async () => new Date(genesis),
    sleep: async () => {
      throw new CorruptTrail('the range is not sealed')
    },
  }
}

const inDirectory = async (make: (dir: string) => Promise<unknown>): Promise<Files> => {
  const root = mkdtempSync(join(tmpdir(), 'daybook-export-'))
  try {
    const dir = join(root, 'export')
    await make(dir)
    return new Map(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name))]))
  } finally {
    rmSync(root, { recursive: true })
  }
}

/** What the exporter makes of a trail that was sealed every hour since `genesis`, in milliseconds. */
export const exportOf = async (trail: Trail, request: Request, genesis: number): Promise<Export> => {
  const exportedAt = Date.parse(request.exportedAt)
  let now = genesis
  const deps = depsOf(trail, genesis, () => new Date(now))
  for (now = genesis + HOUR + SEALING; now < exportedAt; now += HOUR) await seal(deps, trail.tenant)
  now = exportedAt
  const files = await inDirectory((dir) =>
    exportTrail(
      deps,
      {
        ...{ tenant: trail.tenant, from: new Date(request.from), to: new Date(request.to), dir },
        ...{ filter: request.filter ?? {}, format: request.format ?? 'jsonl', gzip: request.gzip ?? false },
      },
      { waiting: () => {}, onCommit: () => {}, signal: new AbortController().signal },
    ),
  )
  const linesOf = (name: string): ReadonlyArray<string> => {
    const packed = files.get(`${name}.gz`)
    const content = packed ? gunzipSync(packed) : files.get(name)
    return (content ?? '').toString().split('\n').slice(0, -1)
  }
  const [manifest = ''] = linesOf('manifest.json')
  return {
    files,
    commits: linesOf('commits.jsonl').map((line) => JSON.parse(line)),
    digests: linesOf('digests.jsonl').map((line) => JSON.parse(line)),
    proofs: linesOf('proofs.jsonl').map((line) => JSON.parse(line)),
    body: JSON.parse(manifest).body,
  }
}
