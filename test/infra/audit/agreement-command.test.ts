import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDir } from '../local/temporary-dir.ts'
import { findPython, VERIFY_PY } from './agreement-python.ts'
import { SAMPLES, TRUSTED } from './agreement-samples.ts'
import type { Files } from './agreement-trail.ts'
import { nameOf, withLines } from './tampering.ts'

const python = await findPython()
const { files, commits } = SAMPLES.whole.export

const written = (content: Files): string => {
  const dir = join(temporaryDir(), 'export')
  mkdirSync(dir)
  for (const [name, bytes] of content) writeFileSync(join(dir, name), bytes)
  return dir
}

const keyFile = (content: string | Buffer = TRUSTED.pem): string => {
  const file = join(temporaryDir(), 'key.pem')
  writeFileSync(file, content)
  return file
}

const run = (...args: ReadonlyArray<string>) => {
  const { status, stdout, stderr } = spawnSync(python ?? '', [VERIFY_PY, ...args], { encoding: 'utf8' })
  expect(stderr).not.toContain('Traceback')
  return { status, stdout, stderr }
}

test.runIf(python !== null)('verify.py tells in a line what it verified', () => {
  const { status, stdout, stderr } = run(written(files), '--public-key', keyFile())
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^verified: acme, 42 commits .*2026-11-01T00:00:00\.000Z to 2026-11-01T08:00:00\.000Z\n$/)
})

test.runIf(python !== null)('verify.py names what is wrong first, and exits with 1', () => {
  const lines = commits.map((commit) => `${JSON.stringify(commit)} `)
  const { status, stdout, stderr } = run(written(withLines(files, 'commits.jsonl', lines)), '--public-key', keyFile())
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  const [first] = commits
  expect(stderr.startsWith(`FINDING: ${first && nameOf(first)} `)).toBe(true)
})

test.runIf(python !== null)('verify.py answers in JSON', () => {
  const good = run(written(files), '--public-key', keyFile(), '--json')
  expect(JSON.parse(good.stdout)).toMatchObject({ ok: true, tenant: 'acme', commits: 42, lastDigest: 8 })
  const bad = run(written(new Map()), '--public-key', keyFile(), '--json')
  expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false, finding: 'file', name: 'manifest.json' })
  expect(bad.status).toBe(1)
})

test.runIf(python !== null)('verify.py exits with 2 when it is called wrongly', () => {
  const dir = written(files)
  const calls = [
    [],
    [dir],
    [dir, '--public-key', join(dir, 'no-such-file')],
    [dir, '--public-key', keyFile('no key')],
    [dir, '--public-key', keyFile(Buffer.of(0xff, 0, 1))],
    [join(dir, 'no-such-directory'), '--public-key', keyFile()],
    [dir, '--batch', '--public-key', keyFile()],
    [dir, '--public-key', keyFile(), '--no-such-option'],
  ]
  for (const call of calls) expect(run(...call).status).toBe(2)
})
