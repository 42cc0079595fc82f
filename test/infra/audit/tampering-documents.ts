import { jcs } from '../../../infra/event-store/canonical.ts'
import { ALL, iso, OLDER, OTHERS, type Sample, STRANGER } from './agreement-samples.ts'
import {
  type Body,
  type Document,
  type Files,
  fileOf,
  hashOfBody,
  type Key,
  keyDocuments,
  type Proof,
  type Signer,
  sha256,
  signed,
  signerAt,
} from './agreement-trail.ts'
import {
  commitsFile,
  type Draws,
  inserted,
  linesOf,
  removed,
  replaced,
  resealed,
  type Tampered,
  type Tampering,
  twoPlaces,
  withLines,
  without,
} from './tampering.ts'

/** Edits of a list of documents. */
const at = <A>(list: ReadonlyArray<A>, place: number): A => {
  const found = list[place]
  if (found === undefined) throw new Error(`the list has no place ${place}`)
  return found
}

/** A file with other lines: noticed by the manifest, or by the `findings` of a later step once the exporter itself has signed them. */
const withFile = (
  sample: Sample,
  { oneOf }: Draws,
  name: string,
  lines: ReadonlyArray<string>,
  ...findings: ReadonlyArray<string>
): Tampered => {
  const files = withLines(sample.export.files, name, lines)
  if (oneOf([true, false])) return { files, findings: ['file'], names: [name] }
  return { files: resealed(sample, files), findings, names: null }
}

/** Another value of the same type. */
const changed = (value: unknown): unknown => {
  if (typeof value === 'number') return value + 1
  if (Array.isArray(value)) return [...value, ...value]
  if (typeof value !== 'string') return { other: value }
  if (/^[0-9a-f]{64}$/.test(value)) return sha256(value)
  const time = Date.parse(value)
  return /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(time + 1).toISOString() : `${value}x`
}

const edited = (body: Body, { oneOf }: Draws): Body => {
  const field = oneOf(Object.keys(body))
  return { ...body, [field]: changed(body[field]) }
}

