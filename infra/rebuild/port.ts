import type { StreamName } from '../event-store/port.ts'

/** A stream has grown at least to version `through`. */
export type Ring = { readonly stream: StreamName; readonly through: number }

/** What projectors owe to rebuilds that are under way (docs/decisions/0019). Rejects when the engine is away. */
export type Rebuilds = {
  /** Names of the projections that are being rebuilt. To be asked anew for every batch, after the batch was received. */
  readonly underWay: () => Promise<ReadonlySet<string>>
  /** Notes for the rebuild what a feed told of; to be awaited before the serving view is changed. */
  readonly ring: (projection: string, rings: ReadonlyArray<Ring>) => Promise<void>
}

/** Where nothing is ever rebuilt. */
export const noRebuilds: Rebuilds = { underWay: async () => new Set(), ring: async () => {} }
