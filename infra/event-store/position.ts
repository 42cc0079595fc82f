import type { Position, StreamName } from './port.ts'

/** What a stream's first commit names as its predecessor. */
export const NO_HASH = '0'.repeat(64)

/** Where ids begin: smaller than the ULID of any commit. */
export const NO_COMMIT_ID = '0'.repeat(26)

const made = new WeakSet<object>()

/** For stores alone: vouches that the stream ended with this commit when the store saw it. */
export const positionAt = (stream: StreamName, version: number, hash: string, commitId: string): Position => {
  const position = Object.freeze({ stream, version, hash, commitId }) as Position
  made.add(position)
  return position
}

export const emptyStream = (stream: StreamName): Position => positionAt(stream, 0, NO_HASH, NO_COMMIT_ID)

/** Refuses a position that no store made: appending behind a guessed version would leave a hole. */
export const assertMadeByStore = (position: Position): void => {
  if (!made.has(position)) throw new TypeError('a position comes from read(), append() or emptyStream(), never by hand')
}
