import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { IntegerColumn, jsonColumn, NumericColumn, rowsOf, select } from '../../read-api/rows.ts'
import { nullable } from '../../schemas/nullable.ts'
import { strict } from '../../schemas/strict.ts'
import { ClientId } from '../../schemas/text.ts'

const Row = strict({ id: ClientId, total: NumericColumn, count: IntegerColumn, customer: nullable(ClientId) })
const row = { id: 'O 1', total: '1.10', count: 3, customer: null }

describe('a row', () => {
  test('decodes column by column, and loses what the query selected beside them', () => {
    expect(
      rowsOf(Row, [
        { ...row, more: 1 },
        { ...row, customer: 'C 1' },
      ]),
    ).toEqual([
      { id: 'O 1', total: '1.1', count: 3, customer: null },
      { id: 'O 1', total: '1.1', count: 3, customer: 'C 1' },
    ])
  })

  test('that does not fit says every column that is at fault', () => {
    expect(() => rowsOf(Row, [row, { ...row, id: ' no', customer: ' no', count: '9007199254740993' }])).toThrow(
      /does not decode: \/id must be .*, \/count must be IntegerColumn, \/customer must be /,
    )
    expect(() => rowsOf(Row, [undefined])).toThrow('does not decode')
  })
})

test('a column of JSON text is what it holds, and nothing else decodes', () => {
  const Tagged = strict({ tags: jsonColumn(t.readonlyArray(ClientId)) })
  expect(rowsOf(Tagged, [{ tags: '["a","b"]' }, { tags: '[]' }])).toEqual([{ tags: ['a', 'b'] }, { tags: [] }])
  for (const tags of ['["a"', '', '{}', '[" a"]', null, ['a'], undefined]) {
    expect(() => rowsOf(Tagged, [{ tags }])).toThrow(/does not decode: \/tags/)
  }
})

test('a statement has one name for its text, and another for another text', async () => {
  const asked: Array<{ readonly name: string; readonly text: string }> = []
  const reads = {
    query: async (statement: (typeof asked)[number]) => {
      asked.push(statement)
      return { rows: [row] }
    },
  }
  for (const sql of ['SELECT 1', 'SELECT 2', 'SELECT 1']) {
    expect(await select(reads, Row, sql, [])).toEqual([{ ...row, total: '1.1' }])
  }
  expect(asked.map(({ text }) => text)).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 1'])
  expect(asked[0]?.name).toBe(asked[2]?.name)
  expect(asked[0]?.name).not.toBe(asked[1]?.name)
  expect(asked[0]?.name.length).toBeLessThanOrEqual(63)
})
