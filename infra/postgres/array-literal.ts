type Element = string | number | boolean | null

const elementOf = (value: Element): string => {
  if (value === null) return 'NULL'
  if (typeof value !== 'string') return String(value)
  return /["\\]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`
}

/** A one-dimensional array in PostgreSQL's text form (manual, section 8.15.2), for a parameter of any array type. */
export const arrayLiteral = (values: ReadonlyArray<Element>): string => `{${values.map(elementOf).join()}}`
