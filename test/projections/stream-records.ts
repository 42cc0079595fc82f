import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { eventsTextOf } from '../../infra/event-store/hash.ts'
import { type Attribute, itemOf } from '../../infra/event-store/item.ts'
import type { Commit } from '../../infra/event-store/port.ts'

type LambdaAttribute = { readonly S: string } | { readonly N: string } | { readonly B: string }

/** Lambda hands binary attributes over as base64. */
const asInLambda = (attribute: Attribute): LambdaAttribute => {
  if (attribute.S !== undefined) return { S: attribute.S }
  if (attribute.N !== undefined) return { N: attribute.N }
  return { B: Buffer.from(attribute.B ?? '').toString('base64') }
}

/** The record that the event table's stream carries for a commit. */
export const recordOf = (commit: Commit, sequenceNumber: number | string = commit.version): DynamoDBRecord => {
  const image = Object.entries(itemOf({ commit, eventsText: eventsTextOf(commit.events) })).map(
    ([name, attribute]) => [name, asInLambda(attribute)] as const,
  )
  return {
    eventID: `event-${sequenceNumber}`,
    eventName: 'INSERT',
    dynamodb: {
      Keys: Object.fromEntries(image.filter(([name]) => name === 'pk' || name === 'sk')),
      NewImage: Object.fromEntries(image),
      SequenceNumber: String(sequenceNumber),
    },
  }
}

export const eventOf = (commits: ReadonlyArray<Commit>): DynamoDBStreamEvent => ({
  Records: commits.map((commit, index) => recordOf(commit, index + 1)),
})
