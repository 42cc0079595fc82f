import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { readSettings, type Settings, writeSettings } from '../../../infra/local/settings.ts'

const settings: Settings = {
  dataDir: '/data',
  port: 4000,
  dynamodbEndpoint: 'http://127.0.0.1:8001',
  kinesisEndpoint: 'http://127.0.0.1:8002',
  postgresUrl: 'postgresql://daybook:secret@127.0.0.1:8003/postgres',
  opensearchUrl: 'http://127.0.0.1:9201',
  publicUrl: 'http://127.0.0.1:4000',
}

test('settings that were written to the environment are read back', () => {
  expect(readSettings(writeSettings(settings))).toEqual(E.right(settings))
})

test('without an OpenSearch the search is in Postgres', () => {
  expect(readSettings(writeSettings({ ...settings, opensearchUrl: undefined }))).toEqual(
    E.right({ ...settings, opensearchUrl: undefined }),
  )
})

test('every setting that is missing is named', () => {
  const read = readSettings({})
  const pointers = E.isLeft(read) ? read.left.map(({ pointer, message }) => `${pointer} ${message}`) : []
  expect(pointers.sort()).toEqual([
    '/DAYBOOK_DATA_DIR is required',
    '/DAYBOOK_DYNAMODB_ENDPOINT is required',
    '/DAYBOOK_KINESIS_ENDPOINT is required',
    '/DAYBOOK_PORT is required',
    '/DAYBOOK_POSTGRES_URL is required',
    '/DAYBOOK_PUBLIC_URL is required',
  ])
})

test.each([
  { DAYBOOK_PORT: '0' },
  { DAYBOOK_PORT: '65536' },
  { DAYBOOK_PORT: '4000x' },
  { DAYBOOK_POSTGRES_URL: 'http://127.0.0.1/postgres' },
  { DAYBOOK_DYNAMODB_ENDPOINT: '127.0.0.1:8000' },
  { DAYBOOK_OPENSEARCH_URL: 'localhost' },
  { DAYBOOK_DATA_DIR: '' },
])('%o is refused by its name', (wrong) => {
  const read = readSettings({ ...writeSettings(settings), ...wrong })
  expect(E.isLeft(read) && read.left.map(({ pointer }) => pointer)).toEqual([`/${Object.keys(wrong)[0]}`])
})
