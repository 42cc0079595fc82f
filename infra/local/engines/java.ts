import { execFile } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export type Java = { readonly file: string; readonly major: number }

const childrenOf = (dir: string): ReadonlyArray<string> => {
  try {
    return readdirSync(dir).map((name) => join(dir, name))
  } catch {
    return []
  }
}

/** Java homes where Linux distributions, macOS, SDKMAN and Homebrew put them: the `java` on PATH is often older. */
const javaHomes = (): ReadonlyArray<string> => [
  ...(process.env['JAVA_HOME'] === undefined ? [] : [process.env['JAVA_HOME']]),
  ...childrenOf('/usr/lib/jvm'),
  ...childrenOf('/usr/java'),
  ...childrenOf('/Library/Java/JavaVirtualMachines').map((dir) => join(dir, 'Contents/Home')),
  ...childrenOf(join(homedir(), '.sdkman/candidates/java')),
  ...childrenOf('/opt/homebrew/opt').filter((dir) => dir.includes('/openjdk')),
]

const onPath = (): ReadonlyArray<string> => (process.env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, 'java'))

const candidates = (): ReadonlyArray<string> => {
  const files = [...javaHomes().map((home) => join(home, 'bin/java')), ...onPath()]
  return [...new Set(files.filter((file) => existsSync(file)).map((file) => realpathSync(file)))]
}

/** The major version in the output of `java -version`: `version "25.0.3"` is 25, `version "1.8.0_392"` is 8. */
export const majorVersion = (output: string): number | null => {
  const found = /version "(?:1\.)?(\d+)/.exec(output)
  return found === null ? null : Number(found[1])
}

const inspect = async (file: string): Promise<Java | null> => {
  try {
    const { stderr, stdout } = await execute(file, ['-version'], { timeout: 20_000 })
    const major = majorVersion(stderr + stdout)
    return major === null ? null : { file, major }
  } catch {
    return null
  }
}

const inspections = new Map<string, Promise<Java | null>>()

/** Each Java is run once: that takes a good part of a second. */
const inspected = (file: string): Promise<Java | null> => {
  const inspection = inspections.get(file) ?? inspect(file)
  inspections.set(file, inspection)
  return inspection
}

/** The first Java of at least this major version, or null. Those that do not run (a stub of macOS) do not count. */
export const findJava = async (atLeast: number): Promise<Java | null> => {
  for (const file of candidates()) {
    const java = await inspected(file)
    if (java !== null && java.major >= atLeast) return java
  }
  return null
}
