import type { Pool } from 'pg'
import type { WriteDependencies } from '../../commands/http/write.ts'
import { invoicing } from '../../commands/invoicing/invoicing.ts'
import { type WorkedOff, workOff } from '../../commands/processes/work-off.ts'
import type { Flags } from '../flags/port.ts'
import type { Logger } from '../log/logger.ts'
import type { Metrics } from '../metrics/port.ts'
import { invoicingAgenda } from '../processes/invoicing-agenda.ts'

export type ProcessEngines = {
  readonly writing: WriteDependencies
  /** Of `projectorPool`: sees the rows of every tenant. */
  readonly allTenants: Pool
  readonly flags: Flags
  readonly log: Logger
  readonly metrics: Metrics
}

/** By process, what came of its steps. */
export type Worked = { readonly [process: string]: WorkedOff }

/** Takes the steps of every process that are due, once. A new process is a line here. */
export const processesOn = ({ writing, allTenants, flags, log, metrics }: ProcessEngines) => {
  const processes = [invoicing(writing, invoicingAgenda(allTenants, flags))]
  return async (signal: AbortSignal): Promise<Worked> => {
    const worked: [string, WorkedOff][] = []
    for (const process of processes) {
      worked.push([process.name, await workOff({ ...writing, log, metrics }, process, signal)])
    }
    return Object.fromEntries(worked)
  }
}
