import type { IRole } from 'aws-cdk-lib/aws-iam'
import { type Capability, knowing } from '../capability.ts'
import type { ExternalEngines } from '../config.ts'

export type Postgres = {
  readonly reading: () => Capability<'DAYBOOK_READER_URL'>
  readonly projecting: () => Capability<'DAYBOOK_PROJECTOR_URL'>
  readonly owning: () => Capability<'DAYBOOK_OWNER_URL'>
}

export type SearchVariable = 'DAYBOOK_OPENSEARCH_URL' | 'DAYBOOK_OPENSEARCH_AUTH'

export type Search = {
  readonly reading: () => Capability<SearchVariable>
  /** Documents, and the indexes that they are in. */
  readonly writing: () => Capability<SearchVariable>
  /** Who may say which role may do what in the search engine, if it asks. */
  readonly admin?: IRole
}

export type Engines = { readonly postgres: Postgres; readonly search: Search }

/** Engines that are there already, and let everybody in who knows where they are. */
export const givenEngines = (engines: ExternalEngines): Engines => {
  const { DAYBOOK_READER_URL, DAYBOOK_PROJECTOR_URL, DAYBOOK_OWNER_URL, DAYBOOK_OPENSEARCH_URL } = engines
  const search = () => knowing({ DAYBOOK_OPENSEARCH_URL, DAYBOOK_OPENSEARCH_AUTH: 'none' })
  return {
    postgres: {
      reading: () => knowing({ DAYBOOK_READER_URL }),
      projecting: () => knowing({ DAYBOOK_PROJECTOR_URL }),
      owning: () => knowing({ DAYBOOK_OWNER_URL }),
    },
    search: { reading: search, writing: search },
  }
}
