import { eventsTextOf } from './hash.ts'
import { partitionKeyOf } from './keys.ts'
import { PARTITION_KEY_LIMIT } from './limits.ts'
import { type Draft, InvalidDraft, type StoredEvent, type StreamName } from './port.ts'

/** JSON inside JSON: deeper data is a mistake, mostly a circle, and would overflow somebody's stack. */
const DEPTH_LIMIT = 200

/** Leaves a tenant's name room for what its keys in indexes carry behind it. */
const TENANT_LIMIT = 1024

/** Why a value cannot be stored, and where: its keys and indexes from the inside out. */
type Flaw = { readonly path: (string | number)[]; readonly reason: string }

const flaw = (reason: string, ...path: (string | number)[]): Flaw => ({ path, reason })

const inside = (key: string | number, found: Flaw | undefined): Flaw | undefined => {
  found?.path.push(key)
  return found
}

const stringFlaw = (text: unknown): Flaw | undefined => {
  if (typeof text !== 'string') return flaw('must be a string')
  return text.isWellFormed() ? undefined : flaw('has a lone surrogate, which UTF-8 cannot carry')
}

const numberFlaw = (value: number): Flaw | undefined => {
  if (!Number.isFinite(value)) return flaw(`is ${value}, which JSON cannot carry`)
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? flaw(`is a whole number beyond ${Number.MAX_SAFE_INTEGER}, whose last digits are lost: use a string`)
    : undefined
}

const listFlaw = (list: ReadonlyArray<unknown>, depth: number): Flaw | undefined => {
  for (let index = 0; index < list.length; index += 1) {
    const found = inside(index, valueFlaw(list[index], depth + 1))
    if (found) return found
  }
  return undefined
}

const objectFlaw = (value: object, depth: number): Flaw | undefined => {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return flaw('is no plain object')
  if (Object.getOwnPropertySymbols(value).length > 0) return flaw('has a symbol for a key')
  for (const [key, member] of Object.entries(value)) {
    const found = inside(key, stringFlaw(key) ?? valueFlaw(member, depth + 1))
    if (found) return found
  }
  return undefined
}

/** What in a value JSON would drop, change or refuse. */
const valueFlaw = (value: unknown, depth: number): Flaw | undefined => {
  if (depth > DEPTH_LIMIT) return flaw(`is nested more than ${DEPTH_LIMIT} deep, or in a circle`)
  switch (typeof value) {
    case 'string':
      return stringFlaw(value)
    case 'number':
      return numberFlaw(value)
    case 'boolean':
      return undefined
    case 'object':
      if (value === null) return undefined
      return Array.isArray(value) ? listFlaw(value, depth) : objectFlaw(value, depth)
    default:
      return flaw(`is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}, which JSON cannot carry`)
  }
}

const EVENT_FIELDS: ReadonlySet<string> = new Set(['type', 'schemaVersion', 'data'] satisfies (keyof StoredEvent)[])

const eventFlaw = (event: StoredEvent): Flaw | undefined => {
  const { type, schemaVersion, data } = event
  const other = Object.keys(event).find((field) => !EVENT_FIELDS.has(field))
  if (other !== undefined) return flaw('is not a field of an event', other)
  if (type === '') return flaw('must not be empty', 'type')
  if (!Number.isSafeInteger(schemaVersion) || schemaVersion < 1) {
    return flaw('must be a positive whole number', 'schemaVersion')
  }
  return inside('type', stringFlaw(type)) ?? inside('data', valueFlaw(data, 0))
}

const eventsFlaw = (events: ReadonlyArray<StoredEvent>): Flaw | undefined => {
  if (events.length === 0) return flaw('must hold at least one event')
  for (const [index, event] of events.entries()) {
    const found = inside(index, eventFlaw(event))
    if (found) return found
  }
  return undefined
}

const nameFlaw = (name: string): Flaw | undefined => {
  if (name === '') return flaw('must not be empty')
  return name.includes('#') ? flaw("must not hold a '#', which parts the names in keys") : stringFlaw(name)
}

const streamFlaw = (stream: StreamName): Flaw | undefined => {
  const { tenant, type, id } = stream
  const found = inside('tenant', nameFlaw(tenant)) ?? inside('type', nameFlaw(type)) ?? inside('id', nameFlaw(id))
  if (found) return found
  if (Buffer.byteLength(tenant) > TENANT_LIMIT) return flaw(`must have ${TENANT_LIMIT} bytes at the most`, 'tenant')
  const size = Buffer.byteLength(partitionKeyOf(stream))
  return size > PARTITION_KEY_LIMIT
    ? flaw(`makes a key of ${size} bytes, and DynamoDB takes ${PARTITION_KEY_LIMIT}`)
    : undefined
}

/** Roles are stored in one attribute, parted by commas. */
const roleFlaw = (role: string): Flaw | undefined =>
  role === '' || role.includes(',') ? flaw("must be a name without ','") : stringFlaw(role)

const provenanceFlaw = ({ actor, causationId, ...draft }: Draft): Flaw | undefined => {
  for (const field of ['commandId', 'fingerprint', 'correlationId'] as const) {
    const found = inside(field, stringFlaw(draft[field]))
    if (found) return found
  }
  const role = actor.roles.findIndex((each) => roleFlaw(each) !== undefined)
  return (
    (causationId === null ? undefined : inside('causationId', stringFlaw(causationId))) ??
    inside('actor', inside('subject', stringFlaw(actor.subject))) ??
    (actor.client === undefined ? undefined : inside('actor', inside('client', stringFlaw(actor.client)))) ??
    (role < 0 ? undefined : inside('actor', inside('roles', inside(role, roleFlaw(actor.roles[role] ?? '')))))
  )
}

const escaped = (key: string | number): string => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`

/**
 * The canonical text of a draft's events. Throws `InvalidDraft` when anything of the draft or of its stream's name would not come
 * back from the store as it is: nothing is dropped, rounded or replaced on the way.
 */
export const storableText = (stream: StreamName, draft: Draft): string => {
  const found =
    inside('stream', streamFlaw(stream)) ?? provenanceFlaw(draft) ?? inside('events', eventsFlaw(draft.events))
  if (found) throw new InvalidDraft(stream, found.path.toReversed().map(escaped).join(''), found.reason)
  return eventsTextOf(draft.events)
}
