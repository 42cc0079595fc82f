import * as E from 'fp-ts/lib/Either.js'
import { commitOfImage, isOffloaded } from '../../infra/event-store/item.ts'
import { schemas } from '../../infra/http/json-schema.ts'
import { cloudEventsOf } from '../../infra/relay/cloud-events.ts'
import { publishing } from '../../infra/relay/registry.ts'
import { type DaybookEvent, eventCodecs, personalData } from '../../projections/event-codecs.ts'
import type { CloudEvent } from '../../schemas/integration/cloud-event.ts'
import { storedEventFiles, storedImage } from '../stored-events/files.ts'

const deps = { codecs: eventCodecs, publishing, personal: personalData, stage: 'production' }

const relayed = (fileName: string): ReadonlyArray<CloudEvent> => {
  const commit = commitOfImage(storedImage(fileName))
  if (E.isLeft(commit)) throw commit.left
  if (isOffloaded(commit.right)) throw new Error(`${fileName} is stored without its events`)
  const events = cloudEventsOf<DaybookEvent>(deps)(commit.right)
  if (E.isLeft(events)) throw new Error(events.left.reason)
  return events.right
}

/** What the relay makes of the events that are kept for ever: of each public type one. */
export const examples = (): ReadonlyMap<string, CloudEvent> =>
  new Map(
    storedEventFiles()
      .toSorted()
      .flatMap(relayed)
      .map((event) => [event.type, event]),
  )

/** By type, the JSON Schema (2020-12) of the data; `$id` is the event's `dataschema`. */
export const dataSchemas = (): { readonly [type: string]: unknown } => {
  const published = Object.values(publishing).flatMap((one) => (one === 'internal' ? [] : [one]))
  return Object.fromEntries(
    published.map(({ type, dataschema, data }) => {
      const { describe, components } = schemas()
      const schema = describe(data)
      return [
        type,
        {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          $id: dataschema,
          ...schema,
          components: { schemas: components() },
        },
      ]
    }),
  )
}
