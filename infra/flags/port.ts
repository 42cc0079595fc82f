import type { FlagValues } from '../../schemas/flags.ts'

export type Flags = {
  /**
   * What is switched on now, some seconds old at most where all is well. Never rejects: where the flags cannot be had, or are not what
   * they should be, the last good ones hold, and where there never were any, everything is off.
   */
  readonly current: () => Promise<FlagValues>
}
