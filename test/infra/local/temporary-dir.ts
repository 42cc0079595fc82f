import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A directory for one test, removed behind it. */
export const temporaryDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'daybook-test-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