const wronglySigned = (sample: Sample, { body, signatures }: Document, draws: Draws): Document => {
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
const GARBAGE: ReadonlyArray<string> = [
  ...['', 'null', '{', '[]', '"body"', '{"body":{},"signatures":[]}', '{"body":null,"signatures":null}', '\ufeff{}', '1e999'],
  ...['['.repeat(100_000), '{"body":NaN}', `{"body":${'9'.repeat(10_000)}}`, '{"__proto__":{}}', '\0', '{"signatures":[{}]}'],
]

const DIGESTS = 'digests.jsonl'

const digestsOf = ({ export: { digests } }: Sample): ReadonlyArray<Document> => digests

/** With the body at `place` edited, it and all behind it signed and linked by the right keys. */
const linkedAnew = (sample: Sample, place: number, edit: (body: Body) => Body): ReadonlyArray<Document> => {
  const documents = [...digestsOf(sample)]
  for (const [later, { body }] of documents.entries()) {
    if (later < place) continue
    const before = documents[later - 1]
    const linked = later > place && before ? { ...body, previousDigest: hashOfBody(before.body) } : edit(body)
    documents[later] = signed(linked, signerAt(sample.trail, String(linked['sealedAt'])))
  }
  return documents
}

const withDigests = (sample: Sample, draws: Draws, documents: ReadonlyArray<Document>, ...findings: ReadonlyArray<string>) =>
  withFile(sample, draws, DIGESTS, documents.map(jcs), ...(findings.length > 0 ? findings : ['digest']))

const digestTamperings: { readonly [kind: string]: Tampering } = {
  'a digest is removed': (sample, draws) =>
    withDigests(sample, draws, removed(digestsOf(sample), draws.below(digestsOf(sample).length))),
  'a digest is edited or wrongly signed': (sample, draws) => {
    const place = draws.below(digestsOf(sample).length)
    const document = wronglySigned(sample, at(digestsOf(sample), place), draws)
    return withDigests(sample, draws, replaced(digestsOf(sample), place, document))
  },
  'a digest is edited, and signed by the right key': (sample, draws) => {
    const place = draws.below(digestsOf(sample).length - 1)
    const { body } = at(digestsOf(sample), place)
    const document = signed({ ...body, root: sha256('root') }, signerAt(sample.trail, String(body['sealedAt'])))
    return withDigests(sample, draws, replaced(digestsOf(sample), place, document))
  },
  'a digest is edited, and all behind it signed and linked anew': (sample, draws) => {
    const place = draws.below(digestsOf(sample).length)
    const edit = (body: Body): Body => ({ ...body, root: sha256('root') })
    return withDigests(sample, draws, linkedAnew(sample, place, edit), 'proof')
  },
  'windows leave a gap, overlap, or count otherwise': (sample, draws) => {
    const place = 1 + draws.below(digestsOf(sample).length - 1)
    const field = draws.oneOf(['from', 'sequence', 'previousDigest', 'tenant'])
    const edit = (body: Body): Body => ({ ...body, [field]: changed(body[field]) })
    return withDigests(sample, draws, linkedAnew(sample, place, edit))
  },
  'two digests change places': (sample, draws) => {
    const digests = digestsOf(sample)
    const [place, later] = twoPlaces(digests.length, draws)
    return withDigests(sample, draws, replaced(replaced(digests, place, at(digests, later)), later, at(digests, place)))
  },
  'a digest stands twice': (sample, draws) => {
    const digests = digestsOf(sample)
    return withDigests(sample, draws, inserted(digests, draws.below(digests.length), draws.oneOf(digests)))
  },
  "a digest is another tenant's": (sample, draws) => {
    const place = draws.below(digestsOf(sample).length)
    const foreign = OTHERS.digests.find(({ body }) => body['sequence'] === at(digestsOf(sample), place).body['sequence'])
    return withDigests(sample, draws, replaced(digestsOf(sample), place, ...(foreign ? [foreign] : [])))
  },
  'a digest is none': (sample, draws) => {
    const lines = digestsOf(sample).map(jcs)
    return withFile(sample, draws, DIGESTS, replaced(lines, draws.below(lines.length), draws.oneOf(GARBAGE)), 'digest')
  },
}

const PROOFS = 'proofs.jsonl'

const brokenProof = ({ sequence, included, nodes }: Proof, draws: Draws): object => {
  const [first = [0, 1], ...rest] = included
  const [start = 0, end = 1] = first
  return draws.oneOf([
    { sequence: sequence + 1, included, nodes },
    { sequence, included, nodes: [...nodes, sha256('node')] },
    { sequence, included, nodes: nodes.length > 0 ? replaced(nodes, draws.below(nodes.length), sha256('node')) : ['00'] },
    { sequence, included, nodes: nodes.length > 1 ? nodes.toReversed() : null },
    { sequence, included, nodes: nodes.length > 0 ? nodes.slice(1) : [1] },
    { sequence, included: rest.length > 0 ? rest : [[0, 1_000_000]], nodes },
    { sequence, included: [[start, end + 1], ...rest], nodes },
    { sequence, included: [[start + 1, end + 1], ...rest], nodes },
    { sequence, included: [[start, start], ...included], nodes },
    { sequence, included: [[-1, end], ...rest], nodes },
    { sequence, included: [[start + 0.5, end], ...rest], nodes },
    { sequence, included: [[start, end, end], ...rest], nodes },
    { sequence, included: [[String(start), end], ...rest], nodes },
    { sequence, included: [...included, first], nodes },
    { sequence, included },
  ])
}

const proofTamperings: { readonly [kind: string]: Tampering } = {
  'a proof is edited': (sample, draws) => {
    const { proofs } = sample.export
    const place = draws.below(proofs.length)
    const lines = replaced(proofs.map(jcs), place, jcs(brokenProof(at(proofs, place), draws)))
    return withFile(sample, draws, PROOFS, lines, 'proof')
  },
  'ranges of a proof touch': (sample, draws) => {
    const touching = sample.export.proofs.flatMap((proof, place) => {
      const [[start = 0, end = 0] = [], ...rest] = proof.included
      const halves = [[start, start + 1], [start + 1, end], ...rest]
      return end - start > 1 ? [{ place, line: jcs({ ...proof, included: halves }) }] : []
    })
    const { place, line } = draws.oneOf(touching)
    return withFile(sample, draws, PROOFS, replaced(sample.export.proofs.map(jcs), place, line), 'proof')
  },
  'proofs are removed, doubled or change places': (sample, draws) => {
    const lines = sample.export.proofs.map(jcs)
    const [place, later] = twoPlaces(lines.length, draws)
    const swapped = replaced(replaced(lines, place, at(lines, later)), later, at(lines, place))
    const tampered = draws.oneOf([removed(lines, place), inserted(lines, place, at(lines, later)), swapped])
    return withFile(sample, draws, PROOFS, tampered, 'proof')
  },
  'a proof is none': (sample, draws) => {
    const lines = sample.export.proofs.map(jcs)
    return withFile(sample, draws, PROOFS, replaced(lines, draws.below(lines.length), draws.oneOf(GARBAGE)), 'proof')
  },
}

const INDEX = 'index.jsonl'

const indexTamperings: { readonly [kind: string]: Tampering } = {
  'the index is edited': (sample, draws) => {
    const lines = linesOf(sample.export.files, INDEX)
    const [place, later] = twoPlaces(lines.length, draws)
    const tampered = draws.oneOf([
      removed(lines, place),
      inserted(lines, place, at(lines, later)),
      replaced(replaced(lines, place, at(lines, later)), later, at(lines, place)),
      replaced(lines, place, draws.oneOf(GARBAGE)),
      replaced(lines, place, at(lines, place).replace(/"hash":"../, '"hash":"gg')),
      replaced(lines, place, at(lines, place).replace(/"hash":"[0-9a-f]{8}/, '"hash":"01234567')),
      [],
    ])
    return withFile(sample, draws, INDEX, tampered, 'proof')
  },
  'a commit is removed from the index, too': (sample, draws) => {
    const { files, commits } = sample.export
    const place = draws.below(commits.length)
    const left = withLines(files, commitsFile(files), removed(commits.map(jcs), place))
    const both = withLines(left, INDEX, removed(linesOf(files, INDEX), place))
    return draws.oneOf([true, false])
      ? { files: resealed(sample, both), findings: ['proof'], names: null }
      : { files: both, findings: ['file'], names: [INDEX] }
  },
}

const MANIFEST = 'manifest.json'

const withManifest = (files: Files, body: Body, ...signers: ReadonlyArray<Signer>): Files =>
  withLines(files, MANIFEST, [jcs(signed(body, ...signers))])

const ofManifest = (files: Files, ...findings: ReadonlyArray<string>): Tampered => ({
  files,
  findings: findings.length > 0 ? findings : ['manifest'],
  names: findings.length > 0 ? null : [MANIFEST],
})

const NAMES: ReadonlyArray<string> = [
  ...['../commits.jsonl', '/etc/passwd', './index.jsonl', 'manifest.json', 'MANIFEST.JSON', 'sub/index.jsonl', '', '.', '..'],
  ...['index.jsonl\0', 'index.jsonl ', 'other.txt', 'commits.jsonl.gz/../keys.jsonl', '\\index.jsonl', 'events.csv.gz', '__proto__'],
]

const manifestTamperings: { readonly [kind: string]: Tampering } = {
  'the manifest is edited or wrongly signed': (sample, draws) => {
    const body: Body = JSON.parse(at(linesOf(sample.export.files, MANIFEST), 0)).body
    const document = wronglySigned(sample, signed(body, signerAt(sample.trail, ALL.exportedAt)), draws)
    return ofManifest(withLines(sample.export.files, MANIFEST, [jcs(document)]))
  },
  'the manifest lists another file than there is': (sample, draws) => {
    const files = [...sample.export.files].filter(([name]) => name !== MANIFEST)
    const [name] = draws.oneOf(files)
    const listed = files.map(([other, content]) => ({
      name: other,
      sha256: sha256(other === name ? 'other' : content),
      size: content.length,
    }))
    const body = { ...sample.export.body, files: listed }
    const tampered = withManifest(sample.export.files, body, signerAt(sample.trail, ALL.exportedAt))
    return { files: tampered, findings: ['file'], names: [name] }
  },
  'the manifest lists a name that is none': (sample, draws) => {
    const files = [...sample.export.files].filter(([name]) => name !== MANIFEST)
    const place = draws.below(files.length)
    const renamed = draws.oneOf([...NAMES, ...files.map(([name]) => name).filter((_, other) => other !== place)])
    const listed = files.map(([name, content], other) => ({
      name: other === place ? renamed : name,
      sha256: sha256(content),
      size: content.length,
    }))
    const body = { ...sample.export.body, files: listed }
    return ofManifest(withManifest(sample.export.files, body, signerAt(sample.trail, ALL.exportedAt)))
  },
  'the manifest is none': ({ export: { files } }, { oneOf }) =>
    ofManifest(withLines(files, MANIFEST, [oneOf(GARBAGE)])),
  "the manifest is another tenant's, or an older one": ({ export: { files } }, { oneOf }) => {
    const { files: other } = oneOf([OTHERS, OLDER])
    return ofManifest(withLines(files, MANIFEST, linesOf(other, MANIFEST)), 'file')
  },
}

const KEYS = 'keys.jsonl'

const withKeys = ({ export: { files } }: Sample, lines: ReadonlyArray<string>, ...findings: ReadonlyArray<string>): Tampered => ({
  files: withLines(files, KEYS, lines),
  findings: findings.length > 0 ? findings : ['key'],
  names: findings.length > 0 ? null : [KEYS],
})

/** The history behind the newest key, rotated once more. */
const rotated = ({ keys }: Sample['trail'], signer: Signer): { readonly entry: Body; readonly before: Signer } => {
  const next: Key = { validFrom: iso(20), signer }
  const { body } = at(keyDocuments([...keys, next]), keys.length)
  return { entry: body, before: at(keys, keys.length - 1).signer }
}

const keyTamperings: { readonly [kind: string]: Tampering } = {
  'a key is edited': (sample, draws) => {
    const documents = keyDocuments(sample.trail.keys)
    const place = draws.below(documents.length)
    const { body, signatures } = at(documents, place)
    const document = { body: edited(body, draws), signatures }
    return withKeys(sample, replaced(documents, place, document).map(jcs))
  },
  'keys change places': (sample, draws) => {
    const lines = keyDocuments(sample.trail.keys).map(jcs)
    const [place, later] = twoPlaces(lines.length, draws)
    return withKeys(sample, replaced(replaced(lines, place, at(lines, later)), later, at(lines, place)))
  },
  'keys are removed': (sample, draws) => {
    const lines = keyDocuments(sample.trail.keys).map(jcs)
    return withKeys(sample, draws.oneOf([removed(lines, draws.below(lines.length)), []]), 'key', 'manifest')
  },
  'keys are rotated wrongly': (sample, draws) => {
    const { entry, before } = rotated(sample.trail, STRANGER)
    const documents = [
      signed(entry, STRANGER),
      signed(entry, before),
      signed(entry, at(sample.trail.keys, 0).signer, STRANGER),
      signed({ ...entry, previousKey: sha256('key') }, STRANGER, before),
      signed({ ...entry, validFrom: iso(-200) }, STRANGER, before),
      signed({ ...entry, sequence: 3 }, STRANGER, before),
      signed({ ...entry, keyId: before.keyId }, STRANGER, before),
      signed({ ...entry, publicKey: before.der.toString('base64') }, STRANGER, before),
    ]
    const lines = [...keyDocuments(sample.trail.keys), draws.oneOf(documents)].map(jcs)
    return withKeys(sample, lines)
  },
  'keys were rotated since': (sample) => {
    const { entry, before } = rotated(sample.trail, STRANGER)
    return withKeys(sample, [...keyDocuments(sample.trail.keys), signed(entry, STRANGER, before)].map(jcs), 'file')
  },
  'a stranger signs all of it': (sample) => {
    const keys: readonly [Key] = [{ validFrom: iso(-200), signer: STRANGER }]
    const stranger = { ...sample, trail: { ...sample.trail, keys } }
    const digests = linkedAnew(stranger, 0, (body) => body)
    const withDigest = withLines(sample.export.files, DIGESTS, digests.map(jcs))
    const files = withLines(withDigest, KEYS, keyDocuments(keys).map(jcs))
    return { files: resealed(stranger, files), findings: ['key'], names: [KEYS] }
  },
  'a key is none': (sample, draws) => {
    const lines = keyDocuments(sample.trail.keys).map(jcs)
    return withKeys(sample, replaced(lines, draws.below(lines.length), draws.oneOf(GARBAGE)))
  },
}

export const TAMPERINGS_WITH_DOCUMENTS: { readonly [kind: string]: Tampering } = {
  ...digestTamperings,
  ...proofTamperings,
  ...indexTamperings,
  ...manifestTamperings,
  ...keyTamperings,
}
