import { Command } from 'commander'
import { startVitest } from 'vitest/node'
import { writeReplay } from './replay.ts'

// Runs the simulation alone, without the engines that other tests need.
const options = new Command('simulate')
  .description('Simulates writers, feeds and projectors under faults (test/simulation).')
  .option('--seed <integer>', 'what a failure named; without it, a new one')
  .option('--path <path>', 'the one run that a failure named')
  .option('--runs <integer>', 'how many')
  .parse()
  .opts<{ readonly seed?: string; readonly path?: string; readonly runs?: string }>()

for (const [variable, value] of Object.entries(writeReplay(options))) {
  if (value !== undefined) process.env[variable] = value
}
await startVitest('test', ['test/simulation/simulation.test.ts'], { config: false, watch: false })
