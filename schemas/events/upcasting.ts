import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { type PersonalData, type PersonalFields, personalDataIn } from '../personal.ts'
import type { EventType } from './event.ts'

/** The codec of any version of any event type. */
type AnyEventType = t.Mixed & {
  readonly eventType: string
  readonly schemaVersion: number
  readonly personal: PersonalFields | undefined
}

/** One step of a chain: an event in one schema version becomes the same event in the next one. */
export type Upcaster = {
  readonly from: AnyEventType
  readonly to: AnyEventType
  /** Decodes the event by `from` and answers it in the version of `to`, by which it is yet to be decoded. */
  readonly step: t.Validate<unknown, unknown>
}

/** The upcasters and events of a stream type do not fit together: thrown while modules load, so that no event is met by it. */
export class BrokenChain extends Error {
  override readonly name = 'BrokenChain'
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** @param upcast pure, and total over what `from` decodes: neither time nor look-ups, or a replay would tell another story. */
export const upcaster = <T extends string, V extends number, A, W extends number, B>(
  from: EventType<T, V, A>,
  to: EventType<T, W, B>,
  upcast: (data: A) => B,
): Upcaster => ({
  from,
  to,
  step: (input, context) =>
    pipe(
      from.validate(input, context),
      E.chain(({ type, data }) => {
        try {
          return t.success({ type, schemaVersion: to.schemaVersion, data: upcast(data) })
        } catch (error) {
          // One event that its upcaster did not foresee parks one stream; thrown, it would hold up a whole feed.
          return t.failure(input, context, `cannot be upcast from ${from.name} to ${to.name}: ${reasonOf(error)}`)
        }
      }),
    ),
})

/** The upcasters that lead from version 1 to `current`, in their order. Throws `BrokenChain` unless there is one for each step. */
const chainTo = (current: AnyEventType, upcasters: ReadonlyArray<Upcaster>): ReadonlyArray<Upcaster> => {
  const chain: Upcaster[] = []
  for (let reached = current; reached.schemaVersion !== 1; ) {
    const [step, ...others] = upcasters.filter(({ to }) => to === reached)
    if (step === undefined || others.length > 0 || step.from.schemaVersion !== reached.schemaVersion - 1) {
      throw new BrokenChain(`${reached.name} needs one upcaster from version ${reached.schemaVersion - 1}`)
    }
    chain.unshift(step)
    reached = step.from
  }
  return chain
}

type Chain = { readonly current: AnyEventType; readonly steps: ReadonlyArray<Upcaster> }

const chainsOf = (
  events: ReadonlyArray<AnyEventType>,
  upcasters: ReadonlyArray<Upcaster>,
): ReadonlyMap<string, Chain> => {
  const chains = events.map((current): Chain => ({ current, steps: chainTo(current, upcasters) }))
  const used = new Set(chains.flatMap(({ steps }) => steps))
  const stray = upcasters.find((one) => !used.has(one))
  if (stray !== undefined) throw new BrokenChain(`the upcaster from ${stray.from.name} leads to no event of today`)
  const byType = new Map(chains.map((chain) => [chain.current.eventType, chain]))
  if (byType.size < events.length) throw new BrokenChain('two events are of the same type')
  return byType
}

const Header = t.type({ type: t.string, schemaVersion: t.number })

const at = (context: t.Context, key: keyof t.TypeOf<typeof Header>): t.Context =>
  t.appendContext(context, key, Header.props[key])

/** Brings an event of an earlier version up to today's, or names what is wrong with it. */
const upcast = (
  name: string,
  chains: ReadonlyMap<string, Chain>,
  input: unknown,
  context: t.Context,
): t.Validation<unknown> => {
  const header = Header.validate(input, context)
  if (E.isLeft(header)) return header
  const { type, schemaVersion } = header.right
  const chain = chains.get(type)
  if (chain === undefined) return t.failure(type, at(context, 'type'), `${type} is no ${name}`)
  const { current, steps } = chain
  if (!Number.isInteger(schemaVersion) || schemaVersion < 1 || schemaVersion > current.schemaVersion) {
    const message = `${type} has schema versions 1 to ${current.schemaVersion}, not ${schemaVersion}`
    return t.failure(schemaVersion, at(context, 'schemaVersion'), message)
  }
  let reached: t.Validation<unknown> = t.success(input)
  for (const { step } of steps.slice(schemaVersion - 1)) {
    reached = E.chain((event: unknown) => step(event, context))(reached)
  }
  return E.chain((event: unknown) => current.validate(event, context))(reached)
}

const validating =
  (name: string, chains: ReadonlyMap<string, Chain>): t.Validate<unknown, unknown> =>
  (input, context) => {
    if (Header.is(input)) {
      // Nearly every event is of today's version: its codec looks at type and version itself.
      const current = chains.get(input.type)?.current
      if (current?.schemaVersion === input.schemaVersion) return current.validate(input, context)
    }
    return upcast(name, chains, input, context)
  }

/** The codec of a stream type's events: takes every schema version that ever was, and gives today's. */
export class UpcastingType<C extends AnyEventType> extends t.Type<t.TypeOf<C>, unknown, unknown> {
  /** Each event type in its version of today; those before it are 1, 2, 3, … without a gap. */
  readonly events: ReadonlyArray<C>
  readonly personal: PersonalData
  constructor(name: string, events: ReadonlyArray<C>, upcasters: ReadonlyArray<Upcaster>) {
    super(
      name,
      (input): input is t.TypeOf<C> => events.some((event) => event.is(input)),
      validating(name, chainsOf(events, upcasters)),
      t.identity,
    )
    this.events = events
    this.personal = personalDataIn([...events, ...upcasters.map(({ from }) => from)])
  }
}

/**
 * The codec of a stream type whose events are these, each in its version of today. An event that was stored in an earlier version
 * is decoded by that version's codec and goes through its upcasters, one a version, so whoever decodes sees today's events alone;
 * what is stored stays as it is. An event of an unknown type or version does not decode. Throws `BrokenChain` unless an event of
 * version N has the N - 1 upcasters that lead there.
 */
export const upcasting = <C extends AnyEventType>(
  name: string,
  events: ReadonlyArray<C>,
  upcasters: ReadonlyArray<Upcaster> = [],
): UpcastingType<C> => new UpcastingType(name, events, upcasters)
