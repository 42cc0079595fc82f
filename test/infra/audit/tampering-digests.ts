import { jcs } from '../../../infra/event-store/canonical.ts'
import { OTHERS, type Sample } from './agreement-samples.ts'
import { type Body, type Document, type Proof, sha256, signed, signerAt } from './agreement-trail.ts'
import {
  at,
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
} from './tampering.ts'
import { changed, GARBAGE, linkedAnew, wronglySigned } from './tampering-signatures.ts'

/** A file with other lines: noticed by the manifest, or by the `findings` of a later step once the exporter itself has signed them. */
const withFile = (
  sample: Sample,
  { oneOf }: Draws,
  name: string,
  lines: ReadonlyArray<string>,
  ...findings: ReadonlyArray<string>
): Tampered => {
  const files = withLines(sample.export.files, name, lines)
  if (oneOf([true, false, false])) return { files, findings: ['file'], names: [name] }
  return { files: resealed(sample, files), findings, names: null }
}

const DIGESTS = 'digests.jsonl'

const digestsOf = ({ export: { digests } }: Sample): ReadonlyArray<Document> => digests

const withDigests = (
  sample: Sample,
  draws: Draws,
  documents: ReadonlyArray<Document>,
  ...findings: ReadonlyArray<string>
) => withFile(sample, draws, DIGESTS, documents.map(jcs), ...(findings.length > 0 ? findings : ['digest', 'proof']))

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
    const foreign = OTHERS.digests.find(
      ({ body }) => body['sequence'] === at(digestsOf(sample), place).body['sequence'],
    )
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
    {
      sequence,
      included,
      nodes: nodes.length > 0 ? replaced(nodes, draws.below(nodes.length), sha256('node')) : ['00'],
    },
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
    return withFile(sample, draws, INDEX, tampered, 'proof', 'file')
  },
  'the index names a commit otherwise than it does itself, and is signed': (sample, draws) => {
    const lines = linesOf(sample.export.files, INDEX)
    const place = draws.below(lines.length)
    const { stream, version, ...entry } = JSON.parse(at(lines, place))
    const others = [
      { ...entry, stream, version: version + 1_000 },
      { ...entry, stream: { ...stream, id: 'n-9' }, version },
      { ...entry, commitId: `0${entry.commitId.slice(1, -1)}!`, stream, version },
    ]
    const files = withLines(sample.export.files, INDEX, replaced(lines, place, jcs(draws.oneOf(others))))
    return { files: resealed(sample, files), findings: ['altered'], names: null }
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

export const TAMPERINGS_WITH_DIGESTS: { readonly [kind: string]: Tampering } = {
  ...digestTamperings,
  ...proofTamperings,
  ...indexTamperings,
}
