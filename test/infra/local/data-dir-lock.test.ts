import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { expect, onTestFinished, test } from 'vitest'
import { lockDataDir } from '../../../infra/local/data-dir-lock.ts'
import { eventually } from './eventually.ts'
import { temporaryDir } from './temporary-dir.ts'

const MODULE = new URL('../../../infra/local/data-dir-lock.ts', import.meta.url).href

/** Another process that holds the lock until it is killed. */
const holder = async (dir: string) => {
  const script = `
    import { lockDataDir } from ${JSON.stringify(MODULE)}
    process.stdout.write(lockDataDir(${JSON.stringify(dir)})._tag)
    setInterval(() => undefined, 60_000)
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [tag] = await once(child.stdout, 'data')
  expect(String(tag)).toBe('Right')
  return child
}

test('a data directory in use is refused, naming the process that uses it', async () => {
  const dir = temporaryDir()
  const { pid } = await holder(dir)
  expect(lockDataDir(dir)).toEqual(E.left(`data directory in use by another instance (pid ${pid}): ${dir}`))
})

test('SIGKILL frees the data directory', async () => {
  const dir = temporaryDir()
  const child = await holder(dir)
  child.kill('SIGKILL')
  const lock = await eventually('the lock is free', () => {
    const taken = lockDataDir(dir)
    return E.isRight(taken) ? taken.right : null
  })
  lock.release()
})

test('a pid that is left behind and taken by another program blocks nobody', () => {
  const dir = temporaryDir()
  writeFileSync(join(dir, 'pid'), `${process.ppid}\n`)
  const lock = lockDataDir(dir)
  expect(E.isRight(lock)).toBe(true)
  if (E.isRight(lock)) lock.right.release()
})

test('a lock that was released can be taken again', () => {
  const dir = temporaryDir()
  for (const _round of [1, 2]) {
    const lock = lockDataDir(join(dir, 'made', 'on', 'the', 'way'))
    expect(E.isRight(lock)).toBe(true)
    if (E.isRight(lock)) lock.right.release()
  }
})
