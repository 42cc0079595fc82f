import { jcs } from '../../../infra/event-store/canonical.ts'
import { ALL, iso, OLDER, OTHERS, type Sample, STRANGER } from './agreement-samples.ts'
import {
  type Body,
  type Files,
  type Key,
  keyDocuments,
  type Signer,
  sha256,
  signed,
  signerAt,
} from './agreement-trail.ts'
import {
  at,
  linesOf,
  removed,
  replaced,
  resealed,
  type Tampered,
  type Tampering,
  twoPlaces,
  withLines,
} from './tampering.ts'
import { edited, GARBAGE, linkedAnew, wronglySigned } from './tampering-signatures.ts'

const MANIFEST = 'manifest.json'

const withManifest = (files: Files, body: Body, ...signers: ReadonlyArray<Signer>): Files =>
  withLines(files, MANIFEST, [jcs(signed(body, ...signers))])

const ofManifest = (files: Files, ...findings: ReadonlyArray<string>): Tampered => ({
  files,
  findings: findings.length > 0 ? findings : ['manifest'],
  names: findings.length > 0 ? null : [MANIFEST],
})

const NAMES: ReadonlyArray<string> = [
  ...[
    '../commits.jsonl',
    '/etc/passwd',
    './index.jsonl',
    'manifest.json',
    'MANIFEST.JSON',
    'sub/index.jsonl',
    '',
    '.',
    '..',
  ],
  ...[
    'index.jsonl\0',
    'index.jsonl ',
    'other.txt',
    'commits.jsonl.gz/../keys.jsonl',
    '\\index.jsonl',
    'events.csv.gz',
    '__proto__',
  ],
]

const manifestTamperings: { readonly [kind: string]: Tampering } = {
  'the manifest is edited or wrongly signed': (sample, draws) => {
    const body: Body = JSON.parse(at(linesOf(sample.export.files, MANIFEST), 0)).body
    const document = wronglySigned(sample, signed(body, signerAt(sample.trail, ALL.exportedAt)), draws)
    return ofManifest(withLines(sample.export.files, MANIFEST, [jcs(document)]))
  },
  'the manifest is spelt otherwise': ({ export: { files } }, { oneOf }) => {
    const line = at(linesOf(files, MANIFEST), 0)
    const { body, signatures } = JSON.parse(line)
    const [own, stranger] = [signatures[0].signature, signed(body, STRANGER).signatures]
    const spellings = [
      ...[`${line}\n\n`, `${line} \n`, `${line}`, ` ${line}\n`, `\ufeff${line}\n`, `${line}\n{}\n`, `${line}\t`],
      `${JSON.stringify({ body, signatures }, null, 2)}\n`,
      `${jcs({ body, signatures, note: 'x' })}\n`,
      `${jcs({ body: { ...body, note: 'x' }, signatures })}\n`,
      `${jcs({ body: { ...body, filter: { ...body.filter, note: 'x' } }, signatures })}\n`,
      `${jcs({ body, signatures: [{ keyId: signatures[0].keyId, signature: `${own}=` }] })}\n`,
      `${jcs({ body, signatures: [{ keyId: signatures[0].keyId, signature: `*${own}` }] })}\n`,
      `${jcs({ body, signatures: [{ keyId: signatures[0].keyId.toUpperCase(), signature: own }] })}\n`,
      `${jcs({ body, signatures: stranger })}\n`,
    ]
    return ofManifest(new Map([...files, [MANIFEST, Buffer.from(oneOf(spellings))]]))
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
    const added = { name: draws.oneOf(NAMES), sha256: sha256('x'), size: 1 }
    const body = {
      ...sample.export.body,
      files: draws.oneOf([listed, [...listed.with(place, { ...at(listed, place), name: at(files, place)[0] }), added]]),
    }
    return ofManifest(withManifest(sample.export.files, body, signerAt(sample.trail, ALL.exportedAt)))
  },
  'the manifest tells of more than there is, and is signed': (sample, { oneOf }) => {
    const { body, files } = sample.export
    const filter = sample.request.filter === undefined ? [] : [{ ...body, filter: {} }]
    const more = [{ ...body, from: iso(-1) }, { ...body, to: iso(8.5) }, { ...body, commits: 1_000 }, ...filter]
    return ofManifest(
      withManifest(files, oneOf(more), signerAt(sample.trail, ALL.exportedAt)),
      'digest',
      'manifest',
      'proof',
    )
  },
  'the manifest is none': ({ export: { files } }, { oneOf }) =>
    ofManifest(withLines(files, MANIFEST, [oneOf(GARBAGE)])),
  "the manifest is another tenant's, or an older one": ({ export: { files } }, { oneOf }) => {
    const { files: other } = oneOf([OTHERS, OLDER])
    return ofManifest(withLines(files, MANIFEST, linesOf(other, MANIFEST)), 'file')
  },
}

const KEYS = 'keys.jsonl'

const withKeys = (
  { export: { files } }: Sample,
  lines: ReadonlyArray<string>,
  ...findings: ReadonlyArray<string>
): Tampered => ({
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
    const withDigest = withLines(sample.export.files, 'digests.jsonl', digests.map(jcs))
    const files = withLines(withDigest, KEYS, keyDocuments(keys).map(jcs))
    return { files: resealed(stranger, files), findings: ['key'], names: [KEYS] }
  },
  'a key is none': (sample, draws) => {
    const lines = keyDocuments(sample.trail.keys).map(jcs)
    return withKeys(sample, replaced(lines, draws.below(lines.length), draws.oneOf(GARBAGE)))
  },
}

export const TAMPERINGS_WITH_MANIFEST_AND_KEYS: { readonly [kind: string]: Tampering } = {
  ...manifestTamperings,
  ...keyTamperings,
}
