import * as E from 'fp-ts/lib/Either.js'
import { AfterHours, MAX_AFTER_HOURS, MAX_TENANTS, Tenants } from '../../schemas/flags.ts'
import { DescribedType, matching } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'

/** A whole number; context that is given on a command line is text. */
export const Count = (minimum: number, maximum: number): DescribedType<number> =>
  new DescribedType(
    `Count${minimum}To${maximum}`,
    { type: 'integer', minimum, maximum },
    (input) => {
      const value = typeof input === 'string' && /^\d{1,9}$/.test(input) ? Number(input) : input
      return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum
        ? value
        : undefined
    },
    `must be a whole number from ${minimum} to ${maximum}`,
  )

const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [false, false],
  ['false', false],
])

export const Flag = new DescribedType<boolean>(
  'Flag',
  { type: 'boolean' },
  (input) => FLAGS.get(input),
  'must be true or false',
)

/** Hours, fractions allowed; context that is given on a command line is text. */
export const Hours = new DescribedType<number>(
  'Hours',
  AfterHours.jsonSchema,
  (input) => {
    const value = typeof input === 'string' && /^\d{1,4}(\.\d{1,6})?$/.test(input) ? Number(input) : input
    return AfterHours.is(value) ? value : undefined
  },
  `must be a number of hours from 0 to ${MAX_AFTER_HOURS}`,
)

/** An RFC 3339 time, or `never`. */
export const InstantOrNever = new DescribedType<string>(
  'InstantOrNever',
  { oneOf: [Instant.jsonSchema, { const: 'never' }] },
  (input) => {
    if (input === 'never') return input
    const time = Instant.decode(input)
    return E.isRight(time) ? time.right : undefined
  },
  'must be never, or an RFC 3339 time like 2026-03-01T00:00:00Z',
)

/** `all`, or tenants' names with commas between them. */
export const TenantsOrAll = new DescribedType<string>(
  'TenantsOrAll',
  { type: 'string' },
  (input) => (typeof input === 'string' && (input === 'all' || Tenants.is(input.split(','))) ? input : undefined),
  `must be all, or 1 to ${MAX_TENANTS} tenants with commas between them`,
)

export const Email = matching('Email', /^[^@\s]{1,64}@[^@\s]{1,255}$/, 'must be an e-mail address')

export const Repository = matching(
  'Repository',
  /^[\w.-]{1,39}\/[\w.-]{1,100}$/,
  'must be owner/name of a GitHub repository',
)

export const Release = matching('Release', /^[\w.-]{1,64}$/, 'must be a tag or a commit')

/** An instance type of OpenSearch Service. */
export const SearchInstance = matching(
  'SearchInstance',
  /^[a-z0-9]+\.[a-z0-9]+\.search$/,
  'must be an instance type such as r7g.large.search',
)

export const BucketArn = matching(
  'BucketArn',
  /^(?:none|arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63})$/,
  'must be the ARN of a bucket, or none',
)

export const KeyArn = matching(
  'KeyArn',
  /^(?:none|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+)$/,
  'must be the ARN of a KMS key, or none',
)
