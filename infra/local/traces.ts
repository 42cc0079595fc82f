import { join } from 'node:path'

export const logsDirectory = (dataDir: string): string => join(dataDir, 'logs')

/** Each process has a file of its own: only so can it put it aside when it is full. */
export const tracesFile = (dataDir: string, service: string): string =>
  join(logsDirectory(dataDir), `traces-${service}.jsonl`)

/** Whether a file in the logs' directory holds traces. */
export const holdsTraces = (file: string): boolean => /^traces-[a-z]+\.jsonl(\.1)?$/.test(file)
