/**
 * What becomes of one call to an engine. `half`: a request of several parts is answered with a part refused for now. `late` and
 * `crash in flight`: the caller gets no answer or is no more, and the engine does all the same what it was asked, some time later.
 */
export const FATES = [
  'well',
  'refused',
  'unanswered',
  'half',
  'late',
  'crash before',
  'crash in flight',
  'crash after',
] as const
export type Fate = (typeof FATES)[number]

/** The engine did not answer. Whether it did what it was asked, the caller cannot know. */
export class EngineAway extends Error {
  override readonly name = 'EngineAway'
}

/** One await of a process: its turn comes when the scheduler says so, and its end is what fate says. */
export type Step = <A>(label: string, effect: () => Promise<A>, half?: () => Promise<A>) => Promise<A>

export type SimulatedProcess = {
  readonly step: Step
  readonly alive: () => boolean
  /** Ends it at the await where it stands, for good. */
  readonly kill: () => void
}

/** Where processes get their turns and fates from. */
export type Chance = {
  /** Resolves when it is this one's turn. */
  readonly turn: (label: string) => Promise<void>
  readonly fate: (label: string) => Fate
  /** Does what nobody waits for any more, some time. */
  readonly landLater: (label: string, effect: () => Promise<unknown>) => void
}

const abandoned = (): Promise<never> => new Promise(() => {})

/** A process of which any await may be the last: then nothing of it ever goes on, and `onCrash` is called. */
export const simulatedProcess = (
  name: string,
  { turn, fate, landLater }: Chance,
  onCrash: () => void,
): SimulatedProcess => {
  let alive = true
  const crash = (): Promise<never> => {
    alive = false
    onCrash()
    return abandoned()
  }
  const away = (): never => {
    throw new EngineAway('the engine is away')
  }
  const step: Step = async (label, effect, half) => {
    if (!alive) return abandoned()
    await turn(`${name}: ${label}`)
    if (!alive) return abandoned()
    switch (fate(`${name}: ${label}`)) {
      case 'refused':
        return away()
      case 'half':
        return half === undefined ? away() : half()
      case 'late':
        landLater(`${name}: ${label} lands`, effect)
        return away()
      case 'crash before':
        return crash()
      case 'crash in flight':
        landLater(`${name}: ${label} lands`, effect)
        return crash()
      case 'well': {
        const answer = await effect()
        return alive ? answer : abandoned()
      }
      case 'unanswered':
        await effect()
        return away()
      case 'crash after':
        await effect()
        return crash()
    }
  }
  return {
    step,
    alive: () => alive,
    kill: () => {
      alive = false
    },
  }
}
