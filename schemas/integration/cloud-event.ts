import * as t from 'io-ts'
import { strict } from '../strict.ts'
import { DescribedType, Tenant } from '../text.ts'
import { Instant } from '../time.ts'

const Attribute = new DescribedType<string>(
  'Attribute',
  { type: 'string', minLength: 1 },
  (input) => (typeof input === 'string' && input !== '' ? input : undefined),
  'must be text that is not empty',
)

const StreamVersion = new DescribedType<number>(
  'StreamVersion',
  { type: 'integer', minimum: 1, maximum: 2_147_483_647 },
  (input) =>
    typeof input === 'number' && Number.isInteger(input) && input >= 1 && input <= 2_147_483_647 ? input : undefined,
  'must be a whole number from 1 to 2147483647',
)

/**
 * What Daybook tells other systems, as CloudEvents 1.0 has it (structured mode, JSON format). Extension attributes: `tenant`,
 * `correlationid`, and `streamversion`, the event's place in the stream that `source` and `subject` name (1, 2, 3, …; not all of
 * a stream's events are public). `dataschema` names the JSON Schema of `data`.
 */
export const CloudEvent = t.readonly(
  strict({
    specversion: t.literal('1.0'),
    id: Attribute,
    source: Attribute,
    type: Attribute,
    subject: Attribute,
    time: Instant,
    datacontenttype: t.literal('application/json'),
    dataschema: Attribute,
    tenant: Tenant,
    correlationid: Attribute,
    streamversion: StreamVersion,
    data: t.unknown,
  }),
)
export type CloudEvent = t.TypeOf<typeof CloudEvent>
