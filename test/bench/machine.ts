import { spawnSync } from 'node:child_process'
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os'

/** Where it was measured. */
export type Machine = {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly platform: string
  readonly node: string
  readonly engines: { readonly [name: string]: string }
}

const GIB = 1024 ** 3

export const machineWith = (engines: Machine['engines']): Machine => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / GIB),
  platform: `${platform()}-${arch()}`,
  node: process.version,
  engines,
})

/** Resident memory of a process, in MiB; `undefined` when it is gone or the system has no `ps`. */
export const rssOf = (pid: number): number | undefined => {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  const kibibytes = Number(stdout)
  return kibibytes > 0 ? kibibytes / 1024 : undefined
}
