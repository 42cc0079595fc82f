import type { Position } from '../infra/event-store/port.ts'
import type { CommandLog } from './command-log.ts'

/** A stream folded up to a position. */
export type Loaded<State> = {
  readonly state: State
  readonly position: Position
  /** The commands of all commits up to the position, and perhaps of some behind it. */
  readonly commands: CommandLog
  /** Whether this was the end of the stream when the store was last asked; otherwise there may be more behind it. */
  readonly complete: boolean
  /** Version of the newest snapshot that is known to be kept; 0 for none. */
  readonly snapshot: number
}
