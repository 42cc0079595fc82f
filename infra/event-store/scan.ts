import { type DynamoDBClient, ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import type { ObjectStorage } from '../objects/port.ts'
import { faultIn } from './dynamo-fault.ts'
import { commitOfImage, type Image, isOffloaded } from './item.ts'
import { partitionKeyOf, streamOfPartitionKey } from './keys.ts'
import { largeCommits } from './large-commits.ts'
import { type Page, pageAsSent, pagesAsSent } from './page-as-sent.ts'
import { type Commit, type CorruptCommit, EventStoreFault, type StreamName } from './port.ts'

/** A part of the table: all of a stream's commits lie in one segment, one after the other and in order. */
export type Segment = { readonly segment: number; readonly of: number }

/** Where a scan of a segment stopped: the key of a commit that it has read. */
export type ScanPosition = { readonly stream: StreamName; readonly version: number }

export type Scanned = ScanPosition & { readonly commit: E.Either<CorruptCommit, Commit> }

/** A page, or a part of one: what the whole took is told with its last part. */
export type ScanPage = {
  readonly commits: ReadonlyArray<Scanned>
  /** Items that were read to find them, those of other streams included. */
  readonly read: number
  /** Read units that DynamoDB counted. */
  readonly units: number
}

export type ScanRange = Segment & {
  /** Only streams of these types; default all. */
  readonly streamTypes?: ReadonlyArray<string>
  /** Only this tenant's; default all. */
  readonly tenant?: string
  /** Go on behind this commit. */
  readonly after?: ScanPosition
  /** Items a page, at most; default 1,000. No more than fit 1 MB, in any case. */
  readonly limit?: number
}

/** The whole book, in no order between streams. Pages reject with `EventStoreFault` when the engine is away. */
export type CommitScan = (range: ScanRange) => AsyncIterable<ScanPage>

type ScanOptions = {
  readonly client: DynamoDBClient
  readonly table: string
  /** As the writers have it: where the events of large commits are. */
  readonly objects?: ObjectStorage
}

/** Dynoxide reads all the rest of the table for a page without a limit. Of items of 1 KB no more fit a page anyway. */
const PAGE = 1_000

/** Commits that are decoded at once: those of a whole page would outlive the young generation, and be copied by the collector. */
const AT_ONCE = 250

/** None of a key's parts can hold a '#', so these find nothing else. Filtered at the engine: what is left out is not sent. */
const filterOf = ({
  streamTypes,
  tenant,
}: ScanRange): Pick<ScanCommandInput, 'FilterExpression' | 'ExpressionAttributeValues'> => {
  const ofTenant = tenant === undefined ? [] : ['begins_with(pk, :tenant)']
  const ofTypes = streamTypes?.map((_, nth) => `contains(pk, :type${nth})`).join(' OR ')
  const conditions = ofTypes === undefined ? ofTenant : [...ofTenant, `(${ofTypes})`]
  if (conditions.length === 0) return {}
  return {
    FilterExpression: conditions.join(' AND '),
    ExpressionAttributeValues: {
      ...(tenant === undefined ? {} : { ':tenant': { S: `${tenant}#` } }),
      ...Object.fromEntries((streamTypes ?? []).map((type, nth) => [`:type${nth}`, { S: `#${type}#` }])),
    },
  }
}

const keyOf = ({ stream, version }: ScanPosition) => ({ pk: { S: partitionKeyOf(stream) }, sk: { N: String(version) } })

const positionOf = (image: Image): ScanPosition => {
  const stream = streamOfPartitionKey(image['pk']?.S ?? '')
  const version = Number(image['sk']?.N)
  if (stream === undefined || !Number.isSafeInteger(version)) {
    throw new EventStoreFault(
      `the event table holds an item that is no commit: ${JSON.stringify(image['pk'])}`,
      'refused',
    )
  }
  return { stream, version }
}

/**
 * Reads the event table by parallel Scan, consistently: what was stored before the scan began is found. It costs a read unit per 4 KB,
 * other streams' items included.
 */
export const dynamoScan = ({ client, table, objects }: ScanOptions): CommitScan => {
  const { fetched } = largeCommits(objects)
  const scanned = (image: Image): Scanned | Promise<Scanned> => {
    const found = commitOfImage(image)
    if (E.isLeft(found)) return { ...positionOf(image), commit: found }
    const { right } = found
    if (!isOffloaded(right)) return { stream: right.stream, version: right.version, commit: E.right(right) }
    const { stream, version } = right.header
    return fetched(right).then((commit) => ({ stream, version, commit }))
  }
  return async function* (range) {
    const input: ScanCommandInput = {
      TableName: table,
      ConsistentRead: true,
      ReturnConsumedCapacity: 'TOTAL',
      Segment: range.segment,
      TotalSegments: range.of,
      Limit: range.limit ?? PAGE,
      ...filterOf(range),
    }
    const ask = (start: ScanCommandInput['ExclusiveStartKey']): Promise<() => Page> =>
      pageAsSent(new ScanCommand({ ...input, ExclusiveStartKey: start }), (command) => client.send(command))
    const fault = (error: unknown): Error => faultIn('scanning the event table', error)
    for await (const page of pagesAsSent(ask, fault, range.after && keyOf(range.after))) {
      const { Items: items = [], ScannedCount: read = 0, ConsumedCapacity } = page
      const units = ConsumedCapacity?.CapacityUnits ?? 0
      for (let at = 0; at === 0 || at < items.length; at += AT_ONCE) {
        const commits = await Promise.all(items.slice(at, at + AT_ONCE).map(scanned))
        yield at + AT_ONCE < items.length ? { commits, read: 0, units: 0 } : { commits, read, units }
      }
    }
  }
}
