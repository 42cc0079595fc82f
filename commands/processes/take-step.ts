import * as E from 'fp-ts/lib/Either.js'
import { jcs } from '../../infra/event-store/canonical.ts'
import { sha256 } from '../../infra/event-store/hash.ts'
import { type Commit, CorruptCommit, InvalidDraft, type Provenance } from '../../infra/event-store/port.ts'
import type { StepName } from '../../schemas/events/process-step.ts'
import { type CommandDependencies, executeCommand } from '../execute-command.ts'
import type { Settled, Step, StepKind } from './process.ts'
import { idOfStep, processSteps } from './process-steps.ts'

export type TakingDeps = CommandDependencies & { readonly newId: () => string }

/** Characters of a reason that an event holds (`Reason`). */
const REASON = 500

/** What a reason says, as an event can hold it: a fault may quote stored bytes. */
const recordable = (why: string): string =>
  why
    .replace(/\p{Cc}/gu, '\uFFFD')
    .slice(0, REASON)
    .toWellFormed()

const commandIdOf = ({ process, kind, subject }: StepName): string => `${process}/${kind}/${subject}`

/** In the name of the process, because of the commit that was the last to move what the step follows from. */
const provenanceOf = (name: StepName, cause?: Commit): Provenance => ({
  actor: { subject: `process:${name.process}`, roles: ['integration'] },
  correlationId: cause?.correlationId ?? commandIdOf(name),
  causationId: cause?.commitId ?? null,
})

/** Puts on record that the step was refused, once: whoever was faster said the same. */
const setAside = async (deps: TakingDeps, { tenant }: Step, step: StepName, by: Provenance, why: string) => {
  const command = { type: 'RefuseStep', step, reason: recordable(why) } as const
  const done = await executeCommand(deps)(processSteps, {
    ...by,
    stream: { tenant, type: processSteps.streamType, id: idOfStep(step) },
    command: async () => E.right(command),
    commandId: deps.newId(),
    fingerprint: sha256(jcs(command)),
    creates: false,
  })
  if (E.isRight(done) || done.left._tag === 'Rejected') return
  throw new Error(`a step was refused, and could not be set aside: ${done.left._tag}`)
}

/**
 * Takes one step, under a command id that follows from its name. One that is refused is set aside, and so is one whose stream cannot be
 * trusted, or whose events could not be stored. Rejects when an engine is away.
 */
export const takeStep = async (
  deps: TakingDeps,
  name: StepName,
  step: Step,
  take: StepKind['take'],
): Promise<Settled> => {
  let by = provenanceOf(name)
  const taken = async (): Promise<Settled> => {
    const [latest] = await deps.store.tail(step.cause, 1)
    by = provenanceOf(name, latest?.commit)
    return take(step, { ...by, commandId: commandIdOf(name), fingerprint: sha256(jcs(name)) })
  }
  const settled = await taken().catch((error: unknown): Settled => {
    if (error instanceof CorruptCommit || error instanceof InvalidDraft)
      return { _tag: 'Refused', reason: error.message }
    throw error
  })
  if (settled._tag === 'Refused') await setAside(deps, step, name, by, settled.reason)
  return settled
}
