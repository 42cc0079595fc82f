import type { Position, StreamName } from './port.ts'

/** What a stream's first commit names as its predecessor. */
export const NO_HASH = '0'.repeat(64)

const made = new WeakSet<object>()

/** For stores alone: vouches that the stream ended at this version when the store saw it. */
export const positionAt = (stream: StreamName, version: number, hash: string): Position => {
  const position = Object.freeze({ stream, version, hash }) as Position
  made.add(position)
  return position
}

export const emptyStream = (stream: StreamName): Position => positionAt(stream, 0, NO_HASH)

/** Refuses a position that no store made: appending behind a guessed version would leave a hole. */
export const assertMadeByStore = (position: Position): void => {
  if (!made.has(position)) throw new TypeError('a position comes from read(), append() or emptyStream(), never by hand')
}
