import { InvalidArgumentError } from 'commander'
import type { GlobalOptions } from '../options.ts'

export type ReplayOptions = GlobalOptions & {
  readonly tenant?: string
  readonly stream?: { readonly type: string; readonly id: string }
  readonly parallel: number
  readonly maxReadRate?: number
  readonly asOf?: Date
  readonly changed?: true
  readonly rollback?: true
  readonly abandon?: true
  readonly restart?: true
  readonly fromArchive?: true
  readonly dryRun?: true
}

const MOST_SEGMENTS = 64

export const parseParallel = (value: string): number => {
  const count = /^\d{1,3}$/.test(value) ? Number(value) : 0
  if (count >= 1 && count <= MOST_SEGMENTS) return count
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_SEGMENTS}.`)
}

export const parseRate = (value: string): number => {
  const rate = /^\d{1,9}$/.test(value) ? Number(value) : 0
  if (rate >= 1) return rate
  throw new InvalidArgumentError('It must be a whole number of commits a second, at least 1.')
}
