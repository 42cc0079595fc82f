import * as t from 'io-ts'
import { Version } from './version.ts'

/** The answer to every write. */
export const Written = t.readonly(
  t.strict({ id: t.string, version: Version, commitId: t.string, consistencyToken: t.string }),
  'Written',
)
export type Written = t.TypeOf<typeof Written>
