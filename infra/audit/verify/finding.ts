/** What is wrong: with a commit, or with a file, a signature or a proof (docs/audit.md). */
export type FindingKind =
  | 'altered'
  | 'missing'
  | 'inserted'
  | 'reordered'
  | 'truncated'
  | 'file'
  | 'manifest'
  | 'key'
  | 'digest'
  | 'proof'
  | 'chain'

/** `where`: `TENANT/TYPE/ID@VERSION` of a commit, else a file's name. */
export type Finding = { readonly kind: FindingKind; readonly where: string; readonly message: string }

/** Ends a step of the verification, and with it all that rest on it. */
export class Found extends Error {
  override readonly name = 'Found'
  readonly finding: Finding
  constructor(kind: FindingKind, where: string, message: string) {
    super(message)
    this.finding = { kind, where, message }
  }
}
