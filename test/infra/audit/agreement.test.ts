import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verdictOfDaybook } from './agreement-own.ts'
import { findPython, startPython, type Verdict, type Verifier } from './agreement-python.ts'
import { BROKEN_CHAINS, SAMPLES, TRUSTED, UNTOUCHED } from './agreement-samples.ts'
import type { Files, Signer } from './agreement-trail.ts'
import type { Tampered, Tampering } from './tampering.ts'
import { TAMPERINGS_WITH_COMMITS } from './tampering-commits.ts'
import { TAMPERINGS_WITH_DIGESTS } from './tampering-digests.ts'
import { TAMPERINGS_WITH_FILES } from './tampering-files.ts'
import { TAMPERINGS_WITH_MANIFEST_AND_KEYS } from './tampering-manifest.ts'

/** Of each kind; DAYBOOK_TAMPERINGS=500 for a night. DAYBOOK_SEED makes the same choices again. */
const TAMPERINGS = Number(process.env['DAYBOOK_TAMPERINGS'] ?? 30)
const SEED = Number(process.env['DAYBOOK_SEED'] ?? Date.now() % 2 ** 31)

const root = mkdtempSync(join(tmpdir(), 'daybook-agreement-'))
const python = await findPython()
const verifiers = new Map<Signer, Verifier>()
let written = 0

const verdictOfPython = async (dir: string, key: Signer): Promise<Verdict | undefined> => {
  if (python === null) return undefined
  const verifier = verifiers.get(key) ?? startPython(python, key.pem, join(root, `${key.keyId}.pem`))
  verifiers.set(key, verifier)
  return await verifier.verify(dir)
}

/** What each verifier that there is says. */
const verdictsOf = async (
  files: Files,
  key: Signer = TRUSTED,
  spoil?: (dir: string) => void,
): Promise<ReadonlyArray<Verdict>> => {
  written += 1
  const dir = join(root, String(written))
  mkdirSync(dir)
  for (const [name, content] of files) writeFileSync(join(dir, name), content)
  spoil?.(dir)
  const verdicts = [await verdictOfPython(dir, key), await verdictOfDaybook(dir, key.pem)]
  rmSync(dir, { recursive: true })
  return verdicts.filter((verdict) => verdict !== undefined)
}

const assertFound = async ({ files, findings, names, spoil, publicKey }: Tampered): Promise<void> => {
  const [first, ...others] = await verdictsOf(files, publicKey, spoil)
  if (first === undefined) return
  expect(first, 'nothing was found').not.toBeNull()
  expect(findings).toContain(first?.finding)
  if (names !== null) expect(names).toContain(first?.name)
  // Of a history that cannot be read both words are right.
  const isHistory = first?.name === 'keys.jsonl'
  for (const other of others) {
    if (isHistory) expect(findings).toContain(other?.finding)
    expect(other).toEqual(isHistory ? { ...first, finding: other?.finding } : first)
  }
}

const sampleName = fc.constantFrom('whole', 'part', 'packed', 'of an actor')

const itIsFoundWhen = (kind: string, tampering: Tampering): void => {
  test(`it is found when ${kind}`, async () => {
    await fc.assert(
      fc.asyncProperty(sampleName, fc.gen(), async (name, draw) => {
        const below = (limit: number): number => draw(fc.nat, limit - 1)
        const oneOf = <A>(of: ReadonlyArray<A>): A => draw((...values: A[]) => fc.constantFrom(...values), ...of)
        await assertFound(tampering(SAMPLES[name], { below, oneOf }))
      }),
      { numRuns: TAMPERINGS, seed: SEED, endOnFailure: true },
    )
  }, 600_000)
}

beforeAll(() => {
  process.stderr.write(`tamperings of seed ${SEED}\n`)
})
afterAll(() => {
  for (const { stop } of verifiers.values()) stop()
  rmSync(root, { recursive: true, force: true })
})

describe('an export as it was made', () => {
  for (const [name, sample] of Object.entries(UNTOUCHED)) {
    test(`raises no alarm: ${name}`, async () => {
      const keys = [...sample.trail.keys.map(({ signer }) => signer), TRUSTED]
      for (const key of keys) {
        for (const verdict of await verdictsOf(sample.export.files, key)) expect(verdict).toBeNull()
      }
    })
  }
})

test.each(BROKEN_CHAINS)(
  'a commit that named another before it when it was sealed is found: $name',
  async ({ name, files }) => {
    const verdicts = await verdictsOf(files)
    for (const verdict of verdicts) expect(verdict).toEqual({ finding: 'chain', name })
  },
)

describe('a tampering with commits', () => {
  for (const [kind, tampering] of Object.entries(TAMPERINGS_WITH_COMMITS)) itIsFoundWhen(kind, tampering)
})

describe('a tampering with digests, proofs or the index', () => {
  for (const [kind, tampering] of Object.entries(TAMPERINGS_WITH_DIGESTS)) itIsFoundWhen(kind, tampering)
})

describe('a tampering with the manifest or the keys', () => {
  for (const [kind, tampering] of Object.entries(TAMPERINGS_WITH_MANIFEST_AND_KEYS)) itIsFoundWhen(kind, tampering)
})

describe('a tampering with files', () => {
  for (const [kind, tampering] of Object.entries(TAMPERINGS_WITH_FILES)) itIsFoundWhen(kind, tampering)
})
