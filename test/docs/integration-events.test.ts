import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { dataSchemas, examples } from './integration-examples.ts'

const fileIn = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

const documented = [...fileIn('integration-events.md').matchAll(/^### (\S+)\n[^#]*?```json\n([^`]*)```/gm)].map(
  ([, type, json = '']): readonly [string | undefined, unknown] => [type, JSON.parse(json)],
)

test('every public event is documented, by what the relay makes of one that was stored, and nothing else is', () => {
  expect(Object.keys(dataSchemas()).toSorted()).toEqual([...examples().keys()].toSorted())
  expect(documented.map(([type]) => type)).toEqual(Object.keys(dataSchemas()))
  for (const [type = '', example] of documented) expect(example).toEqual(examples().get(type))
})

test('the JSON Schemas that are handed out are those of the codecs', () => {
  expect(JSON.parse(fileIn('integration-events.schemas.json'))).toEqual(dataSchemas())
})

test('each example is what its schema says', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  for (const [type, schema] of Object.entries(dataSchemas())) {
    if (typeof schema !== 'object' || schema === null) throw new Error(`no schema of ${type}`)
    expect([type, ajv.validate(schema, examples().get(type)?.data)]).toEqual([type, true])
  }
})
