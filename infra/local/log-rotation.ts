import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

const LARGEST = 5 * 1024 * 1024

/** Puts logs of more than 5 MiB aside (`name.log.1`, the one before it is dropped), before anything writes to them. */
export const rotateLogs = (dir: string): void => {
  mkdirSync(dir, { recursive: true })
  for (const name of readdirSync(dir).filter((entry) => entry.endsWith('.log'))) {
    const file = join(dir, name)
    if (existsSync(file) && statSync(file).size > LARGEST) renameSync(file, `${file}.1`)
  }
}
