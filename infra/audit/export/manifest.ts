import * as t from 'io-ts'
import { strict } from '../../../schemas/strict.ts'
import { Count, SignedDocument } from '../signed.ts'
import { Filter } from './filter.ts'

/** Every name that a file of an export may have, beside the manifest's. */
export const FILE_NAMES = [
  'commits.jsonl',
  'commits.jsonl.gz',
  'index.jsonl',
  'digests.jsonl',
  'proofs.jsonl',
  'keys.jsonl',
  'events.csv',
  'events.parquet',
] as const

export const MANIFEST = 'manifest.json'

const FileEntry = strict({
  name: t.string,
  /** Of its bytes, hex. */
  sha256: t.string,
  /** In bytes. */
  size: Count,
})

const Manifest = strict({
  format: t.literal('daybook.export.1'),
  tenant: t.string,
  exportedAt: t.string,
  from: t.string,
  to: t.string,
  filter: Filter,
  commits: Count,
  events: Count,
  files: t.readonlyArray(FileEntry),
})
export type Manifest = t.TypeOf<typeof Manifest>

/** What an export holds, and which bytes its files are (docs/audit.md). */
export const SignedManifest = SignedDocument(Manifest)
export type SignedManifest = t.TypeOf<typeof SignedManifest>

/** Which commits of a window are exported, as ranges (start, end), and what else it takes to make its root. */
export const Proof = strict({
  sequence: Count,
  included: t.readonlyArray(t.readonlyArray(Count)),
  nodes: t.readonlyArray(t.string),
})
export type Proof = t.TypeOf<typeof Proof>
