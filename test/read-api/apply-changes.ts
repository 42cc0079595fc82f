import type { ValueChange } from '../../read-api/changes.ts'

const keyOf = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~')

const changed = (value: unknown, [step, ...steps]: ReadonlyArray<string>, change: ValueChange): unknown => {
  if (step === undefined) return change.to
  const key = keyOf(step)
  if (typeof value !== 'object' || value === null) throw new Error(`${change.pointer} leads nowhere`)
  const members = new Map<string, unknown>(Object.entries(value))
  if (steps.length === 0 && !('to' in change)) members.delete(key)
  else members.set(key, changed(members.get(key), steps, change))
  return Array.isArray(value) ? [...members.values()] : Object.fromEntries(members)
}

/** The value that these changes make of another, one after the other, as anybody would apply them who knows RFC 6901. */
export const applyChanges = (value: unknown, changes: ReadonlyArray<ValueChange>): unknown =>
  changes.reduce((reached: unknown, change) => changed(reached, change.pointer.split('/').slice(1), change), value)
