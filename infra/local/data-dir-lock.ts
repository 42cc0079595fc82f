import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { holdFile, type Lock } from '../hold-file.ts'

const pidIn = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return 'unknown'
  }
}

/** Takes a data directory, made when missing, for this process alone; `Left`: what to tell the user. */
export const lockDataDir = (dir: string): E.Either<string, Lock> => {
  mkdirSync(dir, { recursive: true })
  const lock = holdFile(join(dir, 'lock'), 0)
  const pidFile = join(dir, 'pid')
  if (lock === null) return E.left(`data directory in use by another instance (pid ${pidIn(pidFile)}): ${dir}`)
  writeFileSync(pidFile, `${process.pid}\n`)
  return E.right({
    release: () => {
      rmSync(pidFile, { force: true })
      lock.release()
    },
  })
}
