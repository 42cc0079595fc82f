import { existsSync, writeFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { commandRequest } from '../../commands/command-request.ts'
import { executeCommand } from '../../commands/execute-command.ts'
import { idOfStep, processSteps } from '../../commands/processes/process-steps.ts'
import { eventsTextOf } from '../../infra/event-store/hash.ts'
import { itemOf } from '../../infra/event-store/item.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { commandApi } from '../commands/api.ts'
import { fileNameOf, pathOf } from './files.ts'
import { PROCESS, requests, STEP, stepCommands } from './requests.ts'

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
for (const command of stepCommands) {
  const about = { tenant: 'acme', id: idOfStep(STEP), command, commandId: command.type, actor: PROCESS }
  const done = await executeCommand({ store, backOff: async () => {} })(
    processSteps,
    commandRequest(processSteps, about),
  )
  if (E.isLeft(done)) throw new Error(`${command.type} was answered ${done.left._tag}`)
}
for (const commit of store.commits()) {
  for (const { type, schemaVersion } of commit.events) {
    const file = fileNameOf(type, schemaVersion)
    if (existsSync(pathOf(file))) continue
    writeFileSync(pathOf(file), textOf(commit))
    process.stdout.write(`recorded ${file}\n`)
  }
}
