/** Ends a command: one line for stderr, and an exit code other than 0 (1: it failed; 130: the user stopped it). */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: 1 | 130
  constructor(message: string, exitCode: 1 | 130 = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** The text of whatever was thrown, on one line. */
export const reasonOf = (thrown: unknown): string =>
  (thrown instanceof Error && thrown.message !== '' ? thrown.message : String(thrown)).replaceAll(/\s*\n\s*/g, ' ')

/** The code that Node puts on errors of the system, like `ENOENT`. */
export const codeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
