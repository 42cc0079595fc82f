import * as t from 'io-ts'
import { SequenceNumber } from './sequence-number.ts'
import { Version } from './version.ts'

const written = { id: t.string, version: Version, commitId: t.string, consistencyToken: t.string }

/** The answer to every write. */
export const Written = t.readonly(t.strict(written), 'Written')
export type Written = t.TypeOf<typeof Written>

/** The answer to a write that took a number. */
export const NumberedWritten = t.readonly(t.strict({ ...written, number: SequenceNumber }), 'NumberedWritten')
