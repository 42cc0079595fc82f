import { rejected } from './rejections.ts'
import { runOperationOf, writeOperationOf } from './write.ts'

/** A write of Daybook: whatever its domain or the making of its command refuses, the one table answers. */
export const writeOperation = writeOperationOf(rejected)
export const runOperation = runOperationOf(rejected)
