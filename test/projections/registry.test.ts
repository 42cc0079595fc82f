import { describe, expect, test } from 'vitest'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { postgresProjections, projectionsOf } from '../../projections/registry.ts'
import { productSearch } from '../../projections/views/product-search.ts'

const namesFor = (streamType: string) => projectionsOf(streamType).map(({ name }) => name)

describe('the registry', () => {
  test('names the projections that a stream type concerns', () => {
    expect(namesFor('credit-note')).toEqual(['sales', 'customer-value', 'product-movement', 'order-funnel'])
    expect(namesFor('stock')).toEqual(['stock', 'product-movement'])
    expect(namesFor('invoice')).toEqual(['order-funnel', 'invoicing'])
    expect(namesFor('process-step')).toEqual(['refused-steps'])
    expect(namesFor('reservation')).toEqual([])
  })

  test('reads only streams whose events there is a codec for', () => {
    const read = new Set([
      ...postgresProjections.flatMap(({ streamTypes }) => streamTypes),
      ...productSearch.streamTypes,
    ])
    expect(Object.keys(eventCodecs)).toEqual(expect.arrayContaining([...read]))
  })

  test('gives every projection and every table a name of its own, and every key its tenant first', () => {
    const tables = postgresProjections.flatMap((model) => model.tables)
    expect(new Set(postgresProjections.map(({ name }) => name)).size).toBe(postgresProjections.length)
    expect(new Set(tables.map(({ name }) => name)).size).toBe(tables.length)
    expect(new Set(tables.map(({ key }) => Object.keys(key)[0]))).toEqual(new Set(['tenant']))
  })
})
