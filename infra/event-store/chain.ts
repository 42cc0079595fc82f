import { type Commit, lastVersion } from './port.ts'
import { NO_HASH } from './position.ts'

/** Where somebody who follows a stream has come to. */
export type StreamEnd = { readonly version: number; readonly hash: string }

type Linked = Pick<Commit, 'version' | 'previousHash' | 'hash'> & { readonly events: ReadonlyArray<unknown> }

export const BEGINNING: StreamEnd = { version: 0, hash: NO_HASH }

export const endBehind = ({ version, events, hash }: Pick<Linked, 'version' | 'events' | 'hash'>): StreamEnd => ({
  version: lastVersion({ version, events }),
  hash,
})

/** How a commit does not stand behind `end`: versions are left out (or come again), or it names another commit's hash. */
export type ChainFault = 'gap' | 'chain'

export const chainFault = (
  end: StreamEnd,
  { version, previousHash }: Pick<Linked, 'version' | 'previousHash'>,
): ChainFault | null => {
  if (version !== end.version + 1) return 'gap'
  return previousHash === end.hash ? null : 'chain'
}

/** Follows many streams at once, each from its beginning or from wherever it is first met. Holds some 200 bytes a stream. */
export const hashChains = () => {
  const ends = new Map<string, StreamEnd>()
  return {
    /** @param key names the stream. Answers the fault, and where the stream had been followed to. */
    follow: (key: string, commit: Linked): { readonly fault: ChainFault | null; readonly end: StreamEnd } => {
      const end = ends.get(key) ?? BEGINNING
      ends.set(key, endBehind(commit))
      return { fault: chainFault(end, commit), end }
    },
    streams: (): number => ends.size,
  }
}
