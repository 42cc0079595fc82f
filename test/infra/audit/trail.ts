import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { CorruptTrail } from '../../../infra/audit/corrupt-trail.ts'
import { digestsIn } from '../../../infra/audit/digests.ts'
import { type ExportDeps, type ExportRequest, exportTrail } from '../../../infra/audit/export/export.ts'
import type { SignedManifest } from '../../../infra/audit/export/manifest.ts'
import { fileKeys, publicKeyFile } from '../../../infra/audit/file-keys.ts'
import { type Verified, verifyExport } from '../../../infra/audit/verify/export.ts'
import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import { memoryTimeIndex } from '../../../infra/event-store/memory-time-index.ts'
import type { Commit, Position, StoredEvent } from '../../../infra/event-store/port.ts'
import { documentsIn } from '../../../infra/objects/documents.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import { CONTRACT_BOUNDS } from '../../contracts/time-index.ts'
import { stampAt } from '../event-store/stamp.ts'
import { temporaryDir } from '../local/temporary-dir.ts'

export const TENANT = 'acme'
export const GENESIS = Date.UTC(2026, 2, 1, 8)

export type Writing = {
  readonly stream?: string
  readonly events?: ReadonlyArray<StoredEvent>
  readonly subject?: string
  readonly correlationId?: string
}

/** A trail in memory whose time stands still unless it is advanced; keys lie in a directory of their own. */
export const trailInMemory = () => {
  let now = GENESIS
  let written = 0
  const clock = (): Date => new Date(now)
  const store = memoryEventStore(stampAt(clock))
  const objects = memoryObjects()
  const keyDir = temporaryDir()
  const documents = documentsIn(objects, (key, reason) => new CorruptTrail(`${key} ${reason}`))
  const keys = fileKeys(keyDir, documents, clock)
  const positions = new Map<string, Position>()
  const stored: Commit[] = []
  const deps: ExportDeps = {
    index: memoryTimeIndex({ commits: () => stored, clock, bounds: CONTRACT_BOUNDS }),
    digests: digestsIn(objects),
    signer: keys.signer,
    history: keys.history,
    clock,
    genesis: async () => new Date(GENESIS - 3_600_000),
    // Whoever waits for time to pass has it pass.
    sleep: async (ms) => {
      now += ms
    },
  }
  return {
    deps,
    keys,
    objects,
    /** What the store has; a test may change it. */
    stored,
    advance: (ms: number): void => {
      now += ms
    },
    append: async ({ stream = 'order/one', subject = 'alice', correlationId = 'request-1', events }: Writing = {}) => {
      written += 1
      const [type = '', id = ''] = stream.split('/')
      const at = positions.get(stream) ?? store.emptyStream({ tenant: TENANT, type, id })
      const appended = await store.append(at, {
        actor: { subject, roles: ['sales', 'admin'] },
        correlationId,
        causationId: written % 2 === 0 ? `cause-${written}` : null,
        commandId: `command-${written}`,
        fingerprint: 'f'.repeat(64),
        events: events ?? [{ type: 'Noted', schemaVersion: 1, data: { text: `é=${written}`, amount: '1.50' } }],
      })
      if (E.isLeft(appended)) throw new Error(appended.left._tag)
      positions.set(stream, appended.right.position)
      stored.push(appended.right.commit)
      now += 1
      return appended.right.commit
    },
    publicKey: (): string => readFileSync(publicKeyFile(keyDir), 'utf8'),
    export: async (
      request: Partial<ExportRequest> = {},
    ): Promise<{ readonly dir: string; readonly manifest: SignedManifest['body'] }> => {
      const dir = join(temporaryDir(), 'export')
      const watch = { waiting: () => {}, onCommit: () => {}, signal: new AbortController().signal }
      const { body } = await exportTrail(deps, { tenant: TENANT, filter: {}, format: 'jsonl', dir, ...request }, watch)
      return { dir: request.dir ?? dir, manifest: body }
    },
    verify: (dir: string): Promise<Verified> => verifyExport(dir, readFileSync(publicKeyFile(keyDir), 'utf8')),
  }
}
