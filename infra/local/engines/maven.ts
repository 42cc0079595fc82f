import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { EngineFault } from './engine.ts'

const execute = promisify(execFile)
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/daybook/', import.meta.url))
const BUILD_CLASSPATH = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath'
/** The first download is over 100 MB. */
const DOWNLOAD_TIMEOUT_MS = 600_000

export const hasMaven = async (): Promise<boolean> => {
  try {
    await execute('mvn', ['-v'], { timeout: 30_000 })
    return true
  } catch {
    return false
  }
}

const cacheFileOf = (pom: string): string =>
  join(CACHE, `${createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 16)}.classpath`)

/** The class path as it was resolved before; null when it never was, or when one of its jars is gone. */
export const cachedClassPath = (pom: string): ReadonlyArray<string> | null => {
  const file = cacheFileOf(pom)
  if (!existsSync(file)) return null
  const entries = readFileSync(file, 'utf8').trim().split(delimiter)
  return entries.every((entry) => existsSync(entry)) ? entries : null
}

/** Maven tells its errors on stdout, the first of them first. */
const firstError = (error: unknown): string => {
  const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
  const told = output.split('\n').find((line) => line.startsWith('[ERROR]'))
  return told ?? (error instanceof Error ? error.message.split('\n')[0] : undefined) ?? String(error)
}

/**
 * Jars (and native libraries) that a pom.xml's dependencies come down to, by Maven; remembered until the pom changes.
 * Rejects with `EngineFault` when Maven is missing or cannot resolve them.
 */
export const resolveClassPath = async (pom: string, signal?: AbortSignal): Promise<ReadonlyArray<string>> => {
  const cached = cachedClassPath(pom)
  if (cached !== null) return cached
  const file = cacheFileOf(pom)
  mkdirSync(dirname(file), { recursive: true })
  // Two instances may resolve at once: each writes a file of its own and puts it in place whole.
  const draft = `${file}.${process.pid}`
  try {
    await execute('mvn', ['-q', '-B', '-f', pom, BUILD_CLASSPATH, `-Dmdep.outputFile=${draft}`], {
      timeout: DOWNLOAD_TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    throw new EngineFault(`Maven cannot resolve ${pom}: ${firstError(error)}`)
  }
  renameSync(draft, file)
  return readFileSync(file, 'utf8').trim().split(delimiter)
}
