import { execFile, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as t from 'io-ts'

/** What a verifier says of an export: null when all of it holds. */
export type Verdict = { readonly finding: string; readonly name: string } | null

export type Verifier = { readonly verify: (dir: string) => Promise<Verdict>; readonly stop: () => void }

const Answer = t.union([
  t.type({ ok: t.literal(true) }),
  t.type({ ok: t.literal(false), finding: t.string, name: t.string }),
])

export const VERIFY_PY = fileURLToPath(new URL('../../../docs/verify/verify.py', import.meta.url))

const execute = promisify(execFile)

/**
 * A Python that can run verify.py: that of DAYBOOK_PYTHON, or `python3`. Null, said on stderr, where there is none outside CI; in CI it
 * must be there.
 */
export const findPython = async (): Promise<string | null> => {
  const python = process.env['DAYBOOK_PYTHON'] ?? 'python3'
  try {
    await execute(python, ['-c', 'import sys, cryptography; assert sys.version_info >= (3, 9), sys.version'])
    return python
  } catch (error) {
    const why = `${python} is no Python 3.9 or newer with the package cryptography`
    const what = `install them (pip install cryptography), or name one that has them in DAYBOOK_PYTHON`
    if (process.env['CI'] !== undefined) throw new Error(`${why}: ${what}`, { cause: error })
    process.stderr.write(`WITHOUT verify.py: ${why}: ${what}. It is not tested in this run.\n`)
    return null
  }
}

/** verify.py, kept running: it answers one directory after the other. */
export const startPython = (python: string, publicKey: string, keyFile: string): Verifier => {
  writeFileSync(keyFile, publicKey)
  const child = spawn(python, [VERIFY_PY, '--batch', '--public-key', keyFile], { stdio: ['pipe', 'pipe', 'ignore'] })
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]()
  const verify = async (dir: string): Promise<Verdict> => {
    child.stdin.write(`${dir}\n`)
    const { value, done } = await answers.next()
    if (done === true) throw new Error(`verify.py ended at ${dir}`)
    const answer: unknown = JSON.parse(value)
    if (!Answer.is(answer)) throw new Error(`verify.py answered ${value}`)
    return answer.ok ? null : { finding: answer.finding, name: answer.name }
  }
  return { verify, stop: () => child.stdin.end() }
}
