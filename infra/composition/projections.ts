import { postgresProjections } from '../../projections/registry.ts'
import { productSearch } from '../../projections/views/product-search.ts'

export type AnyProjection = {
  readonly name: string
  readonly version: number
  readonly streamTypes: ReadonlyArray<string>
}

/** All projections, wherever their views are. */
export const PROJECTIONS: ReadonlyArray<AnyProjection> = [...postgresProjections, productSearch]

export const PROJECTION_NAMES: ReadonlyArray<string> = PROJECTIONS.map(({ name }) => name)
