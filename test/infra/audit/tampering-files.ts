import { mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { OLDER, OTHERS, SAMPLES, type Sample, STRANGER } from './agreement-samples.ts'
import { type Files, newSigner } from './agreement-trail.ts'
import {
  commitsFile,
  contentOf,
  type Draws,
  flipped,
  type Tampered,
  type Tampering,
  withContent,
  without,
} from './tampering.ts'

/** What a file of other bytes may be found by: the manifest, or the step that reads it first; of commits also by what they hold. */
const findingsOf = (name: string): ReadonlyArray<string> => {
  if (name === 'manifest.json') return ['manifest']
  if (name === 'keys.jsonl') return ['file', 'key', 'manifest']
  if (name.startsWith('commits.')) return ['file', 'altered', 'inserted', 'missing', 'truncated', 'reordered']
  return ['file']
}

const withBytes = (files: Files, name: string, bytes: Buffer): Tampered => ({
  files: new Map([...files, [name, bytes]]),
  findings: findingsOf(name),
  names: name.startsWith('commits.') || name === 'keys.jsonl' ? null : [name],
})

const anyFile = ({ export: { files } }: Sample, { oneOf }: Draws): readonly [string, Buffer] => oneOf([...files])

const packed = SAMPLES.packed.export.files
const OTHER_STRANGER = newSigner()
const PACKED = 'commits.jsonl.gz'
const LEVELS = [0, 1, 3, 6, 9]
const bytesOfPacked = packed.get(PACKED) ?? Buffer.of()

const ofPacked = (bytes: Buffer): Tampered => ({
  files: new Map([...packed, [PACKED, bytes]]),
  findings: ['file'],
  names: [PACKED],
})

/** With the file of the same name of another export; commits packed as they were. */
const replacedFrom = ({ export: { files } }: Sample, other: Files, { oneOf }: Draws): Tampered => {
  const own = commitsFile(files)
  const contents = new Map(
    [...other].map(([name]) => [name.startsWith('commits.') ? own : name, contentOf(other, name)]),
  )
  const names = [...contents].filter(([name, content]) => files.has(name) && !content.equals(contentOf(files, name)))
  const [name, content] = oneOf(names.filter(([each]) => each !== 'manifest.json'))
  return { files: withContent(files, name, content), findings: findingsOf(name), names: null }
}

export const TAMPERINGS_WITH_FILES: { readonly [kind: string]: Tampering } = {
  'a byte of a file is flipped': (sample, draws) => {
    const [name, content] = anyFile(sample, draws)
    return withBytes(sample.export.files, name, flipped(content, draws.below(content.length), 1 + draws.below(255)))
  },
  'a byte of the signed files is flipped': ({ export: { files } }, { below, oneOf }) => {
    const name = oneOf(['manifest.json', 'keys.jsonl'])
    const content = contentOf(files, name)
    return withBytes(files, name, flipped(content, below(content.length), 1 << below(8)))
  },
  'a file is cut': (sample, draws) => {
    const [name, content] = anyFile(sample, draws)
    return withBytes(sample.export.files, name, content.subarray(0, draws.below(content.length)))
  },
  'a file is longer': (sample, draws) => {
    const [name, content] = anyFile(sample, draws)
    const more = draws.oneOf(['\n', ' ', '\0', '{}\n', content.toString('latin1')])
    return withBytes(sample.export.files, name, Buffer.concat([content, Buffer.from(more, 'latin1')]))
  },
  'a file is replaced by noise': (sample, draws) => {
    const [name] = anyFile(sample, draws)
    const noise = Buffer.from(Array.from({ length: 1 + draws.below(200) }, () => draws.below(256)))
    return withBytes(sample.export.files, name, noise)
  },
  'a file is missing': (sample, draws) => {
    const [name] = anyFile(sample, draws)
    const findings = ['file']
    return { files: without(sample.export.files, name), findings, names: [name] }
  },
  'a file is there that is not listed': ({ export: { files } }, { oneOf }) => {
    const known = ['commits.jsonl', 'commits.jsonl.gz', 'events.csv', 'events.parquet'].filter(
      (name) => !files.has(name),
    )
    const name = oneOf([...known, '.hidden', 'manifest.json.bak', 'x\ny', 'Manifest.json', 'commits.jsonl~', 'é'])
    return { files: new Map([...files, [name, Buffer.from('x')]]), findings: ['file'], names: [name] }
  },
  'a directory is there': ({ export: { files } }, { oneOf }) => {
    const name = oneOf(['sub', '..data'])
    return { files, findings: ['file'], names: [name], spoil: (dir) => mkdirSync(join(dir, name)) }
  },
  'a file is a link to what it was, or a directory': (sample, draws) => {
    const [name] = anyFile(sample, draws)
    const isLink = draws.oneOf([true, false])
    const spoil = (dir: string): void => {
      const aside = `${dir}-${name}`
      renameSync(join(dir, name), aside)
      if (isLink) symlinkSync(aside, join(dir, name))
      else mkdirSync(join(dir, name))
    }
    const findings = ['file', ...(name === 'manifest.json' ? ['manifest'] : name === 'keys.jsonl' ? ['key'] : [])]
    return { files: sample.export.files, findings, names: [name], spoil }
  },
  'packed commits are cut': (_, { below }) => ofPacked(bytesOfPacked.subarray(0, below(bytesOfPacked.length))),
  'a byte of packed commits is flipped': (_, { below }) =>
    ofPacked(flipped(bytesOfPacked, below(bytesOfPacked.length), 1 + below(255))),
  'packed commits are longer': (_, { oneOf }) =>
    ofPacked(
      Buffer.concat([bytesOfPacked, oneOf([Buffer.of(0), Buffer.from('x'), gzipSync(Buffer.of()), Buffer.alloc(100)])]),
    ),
  'commits are packed anew': (_, { oneOf }) => {
    const content = gunzipSync(bytesOfPacked)
    const others = LEVELS.map((level) => gzipSync(content, { level })).filter((bytes) => !bytes.equals(bytesOfPacked))
    return ofPacked(oneOf(others))
  },
  'commits are not packed': () => ofPacked(gunzipSync(bytesOfPacked)),
  "a file is another tenant's": (sample, draws) => replacedFrom(sample, OTHERS.files, draws),
  "a file is an older export's": (sample, draws) => replacedFrom(sample, OLDER.files, draws),
  "all but the manifest are an older export's": ({ export: { files } }) => {
    const manifest = files.get('manifest.json') ?? Buffer.of()
    return {
      files: new Map([...OLDER.files, ['manifest.json', manifest]]),
      findings: ['key', 'manifest', 'file'],
      names: null,
    }
  },
  'the public key is another': ({ export: { files } }, { oneOf }) => ({
    ...{ files, findings: ['key'], names: ['keys.jsonl'] },
    publicKey: oneOf([STRANGER, OTHER_STRANGER]),
  }),
}
