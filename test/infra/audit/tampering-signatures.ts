import { type Sample, STRANGER } from './agreement-samples.ts'
import { type Body, type Document, hashOfBody, sha256, signed, signerAt } from './agreement-trail.ts'
import type { Draws } from './tampering.ts'

/** Another value of the same type. */
export const changed = (value: unknown): unknown => {
  if (typeof value === 'number') return value + 1
  if (Array.isArray(value)) return [...value, ...value]
  if (typeof value !== 'string') return { other: value }
  if (/^[0-9a-f]{64}$/.test(value)) return sha256(value)
  const time = Date.parse(value)
  return /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(time + 1).toISOString() : `${value}x`
}

export const edited = (body: Body, { oneOf }: Draws): Body => {
  const field = oneOf(Object.keys(body))
  return { ...body, [field]: changed(body[field]) }
}

export const wronglySigned = (sample: Sample, { body, signatures }: Document, draws: Draws): Document => {
  const [own] = signatures
  const other = edited(body, draws)
  const forged = signed(other, STRANGER).signatures.map((each) => ({ ...each, keyId: own?.keyId ?? '' }))
  const wrongSigners = sample.trail.keys.map(({ signer }) => signer).filter(({ keyId }) => keyId !== own?.keyId)
  return draws.oneOf([
    { body: other, signatures },
    { body: other, signatures: [] },
    { body: other, signatures: forged },
    { body, signatures: forged },
    signed(other, STRANGER),
    signed(body, STRANGER),
    signed(body, draws.oneOf(wrongSigners)),
  ])
}

/** Lines that are no document. */
export const GARBAGE: ReadonlyArray<string> = [
  ...[
    '',
    'null',
    '{',
    '[]',
    '"body"',
    '{"body":{},"signatures":[]}',
    '{"body":null,"signatures":null}',
    '\ufeff{}',
    '1e999',
  ],
  ...[
    '['.repeat(100_000),
    '{"body":NaN}',
    `{"body":${'9'.repeat(10_000)}}`,
    '{"__proto__":{}}',
    '\0',
    '{"signatures":[{}]}',
  ],
]

/** With the body at `place` edited, it and all behind it signed and linked by the right keys. */
export const linkedAnew = (sample: Sample, place: number, edit: (body: Body) => Body): ReadonlyArray<Document> => {
  const documents = [...sample.export.digests]
  for (const [later, { body }] of documents.entries()) {
    if (later < place) continue
    const before = documents[later - 1]
    const linked = later > place && before ? { ...body, previousDigest: hashOfBody(before.body) } : edit(body)
    documents[later] = signed(linked, signerAt(sample.trail, String(linked['sealedAt'])))
  }
  return documents
}
