import { InvalidArgumentError } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { decode } from '../../../schemas/decode.ts'
import { Instant } from '../../../schemas/time.ts'
import type { Format } from '../../audit/export/export.ts'
import type { GlobalOptions } from '../options.ts'

export type ExportOptions = GlobalOptions & {
  readonly tenant: string
  readonly from?: Date
  readonly to?: Date
  readonly actor?: string
  readonly stream?: { readonly type: string; readonly id: string }
  readonly type?: string
  readonly correlation?: string
  readonly format: Format
  readonly gzip?: true
  readonly out: string
}

export type VerifyOptions = GlobalOptions & {
  readonly publicKey?: string
  readonly live?: true
  readonly tenant?: string
}

const DAY = /^\d{4}-\d\d-\d\d$/
const DAY_MS = 86_400_000

const moment = (value: string, afterDays: number): Date => {
  const isDay = DAY.test(value)
  const instant = decode(Instant, isDay ? `${value}T00:00:00Z` : value)
  if (E.isLeft(instant))
    throw new InvalidArgumentError('It must be a day like 2026-03-01 or a time like 2026-03-01T12:00:00Z.')
  return new Date(Date.parse(instant.right) + (isDay ? afterDays * DAY_MS : 0))
}

/** A time, or the beginning of a day in UTC. */
export const parseFrom = (value: string): Date => moment(value, 0)

/** A time, exclusive; or a day in UTC, as a whole. */
export const parseTo = (value: string): Date => moment(value, 1)
