import { type Digest, Entry, SignedDigest } from '../digest.ts'
import { MANIFEST, type Manifest, Proof, SignedManifest } from '../export/manifest.ts'
import { type KnownKey, SignedKey } from '../key-history.ts'
import { commitFindings } from './commits.ts'
import { digestChain } from './digests.ts'
import { type Finding, Found } from './finding.ts'
import { assertSigned, trustedKeys } from './keys.ts'
import { proveWindow } from './proofs.ts'
import { assertOnlyFiles, collected, documentsOf, isFileName, parsed, readManifest, sha256Of, sizeOf } from './read.ts'

export type Verified = {
  /** None where the export is what was signed; else the first is what an auditor wants to hear of. */
  readonly findings: ReadonlyArray<Finding>
  /** What the manifest says, where it can be trusted. */
  readonly manifest: Manifest | null
}

const NEEDED = ['index.jsonl', 'digests.jsonl', 'proofs.jsonl', 'keys.jsonl']

/** The name of the file of commits. */
const commitsFile = ({ files }: Manifest): string => {
  const names = files.map(({ name }) => name)
  const strange = names.find((name, index) => !isFileName(name) || names.indexOf(name) !== index)
  if (strange !== undefined)
    throw new Found('manifest', MANIFEST, `names a file that no export has, or one twice: ${JSON.stringify(strange)}`)
  const lacking = NEEDED.find((name) => !names.includes(name))
  const commits = names.filter((name) => name.startsWith('commits.'))
  const [only] = commits
  if (only === undefined || commits.length > 1 || lacking !== undefined)
    throw new Found('manifest', MANIFEST, `does not name ${lacking ?? 'one file of commits'}`)
  return only
}

const verifiedManifest = async (
  dir: string,
  trusted: string,
): Promise<{ manifest: Manifest; keys: ReadonlyArray<KnownKey> }> => {
  const document = parsed(SignedManifest, await readManifest(dir), 'manifest', MANIFEST)
  commitsFile(document.body)
  await sizeOf(dir, 'keys.jsonl')
  const keys = trustedKeys(await collected(documentsOf(dir, 'keys.jsonl', SignedKey, 'key')), trusted)
  assertSigned(keys, document, document.body.exportedAt, 'manifest', MANIFEST)
  return { manifest: document.body, keys }
}

/** What is wrong with each file's bytes. */
const fileFindings = async (dir: string, { files }: Manifest): Promise<ReadonlyArray<Finding>> => {
  await assertOnlyFiles(dir, new Set(files.map(({ name }) => name)))
  const findings: Finding[] = []
  for (const { name, sha256, size } of files) {
    const found = await sizeOf(dir, name)
    const message =
      found === size ? 'is not what was signed: its SHA-256 differs' : `has ${found} bytes instead of ${size}`
    if (found !== size || (await sha256Of(dir, name)) !== sha256) findings.push({ kind: 'file', where: name, message })
  }
  return findings
}

const assertWhole = ({ sequence, from, to, commits }: Digest, { included }: Proof, manifest: Manifest): void => {
  const inside = manifest.from <= from && to <= manifest.to
  if (Object.keys(manifest.filter).length > 0 || !inside || commits === 0) return
  const [range] = included
  if (included.length !== 1 || range?.[0] !== 0 || range[1] !== commits)
    throw new Found('proof', `digest ${sequence}`, 'has commits that the export leaves out without a filter')
}

/** Digests, one after the other, each proven by the index. */
const proveDigests = async (dir: string, manifest: Manifest, keys: ReadonlyArray<KnownKey>): Promise<void> => {
  const entries = documentsOf(dir, 'index.jsonl', Entry, 'file')
  const proofs = documentsOf(dir, 'proofs.jsonl', Proof, 'proof')
  const follow = digestChain(keys, manifest.tenant)
  let [first, end, count] = ['', '', 0]
  const next = async (): Promise<Entry | undefined> => {
    const entry = await entries.next()
    if (entry.done) return undefined
    count += 1
    return entry.value
  }
  for await (const digest of documentsOf(dir, 'digests.jsonl', SignedDigest, 'digest')) {
    follow(digest)
    const proof = await proofs.next()
    if (proof.done) throw new Found('proof', 'proofs.jsonl', 'has fewer proofs than there are digests')
    await proveWindow(digest.body, proof.value, next)
    assertWhole(digest.body, proof.value, manifest)
    first ||= digest.body.from
    end = digest.body.to
  }
  if (!(await proofs.next()).done) throw new Found('proof', 'proofs.jsonl', 'has more proofs than there are digests')
  if ((await next()) !== undefined) throw new Found('proof', 'index.jsonl', 'has more commits than the proofs include')
  if (count !== manifest.commits)
    throw new Found('manifest', MANIFEST, `tells of ${manifest.commits} commits, the index of ${count}`)
  if (first === '' || first > manifest.from || end < manifest.to)
    throw new Found('digest', 'digests.jsonl', 'does not cover the time of the export')
}

/**
 * Verifies an export by itself, by the steps of docs/audit.md. @param trusted the public key, PEM. Nothing but plain files of the
 * directory is read, and nothing is written.
 */
export const verifyExport = async (dir: string, trusted: string): Promise<Verified> => {
  let manifest: Manifest | null = null
  try {
    const verified = await verifiedManifest(dir, trusted)
    manifest = verified.manifest
    const commits = commitsFile(manifest)
    const files = await fileFindings(dir, manifest)
    const other = files.find(({ where }) => where !== commits)
    if (other !== undefined) return { findings: [other], manifest }
    await proveDigests(dir, manifest, verified.keys)
    const findings = await commitFindings(dir, commits)
    return { findings: findings.length > 0 ? findings : files, manifest }
  } catch (error) {
    if (error instanceof Found) return { findings: [error.finding], manifest }
    throw error
  }
}
