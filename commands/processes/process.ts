import type { Provenance, StreamName } from '../../infra/event-store/port.ts'

/** Something that a process has to do by now. */
export type Step = {
  readonly tenant: string
  /** What it is about: an order's id, say. A process takes a step of one kind about one subject once. */
  readonly subject: string
  /** Since when it is due. RFC 3339 UTC. */
  readonly dueAt: string
  /** The stream that it follows from. */
  readonly cause: StreamName
}

/**
 * How a step ended. `moot`: there was nothing left to do, since what it follows from is behind the events, or somebody was faster.
 * `later`: others were in the way; it stays due. `refused`: the domain will not have it, now or later, and this is why.
 */
export type Settled =
  | { readonly _tag: 'Done' | 'Moot' | 'Later' }
  | { readonly _tag: 'Refused'; readonly reason: string }

/** What a step's command is executed under: taken twice, a step is applied once. */
export type StepRequest = Provenance & { readonly commandId: string; readonly fingerprint: string }

export type StepKind = {
  /** Of all tenants the steps that are due at `now` and not set aside, the longest due first, at most `limit` of those behind `after`. */
  readonly due: (now: Date, after: Step | null, limit: number) => Promise<ReadonlyArray<Step>>
  /** Takes the step by a command. Rejects when an engine is away, and with `CorruptCommit`. */
  readonly take: (step: Step, request: StepRequest) => Promise<Settled>
}

/**
 * A process manager as data: what is to be done is a question to a view, which every event of every stream changes in its own time; so
 * neither order nor repetition among streams matters, a timeout is a time in the question, a compensation a kind of step, and a view
 * that is rebuilt fires nothing again.
 */
export type Process = { readonly name: string; readonly kinds: { readonly [kind: string]: StepKind } }
