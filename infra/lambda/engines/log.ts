import { jsonLogger, type Logger } from '../../log/logger.ts'
import type { FunctionName } from '../functions.ts'

/** Lambda takes what stands on stdout into the function's log, line by line. */
export const loggerOf = (name: FunctionName): Logger =>
  jsonLogger(
    name,
    (line) => process.stdout.write(line),
    () => new Date(),
  )
