/** A row of a table; the first cell says what it is about. */
export type Row = readonly [what: string, ...cells: ReadonlyArray<string | number>]

const line = (cells: ReadonlyArray<string | number>): string => `| ${cells.join(' | ')} |`

/** Figures to the right; what a thing is, and its source, to the left. */
export const table = (head: Row, rows: ReadonlyArray<Row>): string => {
  const rule = head.map((name, nth) => (nth === 0 || name === 'source' ? '---' : '---:'))
  return [head, rule, ...rows].map(line).join('\n')
}

export const number = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 })

export const dollars = (value: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
