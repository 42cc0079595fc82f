import { encodeTime } from 'ulid'
import type { Commit, StoredEvent } from '../../../infra/event-store/port.ts'
import { NO_HASH } from '../../../infra/event-store/position.ts'
import { seededRandom } from '../../../infra/feeds/chaos.ts'
import {
  type Export,
  exportOf,
  type Key,
  newSigner,
  type Request,
  sealedCommit,
  type Trail,
  type Window,
} from './agreement-trail.ts'

const START = Date.UTC(2026, 10, 1)
const HOUR = 3_600_000

export const iso = (hours: number): string => new Date(START + hours * HOUR).toISOString()

/** What readers of lines stumble over: separators that JSON leaves as they are, a hash inside, letters of every length in UTF-8. */
const DATA: ReadonlyArray<unknown> = [
  { total: '12.50', lines: [{ sku: 'A-1', quantity: 3 }] },
  { text: 'one\u2028line\u2029still\u0085one\r\n', '\u{1f600}': 'é\ufffd', '\ufb33': '\u20ac' },
  { a: null, hash: '0'.repeat(64), z: [true, 1.5, -7, {}] },
  { nested: { empty: '', hash: 'f'.repeat(64) }, text: `,"hash":"${'1'.repeat(64)}"` },
]

const oneOf = <A>(of: readonly [A, ...A[]], at: number): A => of[at % of.length] ?? of[0]

type End = { readonly version: number; readonly hash: string }

/** Windows of an hour with so many commits each, on six streams, from START on. The same numbers make the same commits. */
const windowsOf = (tenant: string, sizes: ReadonlyArray<number>, seed: number): ReadonlyArray<Window> => {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const ends = new Map<string, End>()
  const eventAt = (): StoredEvent => ({
    type: `Thing${below(3)}Done`,
    schemaVersion: 1,
    data: DATA[below(DATA.length)],
  })
  const commitAt = (time: number, serial: number): Commit => {
    const [type, id] = [oneOf(['order', 'invoice', 'customer'], below(3)), `n-${below(2)}`]
    const end = ends.get(`${type}/${id}`) ?? { version: 0, hash: NO_HASH }
    const events = Array.from({ length: 1 + below(3) }, eventAt)
    const commit = sealedCommit({
      stream: { tenant, type, id },
      version: end.version + 1,
      commitId: encodeTime(time) + String(serial).padStart(16, '0'),
      commandId: `command-${serial}`,
      fingerprint: below(2 ** 32)
        .toString(16)
        .padStart(64, '0'),
      actor: { subject: `user-${below(3)}`, roles: ['sales'] },
      correlationId: `request-${serial}`,
      causationId: below(2) === 0 ? null : `cause-${serial}`,
      time: new Date(time).toISOString(),
      events,
      previousHash: end.hash,
    })
    ends.set(`${type}/${id}`, { version: end.version + events.length, hash: commit.hash })
    return commit
  }
  return sizes.map((size, hour) => {
    const at = (index: number): number => START + hour * HOUR + Math.floor((index * HOUR) / size)
    const commits = Array.from({ length: size }, (_, index) => commitAt(at(index), hour * 1_000 + index))
    return { from: iso(hour), to: iso(hour + 1), sealedAt: iso(hour + 1.1), commits }
  })
}

const SIZES = [7, 0, 0, 13, 1, 16, 0, 5]
const signers = [newSigner(), newSigner(), newSigner()] as const
/** Rotated twice. */
const KEYS: readonly [Key, ...Key[]] = [
  { validFrom: iso(-100), signer: signers[0] },
  { validFrom: iso(2.5), signer: signers[1] },
  { validFrom: iso(6.5), signer: signers[2] },
]
/** Brought by whoever verifies: one that is vouched for from both sides. */
export const TRUSTED = signers[1]
export const STRANGER = newSigner()

export const TRAIL: Trail = { tenant: 'acme', keys: KEYS, windows: windowsOf('acme', SIZES, 1) }
/** Kept by the same keys. */
export const OTHERS_TRAIL: Trail = { tenant: 'globex', keys: KEYS, windows: windowsOf('globex', SIZES, 2) }

export const ALL: Request = { from: iso(0), to: iso(8), exportedAt: iso(9) }
/** From and to the middle of windows. */
const PART: Request = { from: iso(0.4), to: iso(5.6), exportedAt: iso(9) }

export type Sample = { readonly trail: Trail; readonly request: Request; readonly export: Export }

const sampleOf = (request: Request, trail: Trail = TRAIL): Sample => ({
  trail,
  request,
  export: exportOf(trail, request),
})

const only = (holds: (commit: Commit) => boolean, filter: { readonly [name: string]: string }): Request => ({
  ...{ ...ALL, csv: true, filter, holds },
})

/** Those that are tampered with hold commits of several streams in several windows. */
export const SAMPLES = {
  whole: sampleOf(ALL),
  part: sampleOf(PART),
  packed: sampleOf({ ...ALL, gzip: true, csv: true }),
  'of an actor': sampleOf(only(({ actor }) => actor.subject === 'user-1', { actor: 'user-1' })),
} as const satisfies { readonly [name: string]: Sample }

/** Nothing is wrong with these, either. */
export const UNTOUCHED: { readonly [name: string]: Sample } = {
  ...SAMPLES,
  'of a stream': sampleOf(
    only(({ stream }) => stream.type === 'order' && stream.id === 'n-1', { stream: 'order/n-1' }),
  ),
  'of nothing that is there': sampleOf(only(() => false, { type: 'NeverDone' })),
  'with one commit': sampleOf({ ...ALL, from: iso(4), to: iso(5) }),
  'of empty windows': sampleOf({ ...ALL, from: iso(1), to: iso(3) }),
  'of no time': sampleOf({ ...ALL, from: iso(3.5), to: iso(3.5) }),
  'of a part of an empty window': sampleOf({ ...ALL, from: iso(1.2), to: iso(1.3), gzip: true }),
  'that begins late': sampleOf({ ...ALL, from: iso(5) }),
  'of a single key': sampleOf(ALL, { ...TRAIL, keys: [{ validFrom: iso(-1), signer: TRUSTED }] }),
  'of a window of many commits': sampleOf(
    { from: iso(0), to: iso(1), exportedAt: iso(2) },
    { tenant: 'acme', keys: [{ validFrom: iso(-1), signer: TRUSTED }], windows: windowsOf('acme', [300], 3) },
  ),
}

/** The same tenant's export, as it was hours before. */
export const OLDER: Export = exportOf(
  { ...TRAIL, keys: [KEYS[0], ...KEYS.slice(1, 2)], windows: TRAIL.windows.slice(0, 4) },
  { ...ALL, to: iso(4), exportedAt: iso(5) },
)
export const OTHERS: Export = exportOf(OTHERS_TRAIL, ALL)
