import type * as t from 'io-ts'
import { DescribedType } from './text.ts'

const isUrl = (input: unknown, protocols: ReadonlyArray<string>): input is string =>
  typeof input === 'string' && URL.canParse(input) && protocols.includes(new URL(input).protocol)

const url = (name: string, ...protocols: ReadonlyArray<string>): t.Type<string, string, unknown> =>
  new DescribedType(
    name,
    { type: 'string', format: 'uri' },
    (input) => (isUrl(input, protocols) ? input : undefined),
    `must be a URL with ${protocols.join(' or ')}`,
  )

export const HttpUrl = url('HttpUrl', 'http:', 'https:')
export const PostgresUrl = url('PostgresUrl', 'postgresql:', 'postgres:')
