import { endQuietlyWhenNobodyReads } from './output.ts'
import { run } from './program.ts'

endQuietlyWhenNobodyReads(process.stdout, process.stderr)
process.exitCode = await run(process.argv.slice(2))
