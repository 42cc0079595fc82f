import type { Holding, SequenceName } from './transaction-port.ts'

/** Attribute names of the reservation table; the one place where they stand. */
export const RESERVATION_TABLE = { partitionKey: 'pk', holder: 'holder', lastNumber: 'lastNumber' } as const

/** DynamoDB allows 2,048 bytes a partition key; tenant, scope and separators take at most 106. */
const MAX_VALUE_BYTES = 1024

const NAME = /^[a-z-]{1,64}$/

const assertName = (what: string, name: string): void => {
  if (!NAME.test(name)) throw new TypeError(`a ${what} is 1 to 64 of a-z and '-', not ${JSON.stringify(name)}`)
}

/** `tenant#scope#value`. Neither tenant nor scope can hold a '#', so the value may. Throws `TypeError`. */
export const reservationKeyOf = ({ scope, value, holder }: Holding): string => {
  assertName('scope', scope)
  const bytes = Buffer.byteLength(value, 'utf8')
  // Lone surrogates all become the same replacement character in UTF-8, so two values would share a key.
  if (bytes < 1 || bytes > MAX_VALUE_BYTES || !value.isWellFormed()) {
    throw new TypeError(`a reserved value is well-formed text of 1 to ${MAX_VALUE_BYTES} bytes, not one of ${bytes}`)
  }
  return `${holder.tenant}#${scope}#${value}`
}

/** `tenant#:name`. No scope holds a ':', so no reservation has this key. Throws `TypeError`. */
export const sequenceKeyOf = ({ tenant, name }: SequenceName): string => {
  assertName('sequence', name)
  return `${tenant}#:${name}`
}
