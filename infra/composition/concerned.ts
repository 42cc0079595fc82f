import { postgresProjections } from '../../projections/registry.ts'
import { productSearch } from '../../projections/views/product-search.ts'
import { ARCHIVE } from '../archive/archiver.ts'
import type { Concerned } from '../views/park-given-up.ts'

/** What each function that follows the events fills. The relay fills nothing: there is nowhere to set aside what it gave up. */
export const CONCERNED: { readonly [functionName: string]: ReadonlyArray<Concerned> } = {
  'project-views': postgresProjections.map(({ name, streamTypes }) => ({ name, streamTypes, tellsProgress: true })),
  'project-search': [{ name: productSearch.name, streamTypes: productSearch.streamTypes, tellsProgress: false }],
  archive: [{ name: ARCHIVE, tellsProgress: false }],
}
