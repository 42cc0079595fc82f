import { sizesOf } from '../../../infra/aws/capacity/sizes.ts'
import { SETTINGS_OF_STAGES } from '../../../infra/aws/stages.ts'

/** What every stage is told from outside. */
export const TOLD = { 'daybook:repository': 'acme/daybook', 'daybook:alertEmail': 'operations@acme.example' }

export const ENGINES = {
  DAYBOOK_READER_URL: 'postgresql://reader@127.0.0.1:5432/daybook',
  DAYBOOK_PROJECTOR_URL: 'postgresql://projector@127.0.0.1:5432/daybook',
  DAYBOOK_OWNER_URL: 'postgresql://owner@127.0.0.1:5432/daybook',
  DAYBOOK_OPENSEARCH_URL: 'http://127.0.0.1:9200',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
}

/** What follows from production's load. */
export const PRODUCTION = sizesOf(SETTINGS_OF_STAGES.production)
