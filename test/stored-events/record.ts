import { existsSync, writeFileSync } from 'node:fs'
import { eventsTextOf } from '../../infra/event-store/hash.ts'
import { itemOf } from '../../infra/event-store/item.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { commandApi } from '../commands/api.ts'
import { fileNameOf, pathOf } from './files.ts'
import { requests } from './requests.ts'

/** The stored item as JSON; binary as base64. */
const textOf = (commit: Commit): string => {
  const image = Object.entries(itemOf({ commit, eventsText: eventsTextOf(commit.events) })).map(([name, attribute]) => [
    name,
    'B' in attribute ? { B: Buffer.from(attribute.B).toString('base64') } : attribute,
  ])
  return `${JSON.stringify(Object.fromEntries(image), null, 2)}\n`
}

// Writes the bytes that today's build stores, for every type and version of event that has no file yet. A file that is there is
// never written again: it is what a past build stored.
const { post, store } = commandApi()
for (const { path, body } of requests) {
  const answer = await post(path, body)
  if (answer.status >= 300) throw new Error(`${path} was answered ${answer.status} ${answer.body.code}`)
}
for (const commit of store.commits()) {
  for (const { type, schemaVersion } of commit.events) {
    const file = fileNameOf(type, schemaVersion)
    if (existsSync(pathOf(file))) continue
    writeFileSync(pathOf(file), textOf(commit))
    process.stdout.write(`recorded ${file}\n`)
  }
}
