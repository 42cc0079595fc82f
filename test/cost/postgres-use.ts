import { readdirSync, readFileSync } from 'node:fs'
import { ownerPool } from '../../infra/postgres/pool.ts'
import type { Counts } from './tally.ts'

/** Linux: `/proc` counts processor time in hundredths of a second (proc_pid_stat(5), USER_HZ). */
const TICK_MS = 10

/** Fields of `/proc/<pid>/stat` from the third on, behind the name, which may hold blanks. Undefined: it has ended. */
const statOf = (pid: string | number): ReadonlyArray<string> | undefined => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
  } catch {
    return undefined
  }
}

const ticks = (stat: ReadonlyArray<string> | undefined, ...fields: ReadonlyArray<number>): number =>
  stat === undefined ? 0 : fields.reduce((sum, field) => sum + Number(stat[field - 3]), 0)

/** Of the server and all of its processes (utime and stime, of the server its ended children's, too); 0 where there is no `/proc`. */
const processorMs = (backend: number | undefined): number => {
  const server = backend === undefined ? undefined : statOf(backend)?.[1]
  if (server === undefined) return 0
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const children = processes.map(statOf).filter((stat) => stat?.[1] === server)
  return TICK_MS * children.reduce((sum, stat) => sum + ticks(stat, 14, 15), ticks(statOf(server), 14, 15, 16, 17))
}

type Row = { readonly pid: number; readonly wal: string; readonly size: string }

/**
 * What a Postgres server on this machine has used up to now: milliseconds of the processor (`postgresMs`), bytes of its log (`walBytes`), and
 * bytes of the database (`viewBytes`). @param url of its superuser, to the database.
 */
export const postgresUse = async (url: string): Promise<Counts> => {
  const pool = ownerPool(url, { max: 1 })
  const { rows } = await pool.query<Row>(
    "SELECT pg_backend_pid() AS pid, pg_current_wal_insert_lsn() - '0/0' AS wal, pg_database_size(current_database()) AS size",
  )
  const [row] = rows
  const used = { postgresMs: processorMs(row?.pid), walBytes: Number(row?.wal), viewBytes: Number(row?.size) }
  await pool.end()
  return used
}
